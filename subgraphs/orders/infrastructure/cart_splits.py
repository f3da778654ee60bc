"""What an order that is paid again buys leaves the cart that holds other things, too."""

from uuid import UUID

from subgraphs.orders.infrastructure.carts import PostgresCarts
from subgraphs.orders.infrastructure.shipments import placed_order


async def split_off(order_id: UUID) -> None:
    """Takes what a locked order buys out of the locked cart that it let go of."""
    await PostgresCarts().split_off(await placed_order(order_id))
