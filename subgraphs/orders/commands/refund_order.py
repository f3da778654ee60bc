"""Asks for money of an order to be refunded."""

from dataclasses import dataclass
from uuid import UUID

from shared.ids import new_id
from subgraphs.orders.commands.locked import locked_order
from subgraphs.orders.domain.fulfilment import Kind
from subgraphs.orders.domain.ports import OrdersWork
from subgraphs.orders.domain.refund import RefundRequest, RefundStatus, plan_refund
from subgraphs.orders.domain.rejected_refund import replaced


@dataclass(frozen=True, slots=True)
class RefundOrder:
    """What is to be refunded, and who of the staff wants it."""

    request: RefundRequest
    user_id: UUID


async def refund_order(command: RefundOrder, work: OrdersWork) -> UUID:
    """The refund's id, PENDING at first; its saga does the rest.

    It takes the place of rejected refunds for the same; one of no money, for units alone, of none.

    Raises:
        OrderNotFound, and what ``plan_refund`` raises.
    """
    order = await locked_order(command.request.order_id, work)
    before = await work.refunds.refundable(order.id)
    refund = plan_refund(new_id(), command.request, before)
    if refund.amount_minor:
        await work.refunds.end_rejected(replaced(await work.refunds.rejected(order.id), refund, before))
    await work.refunds.add(refund, RefundStatus.PENDING, command.user_id)
    await work.sagas.start(refund.id, Kind.REFUND, order.id)
    return refund.id
