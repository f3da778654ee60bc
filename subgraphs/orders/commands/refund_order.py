"""Asks for money to be given back for an order."""

from uuid import UUID

from shared.errors import UserErrors
from shared.ids import new_id
from subgraphs.orders.domain.errors import order_not_found
from subgraphs.orders.domain.fulfilment import Kind
from subgraphs.orders.domain.refund import AskedRefund, RefundStatus, plan_refund
from subgraphs.orders.domain.refused_refund import replaced
from subgraphs.orders.infrastructure.moves import lock_order
from subgraphs.orders.infrastructure.refunds import insert_refund, refundable
from subgraphs.orders.infrastructure.refused_refunds import give_up, refused_refunds
from subgraphs.orders.infrastructure.sagas import start


async def refund_order(asked: AskedRefund, user_id: UUID) -> UUID:
    """The refund's id, PENDING at first; its saga does the rest. Call it in a transaction.

    It takes the place of refused refunds for the same; one of no money, for pieces alone, of none.

    Raises:
        UserErrors: when there is no such order, its status does not allow it, or less is left; then nothing was changed.
    """
    order = await lock_order(asked.order_id)
    if order is None:
        raise UserErrors(order_not_found())
    before = await refundable(order)
    refund = plan_refund(new_id(), asked, before)
    if refund.amount_minor:
        await give_up(replaced(await refused_refunds(order.id), refund, before))
    await insert_refund(refund, RefundStatus.PENDING, user_id)
    await start(refund.id, Kind.REFUND, order.id)
    return refund.id
