"""Books back refunds that fail later at the buyer's bank: the order shows what its buyer is owed, and a person refunds
it once more.

Nothing is refunded by itself: the bank would most likely send it back again, and the buyer may be paid another way.
"""

import logging
from dataclasses import dataclass
from uuid import UUID

from shared.money import Money
from shared.runtime.faults import fault_point
from subgraphs.orders.commands.locked import paid_order
from subgraphs.orders.commands.standing import update_status_with_note
from subgraphs.orders.domain.fulfilment import Kind
from subgraphs.orders.domain.order import Actor, Cause, Order
from subgraphs.orders.domain.ports import OrdersWork
from subgraphs.orders.domain.refund import GivenRefund, RefundSource, RefundStatus

logger = logging.getLogger(__name__)

_UNDOING = "The order was cancelled; what was paid is given back."


@dataclass(frozen=True, slots=True)
class RecordReturnedRefund:
    """So much, in the currency's minor unit, did not reach the buyer of an attempt at an order, for this reason.

    ``asked_id`` is what orders asked for it by: a refund, or an order that is cancelled; None where somebody else
    refunded it.
    """

    order_id: UUID
    attempt: int
    amount_minor: int
    reason: str
    asked_id: UUID | None


async def record_returned_refund(command: RecordReturnedRefund, work: OrdersWork) -> None:
    """Changes nothing where it is not known to have been refunded."""
    order = await paid_order(command.order_id, command.attempt, work)
    if order is None:
        return
    refund = await _refund(order, command, work)
    if refund is None or refund.status is RefundStatus.FAILED:
        logger.warning("order %s: money came back that it had not given: %s", order.id, command.reason)
        return
    await fault_point("orders.CAME_BACK.before")
    await _come_back(order, refund, command.reason, work)
    await fault_point("orders.CAME_BACK.after")


async def take_back_lost(order: Order, amount_minor: int, is_being_undone: bool, work: OrdersWork) -> None:
    """Books back what a bank had decided to be the buyer's, and decides to be the shop's after all.

    Where units went back into stock for it, the buyer has neither and is owed the money; of an order that is cancelled
    it is refunded by itself.
    """
    refund = await work.refunds.of_source(order.id, RefundSource.DISPUTE, amount_minor)
    if refund is None:
        logger.warning("order %s: a bank decided otherwise about money that was not booked", order.id)
        return
    is_owed = not is_being_undone and await work.refunds.has_units(refund.id)
    money = Money(refund.amount_minor, order.currency)
    news = f"The buyer's bank decided otherwise: {money.amount} {money.currency} are the shop's after all"
    await work.refunds.record_returned(refund.id, f"{news}.", is_owed=is_owed)
    await work.orders.subtract_refunded(order.id, refund.amount_minor)
    if is_owed:
        await work.sagas.leave_owed(refund.id, order.id, f"{news}, but pieces went back into stock for it")
    await update_status_with_note(order.id, Cause(news, Actor.SHOP), work)


async def _refund(order: Order, command: RecordReturnedRefund, work: OrdersWork) -> GivenRefund | None:
    amount_minor = command.amount_minor
    if command.asked_id is not None:
        return await work.refunds.of_key(order, command.asked_id, amount_minor, _UNDOING)
    found = await work.refunds.of_source(order.id, RefundSource.PROVIDER, amount_minor)
    is_part = found is not None and found.amount_minor > amount_minor
    return await work.refunds.split(found, amount_minor) if found and is_part else found


async def _come_back(order: Order, refund: GivenRefund, reason: str, work: OrdersWork) -> None:
    money = Money(refund.amount_minor, order.currency)
    news = f"{money.amount} {money.currency} came back from the buyer's bank ({reason})"
    await work.refunds.record_returned(refund.id, f"{news}.", is_owed=True)
    if refund.status is RefundStatus.DONE:
        await work.orders.subtract_refunded(order.id, refund.amount_minor)
    await work.sagas.leave_owed(refund.id, order.id, news)
    await update_status_with_note(order.id, Cause(f"{news}: the buyer is owed it", Actor.SHOP), work)
    work.reports.stuck(Kind.REFUND)
    logger.error("order %s requires intervention: %s", order.id, news)
