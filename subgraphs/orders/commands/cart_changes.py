"""What placing an order needs of carts until it is brought into the one way."""

from collections.abc import Iterable
from uuid import UUID

from shared.errors import UserError, UserErrors
from subgraphs.orders.domain.cart import Cart
from subgraphs.orders.domain.errors import cart_not_found
from subgraphs.orders.queries.carts import cart_by_id


async def existing_cart(cart_id: UUID, user_id: UUID | None) -> Cart:
    """A cart as it is now.

    Raises:
        UserErrors: when there is none for this caller.
    """
    cart = await cart_by_id(cart_id, user_id)
    if cart is None:
        raise UserErrors(cart_not_found())
    return cart


def refuse(mistakes: Iterable[UserError | None]) -> None:
    """Raises the mistakes, if there are any."""
    made = [mistake for mistake in mistakes if mistake is not None]
    if made:
        raise UserErrors(*made)
