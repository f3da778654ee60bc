"""Takes up again what no rule could bring to an end, after a person has mended what stood in its way."""

from uuid import UUID

from shared.errors import UserErrors
from subgraphs.orders.commands.cut_short import cut_refused_short
from subgraphs.orders.domain.errors import order_not_found
from subgraphs.orders.domain.order import Actor
from subgraphs.orders.domain.undertaking import check_retryable
from subgraphs.orders.infrastructure.moves import lock_order, note
from subgraphs.orders.infrastructure.refunds import refundable
from subgraphs.orders.infrastructure.refused_refunds import refused_refunds
from subgraphs.orders.infrastructure.retries import take_up_stuck
from subgraphs.orders.infrastructure.undertakings import undertakings_of


async def retry_order(order_id: UUID, user_id: UUID) -> None:
    """Takes up an order's STUCK sagas at the steps at which they stopped, as far as there is money left. Call it in a transaction.

    Raises:
        UserErrors: when there is no such order, or nothing of it waits for a person.
    """
    order = await lock_order(order_id)
    if order is None:
        raise UserErrors(order_not_found())
    undertakings = (await undertakings_of([order_id])).get(order_id, ())
    check_retryable(order.status, undertakings, await refundable(order))
    await cut_refused_short(order, await refused_refunds(order_id), Actor.STAFF, user_id)
    if steps := await take_up_stuck(order_id):
        await note(order_id, order.status, order.status, f"taken up again: {', '.join(steps)}", Actor.STAFF, user_id)
