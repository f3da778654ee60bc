"""Starts a cart."""

from uuid import UUID, uuid4

from subgraphs.orders.domain.cart import DEFAULT_LIFETIME, CartLifetime
from subgraphs.orders.infrastructure.carts import insert_cart


async def create_cart(user_id: UUID | None, lifetime: CartLifetime = DEFAULT_LIFETIME) -> UUID:
    """An empty cart, the user's or, without a user, anybody's who knows its id.

    Its id is random (UUIDv4, 122 bits) and not of the time as other ids are: it is the only secret of an anonymous cart.
    """
    cart_id = uuid4()
    await insert_cart(cart_id, user_id, lifetime.days_of(user_id))
    return cart_id
