"""Resumes what no rule could bring to an end, after a person has mended what stood in its way."""

from dataclasses import dataclass
from uuid import UUID

from subgraphs.orders.commands.cut_short import cut_rejected_short
from subgraphs.orders.commands.locked import locked_order
from subgraphs.orders.domain.order import Actor, Cause
from subgraphs.orders.domain.ports import OrdersWork
from subgraphs.orders.domain.undertaking import check_retryable


@dataclass(frozen=True, slots=True)
class RetryOrder:
    """Which order, and who of the staff wants it."""

    order_id: UUID
    user_id: UUID


async def retry_order(command: RetryOrder, work: OrdersWork) -> UUID:
    """Resumes an order's STUCK sagas at the steps at which they stopped, as far as there is money left; answers the
    order's id.

    Raises:
        OrderNotFound, NothingStuck, RefundAwaitsBank
    """
    order, user_id = await locked_order(command.order_id, work), command.user_id
    undertakings = await work.sagas.undertakings(order.id)
    check_retryable(order.status, undertakings, await work.refunds.refundable(order.id))
    await cut_rejected_short(order, await work.refunds.rejected(order.id), Actor.STAFF, user_id, work)
    if steps := await work.sagas.resume_stuck(order.id):
        await work.orders.note(order, Cause(f"taken up again: {', '.join(steps)}", Actor.STAFF, user_id))
    return order.id
