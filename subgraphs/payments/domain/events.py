"""What payments tells the others; the contract is ``schema/events/payments.yaml``."""

from datetime import datetime
from uuid import UUID

from shared.events.event import Event
from shared.money import Money
from subgraphs.payments.domain.ledger import MovementKind

TOPIC = "payments.payment.v1"

_MOVED = {
    MovementKind.AUTHORIZATION: "PaymentAuthorized",
    MovementKind.CAPTURE: "PaymentCaptured",
    MovementKind.VOID: "PaymentVoided",
    MovementKind.REFUND: "PaymentRefunded",
}


def money_moved(kind: MovementKind, payment_id: UUID, order_id: UUID, provider: str, amount: Money, occurred_at: datetime) -> Event:
    """An amount was held, taken, let go or given back."""
    return _event(_MOVED[kind], payment_id, order_id, provider, amount, occurred_at)


def payment_declined(
    payment_id: UUID, order_id: UUID, provider: str, amount: Money, occurred_at: datetime, decline_code: str
) -> Event:
    """The provider said no."""
    return _event("PaymentDeclined", payment_id, order_id, provider, amount, occurred_at, declineCode=decline_code)


def _event(
    message: str, payment_id: UUID, order_id: UUID, provider: str, amount: Money, occurred_at: datetime, **more: str
) -> Event:
    payload = {
        "paymentId": payment_id,
        "orderId": order_id,
        "provider": provider,
        "amountMinor": amount.minor,
        "currency": amount.currency,
        "occurredAt": occurred_at,
        **more,
    }
    return Event(TOPIC, order_id, f"mercato.payments.{message}", payload)
