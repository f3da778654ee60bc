"""Releases an order that a bank has decided on, books what it lost,
and has what the provider rejected meanwhile go on.
"""

from dataclasses import dataclass

from shared.ids import new_id
from shared.runtime.faults import fault_point
from subgraphs.orders.commands.booking import book_elsewhere
from subgraphs.orders.commands.cut_short import cut_rejected_short
from subgraphs.orders.commands.holding import tell_hold, what_of, words_of
from subgraphs.orders.commands.locked import paid_order
from subgraphs.orders.commands.record_returned_refund import take_back_lost
from subgraphs.orders.domain.dispute import Dispute, DisputeStatus
from subgraphs.orders.domain.fulfilment import UNDOING_STEPS, Kind
from subgraphs.orders.domain.order import Actor, Cause, Order
from subgraphs.orders.domain.ports import OrdersWork
from subgraphs.orders.domain.refund import RefundSource
from subgraphs.orders.domain.undertaking import is_at


@dataclass(frozen=True, slots=True)
class DecideDispute:
    """A dispute of an attempt's money that is WON or LOST."""

    dispute: Dispute
    attempt: int


async def decide_dispute(command: DecideDispute, work: OrdersWork) -> None:
    """Decided otherwise later, the last word counts. Old news changes nothing."""
    dispute = command.dispute
    order = await paid_order(dispute.order_id, command.attempt, work)
    if order is None:
        return
    before, decided = await work.disputes.hold(order.id), await work.disputes.status(order.id, dispute.reference)
    if await work.disputes.save(dispute):
        await work.orders.note(order, Cause(_news(dispute, order), Actor.SHOP))
        await fault_point("orders.DECISION.before")
        await _settle(order, dispute, decided is DisputeStatus.LOST, work)
        # What came back from the buyer's bank is not refunded but by a person.
        await cut_rejected_short(order, await work.refunds.rejected_by_provider(order.id), Actor.SHOP, None, work)
        await work.sagas.ask_again(order.id)  # providers reject refunds while a dispute is open
        await tell_hold(order, before, work)
        await fault_point("orders.DECISION.after")


async def _settle(order: Order, dispute: Dispute, was_lost: bool, work: OrdersWork) -> None:
    if dispute.status is DisputeStatus.LOST:
        reason = f"the buyer's bank decided a dispute for the buyer{words_of(dispute)}"
        await book_elsewhere(order, dispute.amount_minor, RefundSource.DISPUTE, reason, work)
        return
    # A cancellation may have refunded what there was without what the bank had.
    is_being_undone = is_at(Kind.ORDER, UNDOING_STEPS, await work.sagas.undertakings(order.id))
    if was_lost:
        await take_back_lost(order, dispute.amount_minor, is_being_undone, work)
    if is_being_undone:
        await work.sagas.start(new_id(), Kind.REFUND, order.id)  # without a refund yet: payments knows how much remains


def _news(dispute: Dispute, order: Order) -> str:
    whose = "shop" if dispute.status is DisputeStatus.WON else "buyer"
    return f"the buyer's bank decided for the {whose} about {what_of(dispute, order)}"
