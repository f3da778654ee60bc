"""Takes lines out of a cart."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from subgraphs.orders.commands.locked_cart import locked_cart
from subgraphs.orders.domain.cart import Cart
from subgraphs.orders.domain.cart_changes import require_lines
from subgraphs.orders.domain.cart_ports import CartWork


@dataclass(frozen=True, slots=True)
class RemoveCartLines:
    """``line_ids`` are 1 to MAX_LINES; ``user_id`` is None for an anonymous caller."""

    cart_id: UUID
    user_id: UUID | None
    line_ids: Sequence[UUID]


async def remove_cart_lines(command: RemoveCartLines, work: CartWork) -> Cart:
    """The cart without these lines.

    Raises:
        CartNotFound, CartAlreadyOrdered
        Rejections: CartLineNotFound, each that is so.
    """
    cart = await locked_cart(command.cart_id, command.user_id, work)
    require_lines(cart, command.line_ids)
    await work.carts.remove_lines(cart.id, command.line_ids)
    return await work.carts.load(cart.id)
