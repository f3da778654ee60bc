"""The events of payments that orders reads; the contract is ``schema/events/payments.yaml``.

What was refunded because orders asked for it is booked by the saga that asked, and what payments refunds because it
came too late was never the order's: only what somebody refunded at the provider is booked by an event.
"""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from shared.events.handlers import EventHandler, Payload
from shared.ids import try_parse_id
from shared.persistence.work import UnitOfWork
from subgraphs.orders.commands.decide_dispute import DecideDispute, decide_dispute
from subgraphs.orders.commands.hold_order import HoldOrder, hold_order
from subgraphs.orders.commands.record_capture import RecordCapture, record_capture
from subgraphs.orders.commands.record_due_time import RecordDueTime, record_due_time
from subgraphs.orders.commands.record_provider_refund import RecordProviderRefund, record_provider_refund
from subgraphs.orders.commands.record_returned_refund import RecordReturnedRefund, record_returned_refund
from subgraphs.orders.commands.record_void import RecordVoid, record_void
from subgraphs.orders.commands.wake_order import WakeOrder, wake_order
from subgraphs.orders.domain.dispute import Dispute, DisputeStatus
from subgraphs.orders.domain.ports import OrdersWork

_TOPIC = "payments.payment.v1"


class Cause(StrEnum):
    """Who refunded money."""

    REQUESTED = "REQUESTED"
    OUTSIDE = "OUTSIDE"
    PROVIDER = "PROVIDER"
    LATE = "LATE"


class PaymentChanged(Payload):
    """Something became of the payment of an attempt at an order. Before there were several, events told none."""

    order_id: UUID
    attempt: int = 1


class PaymentCaptured(PaymentChanged):
    """Money was taken."""

    amount_minor: int


class PaymentRefunded(PaymentChanged):
    """Money was refunded. Events of before tell no cause: then nobody noticed what was done at the provider."""

    amount_minor: int
    occurred_at: datetime
    cause: Cause = Cause.REQUESTED


class PaymentRefundFailed(PaymentChanged):
    """Money that was refunded came back."""

    amount_minor: int
    reason: str
    cause: Cause
    refund_key: str | None = None


class PaymentDisputed(PaymentChanged):
    """A bank took money back, or takes evidence until another time.

    Events of before tell neither a reason nor a time.
    """

    dispute_reference: str
    amount_minor: int
    occurred_at: datetime
    reason: str = ""
    evidence_due_at: datetime | None = None


class Decision(StrEnum):
    """Whose the money is."""

    WON = "WON"
    LOST = "LOST"


class PaymentDisputeClosed(PaymentDisputed):
    """A bank has decided."""

    outcome: Decision


class PaymentEvents:
    """Each event becomes a command, which is a part of the transaction that remembers the event."""

    def __init__(self, work: UnitOfWork[OrdersWork]) -> None:
        self._work = work

    def handlers(self) -> Sequence[EventHandler]:
        """What is done with which event."""
        return (
            EventHandler(_TOPIC, "mercato.payments.PaymentAuthorized", PaymentChanged, self._changed),
            EventHandler(_TOPIC, "mercato.payments.PaymentDeclined", PaymentChanged, self._changed),
            EventHandler(_TOPIC, "mercato.payments.PaymentVoided", PaymentChanged, self._voided),
            EventHandler(_TOPIC, "mercato.payments.PaymentCaptured", PaymentCaptured, self._captured),
            EventHandler(_TOPIC, "mercato.payments.PaymentRefunded", PaymentRefunded, self._refunded),
            EventHandler(_TOPIC, "mercato.payments.PaymentRefundFailed", PaymentRefundFailed, self._refund_failed),
            EventHandler(_TOPIC, "mercato.payments.PaymentDisputed", PaymentDisputed, self._disputed),
            EventHandler(_TOPIC, "mercato.payments.PaymentDisputeChanged", PaymentDisputed, self._dispute_changed),
            EventHandler(_TOPIC, "mercato.payments.PaymentDisputeClosed", PaymentDisputeClosed, self._dispute_closed),
        )

    async def _changed(self, event: PaymentChanged) -> None:
        await self._work.perform(wake_order, WakeOrder(event.order_id))

    async def _voided(self, event: PaymentChanged) -> None:
        await self._work.perform(record_void, RecordVoid(event.order_id, event.attempt))

    async def _captured(self, event: PaymentCaptured) -> None:
        await self._work.perform(record_capture, RecordCapture(event.order_id, event.attempt, event.amount_minor))

    async def _refunded(self, event: PaymentRefunded) -> None:
        if event.cause is Cause.PROVIDER:
            command = RecordProviderRefund(event.order_id, event.attempt, event.amount_minor)
            await self._work.perform(record_provider_refund, command)

    async def _refund_failed(self, event: PaymentRefundFailed) -> None:
        if event.cause is not Cause.LATE:  # what had come too late was never the order's
            asked_id = try_parse_id(event.refund_key.partition(":")[0]) if event.refund_key else None
            what = (event.order_id, event.attempt, event.amount_minor, event.reason)
            await self._work.perform(record_returned_refund, RecordReturnedRefund(*what, asked_id))

    async def _disputed(self, event: PaymentDisputed) -> None:
        await self._work.perform(hold_order, HoldOrder(_dispute(event, DisputeStatus.OPEN), event.attempt))

    async def _dispute_changed(self, event: PaymentDisputed) -> None:
        await self._work.perform(record_due_time, RecordDueTime(_dispute(event, DisputeStatus.OPEN), event.attempt))

    async def _dispute_closed(self, event: PaymentDisputeClosed) -> None:
        dispute = _dispute(event, DisputeStatus(event.outcome))
        await self._work.perform(decide_dispute, DecideDispute(dispute, event.attempt))


def _dispute(event: PaymentDisputed, status: DisputeStatus) -> Dispute:
    words = (event.dispute_reference, event.amount_minor, event.reason)
    return Dispute(event.order_id, *words, status, event.evidence_due_at, event.occurred_at)
