"""Takes up again what no rule could bring to an end, after a person has mended what stood in its way."""

from uuid import UUID

from shared.errors import UserErrors
from subgraphs.orders.domain.errors import order_not_found, wrong_status
from subgraphs.orders.domain.order import Actor
from subgraphs.orders.infrastructure.moves import lock_order, note
from subgraphs.orders.infrastructure.retries import take_up_stuck


async def retry_order(order_id: UUID, user_id: UUID) -> None:
    """Takes up an order's STUCK sagas at the steps at which they stopped. Call it in a transaction.

    Raises:
        UserErrors: when there is no such order, or nothing of it waits for a person.
    """
    order = await lock_order(order_id)
    if order is None:
        raise UserErrors(order_not_found())
    steps = await take_up_stuck(order_id)
    if not steps:
        message = f"The order is {order.status} and nothing of it needs a person; there is nothing to retry."
        raise UserErrors(wrong_status(message, "orderId"))
    await note(order_id, order.status, order.status, f"taken up again: {', '.join(steps)}", Actor.STAFF, user_id)
