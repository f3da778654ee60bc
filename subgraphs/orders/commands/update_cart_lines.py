"""Sets the quantities of a cart's lines."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from subgraphs.orders.commands.locked_cart import locked_cart
from subgraphs.orders.domain.cart import Cart
from subgraphs.orders.domain.cart_changes import WantedQuantity, require_lines
from subgraphs.orders.domain.cart_ports import CartWork


@dataclass(frozen=True, slots=True)
class UpdateCartLines:
    """``wanted`` are 1 to MAX_LINES, each of another line; ``user_id`` is None for an anonymous caller."""

    cart_id: UUID
    user_id: UUID | None
    wanted: Sequence[WantedQuantity]


async def update_cart_lines(command: UpdateCartLines, work: CartWork) -> Cart:
    """The cart with these quantities. Setting one agrees to the line's price of now.

    Raises:
        CartNotFound, CartAlreadyOrdered
        Rejections: CartLineNotFound, each that is so.
    """
    cart = await locked_cart(command.cart_id, command.user_id, work)
    require_lines(cart, [line.line_id for line in command.wanted])
    await work.carts.set_quantities(cart.id, {line.line_id: line.quantity for line in command.wanted})
    return await work.carts.load(cart.id)
