"""The handlers of carts, performed in this process on orders' database as the entrypoints have them performed."""

import asyncio
from collections.abc import Mapping
from uuid import UUID

from shared.ids import new_id
from shared.money import Money
from subgraphs.orders.bootstrap import cart_unit_of_work
from subgraphs.orders.commands import add_cart_lines as adding
from subgraphs.orders.commands import create_cart as creating
from subgraphs.orders.commands import expire_carts as expiring
from subgraphs.orders.commands import follow_product as product
from subgraphs.orders.domain.cart import Cart
from subgraphs.orders.domain.cart_changes import WantedUnits
from subgraphs.orders.domain.cart_ports import CartWork
from subgraphs.orders.domain.catalogue import KnownVariant
from subgraphs.orders.entrypoints.cart_workers import CartExpiry

WORK = cart_unit_of_work()


async def create_cart(owner_id: UUID | None = None) -> UUID:
    """The id of an empty cart."""
    return (await WORK.perform_alone(creating.create_cart, creating.CreateCart(owner_id))).id


async def add_to_cart(cart_id: UUID, variant_id: UUID, quantity: int = 1, user_id: UUID | None = None) -> Cart:
    """The cart with so many units more."""
    wanted = [WantedUnits(variant_id, quantity)]
    return await WORK.perform(adding.add_cart_lines, adding.AddCartLines(cart_id, user_id, wanted))


async def filled_cart(variant_id: UUID, owner_id: UUID | None = None) -> UUID:
    """The id of a cart with one unit in it."""
    cart_id = await create_cart(owner_id)
    await add_to_cart(cart_id, variant_id, user_id=owner_id)
    return cart_id


async def remove_expired(limit: int) -> int:
    """How many expired carts were removed, up to ``limit``."""
    return await WORK.perform_alone(expiring.expire_carts, expiring.ExpireCarts(limit))


async def sweep_carts() -> None:
    """Removes all expired carts, as the worker does."""
    await CartExpiry(WORK).sweep(asyncio.Event())


async def sold_variant() -> UUID:
    """A lamp at ten euros, of a product of its own."""
    variant = KnownVariant(new_id(), "SKU", "Lamp", Money(1000, "EUR"))
    await WORK.perform(product.follow_product, product.FollowProduct(new_id(), 1, [variant]))
    return variant.id


async def sold_variants(*variant_ids: UUID) -> Mapping[UUID, KnownVariant]:
    """Those of some variants that are on sale."""

    async def look(_: None, work: CartWork) -> Mapping[UUID, KnownVariant]:
        return await work.catalogue.sold_variants(variant_ids)

    return await WORK.perform(look, None)
