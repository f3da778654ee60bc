"""What payments tells the others; the contract is ``schema/events/payments.yaml``."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from shared.events.event import Event
from shared.money import Money
from subgraphs.payments.domain.ledger import Movement, MovementKind

TOPIC = "payments.payment.v1"

_MOVED = {
    MovementKind.AUTHORIZATION: "PaymentAuthorized",
    MovementKind.CAPTURE: "PaymentCaptured",
    MovementKind.VOID: "PaymentVoided",
    MovementKind.REFUND: "PaymentRefunded",
    MovementKind.PAID_OUTSIDE: "PaymentRefunded",
}
_GIVEN_BACK = (MovementKind.REFUND, MovementKind.PAID_OUTSIDE)
_OUTCOMES = {MovementKind.DISPUTE_WON: "WON", MovementKind.DISPUTE_LOST: "LOST", MovementKind.DISPUTE_REVERSED: "WON"}


@dataclass(frozen=True, slots=True)
class Subject:
    """The payment that events are about, and when what they tell happened."""

    payment_id: UUID
    order_id: UUID
    order_attempt: int
    provider: str
    currency: str
    occurred_at: datetime


class RefundCause(StrEnum):
    """Who gave money back; the contract says what each one means to orders."""

    REQUESTED = "REQUESTED"
    OUTSIDE = "OUTSIDE"
    PROVIDER = "PROVIDER"
    LATE = "LATE"


@dataclass(frozen=True, slots=True)
class Disputed:
    """The dispute that events are about; ``dispute_id`` is ours, ``reference`` the provider's."""

    dispute_id: UUID
    reference: str
    reason: str
    evidence_due_at: datetime | None


def money_moved(
    subject: Subject, movements: Sequence[Movement], cause: RefundCause, refund_key: str | None = None
) -> Iterator[Event]:
    """Amounts were held, taken, let go or, for this cause, refunded. Disputes and fees are not among them."""
    for movement in movements:
        if movement.kind in _GIVEN_BACK:
            yield _event(_MOVED[movement.kind], subject, movement.amount_minor, cause=cause, refundKey=refund_key)
        elif movement.kind in _MOVED:
            yield _event(_MOVED[movement.kind], subject, movement.amount_minor)


@dataclass(frozen=True, slots=True)
class FailedRefund:
    """The refund that failed; ``reference`` and ``reason`` are the provider's words, ``key`` is that of one of ours."""

    reference: str
    reason: str
    cause: RefundCause
    key: str | None


def refund_failed(subject: Subject, amount_minor: int, refund: FailedRefund) -> Event:
    """What was refunded came back."""
    words = {"refundReference": refund.reference, "reason": refund.reason or "unknown"}
    return _event("PaymentRefundFailed", subject, amount_minor, **words, cause=refund.cause, refundKey=refund.key)


def dispute_moved(subject: Subject, movements: Sequence[Movement], dispute: Disputed) -> Iterator[Event]:
    """A buyer's bank took money back, or decided."""
    for movement in movements:
        if movement.kind is MovementKind.DISPUTE_OPENED:
            yield _event("PaymentDisputed", subject, movement.amount_minor, **_of(dispute))
        elif movement.kind in _OUTCOMES:
            outcome = _OUTCOMES[movement.kind]
            yield _event("PaymentDisputeClosed", subject, movement.amount_minor, **_of(dispute), outcome=outcome)


def dispute_changed(subject: Subject, amount: Money, dispute: Disputed) -> Event:
    """Evidence is taken until another time than before."""
    return _event("PaymentDisputeChanged", subject, amount.minor, **_of(dispute))


def payment_declined(subject: Subject, amount: Money, decline_code: str) -> Event:
    """The provider said no."""
    return _event("PaymentDeclined", subject, amount.minor, declineCode=decline_code)


def _of(dispute: Disputed) -> dict[str, object]:
    return {
        "disputeReference": dispute.reference,
        "disputeId": dispute.dispute_id,
        "reason": dispute.reason,
        "evidenceDueAt": dispute.evidence_due_at,
    }


def _event(message: str, subject: Subject, amount_minor: int, **more: object) -> Event:
    payload = {
        "paymentId": subject.payment_id,
        "orderId": subject.order_id,
        "attempt": subject.order_attempt,
        "provider": subject.provider,
        "amountMinor": amount_minor,
        "currency": subject.currency,
        "occurredAt": subject.occurred_at,
        **more,
    }
    return Event(TOPIC, subject.order_id, f"mercato.payments.{message}", payload)
