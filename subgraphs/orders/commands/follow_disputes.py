"""Follows disputes: while a bank thinks about an order's money nothing of it leaves, and what it decides is booked."""

from datetime import datetime
from enum import StrEnum

from shared.ids import new_id
from shared.money import Money
from shared.persistence.outbox import publish
from shared.runtime.faults import fault_point
from subgraphs.orders.commands.book_refund import book_elsewhere
from subgraphs.orders.commands.cut_short import cut_refused_short
from subgraphs.orders.commands.follow_failed_refunds import take_back_lost
from subgraphs.orders.commands.follow_payments import PaymentChanged, paid_order
from subgraphs.orders.domain.dispute import Dispute, DisputeStatus, Hold
from subgraphs.orders.domain.events import order_held, order_released
from subgraphs.orders.domain.fulfilment import UNDOING_STEPS, Kind
from subgraphs.orders.domain.order import Actor
from subgraphs.orders.domain.refund import RefundSource
from subgraphs.orders.infrastructure.disputes import decision_on, hold_on, keep_dispute
from subgraphs.orders.infrastructure.moves import LockedOrder, note
from subgraphs.orders.infrastructure.refused_refunds import refused_by_provider
from subgraphs.orders.infrastructure.retries import ask_again
from subgraphs.orders.infrastructure.sagas import start
from subgraphs.orders.infrastructure.shipments import placed_order, touch
from subgraphs.orders.infrastructure.undertakings import undertakings_of


class Decision(StrEnum):
    """Whose the money is."""

    WON = "WON"
    LOST = "LOST"


class PaymentDisputed(PaymentChanged):
    """A bank took money back, or takes evidence until another time. Events of before tell neither a reason nor a time."""

    dispute_reference: str
    amount_minor: int
    occurred_at: datetime
    reason: str = ""
    evidence_due_at: datetime | None = None


class PaymentDisputeClosed(PaymentDisputed):
    """A bank has decided."""

    outcome: Decision


async def follow_dispute(event: PaymentDisputed) -> None:
    """Holds the order."""
    await _follow_open(event, "the buyer's bank disputes {amount}{words}")


async def follow_due_time(event: PaymentDisputed) -> None:
    """Takes over until when the provider takes evidence."""
    until = f"{event.evidence_due_at:%Y-%m-%d %H:%M} UTC" if event.evidence_due_at else "no certain time"
    await _follow_open(event, f"evidence on the dispute of {{amount}}{{words}} is taken until {until}")


async def _follow_open(event: PaymentDisputed, news: str) -> None:
    order = await paid_order(event)
    if order is None:
        return
    before = await hold_on(order.id)
    if await keep_dispute(_dispute(event, DisputeStatus.OPEN)):
        await fault_point("orders.DISPUTE.before")
        await _note(order, news.format(amount=_amount(order, event), words=_words(event)))
        await _tell(order, before)
        await fault_point("orders.DISPUTE.after")


async def follow_decision(event: PaymentDisputeClosed) -> None:
    """Releases the order, books what it lost, and has what the provider refused meanwhile go on."""
    order = await paid_order(event)
    if order is None:
        return
    before, decided = await hold_on(order.id), await decision_on(order.id, event.dispute_reference)
    if await keep_dispute(_dispute(event, DisputeStatus(event.outcome))):
        whose = "shop" if event.outcome is Decision.WON else "buyer"
        await _note(order, f"the buyer's bank decided for the {whose} about {_amount(order, event)}{_words(event)}")
        await fault_point("orders.DECISION.before")
        await _settle(order, event, was_lost=decided is DisputeStatus.LOST)
        # What came back from the buyer's bank is not given back but by a person.
        await cut_refused_short(order, await refused_by_provider(order.id), Actor.SHOP, None)
        await ask_again(order.id)  # providers refuse to give money back while a dispute is open
        await _tell(order, before)
        await fault_point("orders.DECISION.after")


async def _settle(order: LockedOrder, event: PaymentDisputeClosed, was_lost: bool) -> None:
    if event.outcome is Decision.LOST:
        reason = f"the buyer's bank decided a dispute for the buyer{_words(event)}"
        await book_elsewhere(order, event.amount_minor, RefundSource.DISPUTE, reason)
        return
    is_being_undone = await _is_being_undone(order)
    if was_lost:
        await take_back_lost(order, event.amount_minor, is_being_undone)
    if is_being_undone:
        await start(new_id(), Kind.REFUND, order.id)  # without a refund yet: payments knows how much remains


async def _is_being_undone(order: LockedOrder) -> bool:
    """Whether a cancellation may have given back what there was without what the bank had."""
    undertakings = (await undertakings_of([order.id])).get(order.id, ())
    return any(each.kind is Kind.ORDER and each.step in UNDOING_STEPS for each in undertakings)


async def _tell(order: LockedOrder, before: Hold | None) -> None:
    hold, changed_at = await hold_on(order.id), await touch(order.id)
    if hold == before:
        return
    placed = await placed_order(order.id)
    await publish(order_held(placed, hold, changed_at) if hold else order_released(placed, changed_at))


async def _note(order: LockedOrder, reason: str) -> None:
    await note(order.id, order.status, order.status, reason, Actor.SHOP, None)


def _dispute(event: PaymentDisputed, status: DisputeStatus) -> Dispute:
    words = (event.dispute_reference, event.amount_minor, event.reason)
    return Dispute(event.order_id, *words, status, event.evidence_due_at, event.occurred_at)


def _amount(order: LockedOrder, event: PaymentDisputed) -> str:
    money = Money(event.amount_minor, order.currency)
    return f"{money.amount} {money.currency}"


def _words(event: PaymentDisputed) -> str:
    return f" ({event.reason})" if event.reason else ""
