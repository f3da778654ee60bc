"""Carts as those who order them need them."""

from uuid import UUID

from shared.errors import UserErrors
from subgraphs.orders.domain.cart import Cart
from subgraphs.orders.domain.errors import cart_not_found
from subgraphs.orders.infrastructure.carts import lock_open_cart
from subgraphs.orders.queries.carts import cart_by_id


class PostgresCartsToOrder:
    """The port CartsToOrder, in the task's transaction."""

    async def lock_to_order(self, cart_id: UUID, customer_id: UUID) -> Cart:
        await lock_open_cart(cart_id, customer_id)
        # The lock first and in a statement of its own: what the next one reads is what the last holder of the lock
        # left.
        cart = await cart_by_id(cart_id, customer_id)
        if cart is None:
            raise UserErrors(cart_not_found())
        return cart
