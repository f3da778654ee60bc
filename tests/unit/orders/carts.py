"""Carts in memory, and what tests do with them."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

from shared.money import Money
from subgraphs.orders.commands.add_cart_lines import AddCartLines, add_cart_lines
from subgraphs.orders.commands.create_cart import CreateCart, create_cart
from subgraphs.orders.commands.follow_product import FollowProduct, follow_product
from subgraphs.orders.domain.cart import Cart
from subgraphs.orders.domain.cart_changes import WantedUnits
from subgraphs.orders.domain.catalogue import KnownVariant
from tests.fakes.carts import CartWorkTwin


async def sold(twin: CartWorkTwin, price: int = 1000, currency: str = "EUR") -> UUID:
    """A variant on sale, of a product of its own."""
    variant = KnownVariant(uuid4(), "SKU", "Lamp", Money(price, currency))
    await twin.perform(follow_product, FollowProduct(uuid4(), 1, [variant]))
    return variant.id


async def reprice(twin: CartWorkTwin, variant_id: UUID, price: int) -> None:
    """Another price of a variant."""
    variant = KnownVariant(variant_id, "SKU", "Lamp", Money(price, "EUR"))
    await twin.perform(follow_product, FollowProduct(uuid4(), 1, [variant]))


async def new_cart(twin: CartWorkTwin, owner_id: UUID | None = None) -> UUID:
    """The id of an empty cart."""
    return (await twin.perform_alone(create_cart, CreateCart(owner_id))).id


async def add(
    twin: CartWorkTwin, cart_id: UUID, *variants: UUID, quantity: int = 1, user_id: UUID | None = None
) -> Cart:
    """The cart with so many more of each variant."""
    wanted = [WantedUnits(variant_id, quantity) for variant_id in variants]
    return await twin.perform(add_cart_lines, AddCartLines(cart_id, user_id, wanted))


async def filled(twin: CartWorkTwin, *variants: UUID, quantity: int = 1, owner_id: UUID | None = None) -> UUID:
    """The id of a cart with these variants in it."""
    cart_id = await new_cart(twin, owner_id)
    await add(twin, cart_id, *variants, quantity=quantity, user_id=owner_id)
    return cart_id


def units(twin: CartWorkTwin, cart_id: UUID) -> dict[UUID, int]:
    """How many units of which variant a cart holds."""
    return {line.variant_id: line.quantity for line in twin.carts.rows[cart_id].lines.values()}


def days_left(twin: CartWorkTwin, cart_id: UUID) -> float:
    """For how many days a cart is kept."""
    left = twin.carts.rows[cart_id].expires_at - datetime.now(UTC)
    return round(left.total_seconds() / 86_400, 2)


def expire(twin: CartWorkTwin, *cart_ids: UUID) -> None:
    """The time of carts is over."""
    for cart_id in cart_ids:
        twin.carts.rows[cart_id].expires_at = datetime.now(UTC)
