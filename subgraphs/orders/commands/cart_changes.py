"""What all changes of a cart have in common."""

import contextlib
from collections.abc import AsyncIterator, Iterable
from uuid import UUID

from shared.errors import UserError, UserErrors
from shared.ids import try_parse_id
from shared.persistence import db
from subgraphs.orders.domain.cart import Cart, CartLifetime
from subgraphs.orders.domain.errors import cart_not_found
from subgraphs.orders.infrastructure.carts import lock_cart_to_change
from subgraphs.orders.queries.carts import cart_by_id


@contextlib.asynccontextmanager
async def open_cart(cart_id: str, user_id: UUID | None, lifetime: CartLifetime) -> AsyncIterator[Cart]:
    """A transaction, and the cart as it is in it; nobody else changes or orders it meanwhile.

    Raises:
        UserErrors: when there is no such cart for this caller, or it was ordered.
    """
    known_id = try_parse_id(cart_id)
    if known_id is None:
        raise UserErrors(cart_not_found())
    async with db.transaction():
        # The lock first and in a statement of its own: what the next one reads is what the last holder of the lock left.
        await lock_cart_to_change(known_id, user_id, lifetime)
        yield await existing_cart(known_id, user_id)


async def existing_cart(cart_id: UUID, user_id: UUID | None) -> Cart:
    """A cart as it is now.

    Raises:
        UserErrors: when there is none for this caller: it may have been merged or have expired meanwhile, unless its row is locked.
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
