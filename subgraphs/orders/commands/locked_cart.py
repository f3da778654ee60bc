"""A cart, locked to be changed."""

from uuid import UUID

from subgraphs.orders.domain.cart import Cart
from subgraphs.orders.domain.cart_changes import require_open
from subgraphs.orders.domain.cart_ports import CartWork


async def locked_cart(cart_id: UUID, user_id: UUID | None, work: CartWork) -> Cart:
    """A cart that nobody else changes or orders; its expiry is put off. Raises CartNotFound, CartAlreadyOrdered."""
    require_open(await work.carts.lock_to_change(cart_id, user_id, work.lifetime))
    return await work.carts.load(cart_id)
