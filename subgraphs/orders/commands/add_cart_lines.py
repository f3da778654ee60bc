"""Puts variants into a cart."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from subgraphs.orders.commands.locked_cart import locked_cart
from subgraphs.orders.domain.cart import Cart
from subgraphs.orders.domain.cart_changes import WantedUnits, additions
from subgraphs.orders.domain.cart_ports import CartWork


@dataclass(frozen=True, slots=True)
class AddCartLines:
    """``wanted`` are 1 to MAX_LINES; ``user_id`` is None for an anonymous caller."""

    cart_id: UUID
    user_id: UUID | None
    wanted: Sequence[WantedUnits]


async def add_cart_lines(command: AddCartLines, work: CartWork) -> Cart:
    """The cart with more in it. The same variant adds up, in the cart and within ``wanted``.

    Raises:
        CartNotFound, CartAlreadyOrdered
        Rejections: VariantNotSold; TooManyUnits, LineInOtherCurrency, CartFull.
    """
    cart = await locked_cart(command.cart_id, command.user_id, work)
    sold = await work.catalogue.sold_variants([line.variant_id for line in command.wanted])
    await work.carts.add_units(cart.id, additions(cart, command.wanted, sold))
    return await work.carts.load(cart.id)
