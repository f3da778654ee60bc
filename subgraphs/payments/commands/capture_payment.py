"""Takes an order's held amount."""

from uuid import UUID

from shared.errors import Unavailable
from subgraphs.payments.commands.follow_provider import follow_provider
from subgraphs.payments.domain.payment import PaymentStatus, must_capture
from subgraphs.payments.domain.ports import Decline, Declined, PaymentProvider, StepRefused
from subgraphs.payments.infrastructure.leases import leased_payment
from subgraphs.payments.infrastructure.payments import StoredPayment

_HOLD_ENDED = Decline("authorization_ended", "Your bank no longer holds the amount; please pay again.")


async def capture_payment(order_id: UUID, provider: PaymentProvider) -> tuple[UUID, Decline | None]:
    """Answers the payment's id, and why nothing was taken when the provider said no.

    Raises:
        NotFound: when the order has no payment.
        FailedPrecondition: when nothing is held for it.
        Unavailable: when the provider has no answer; repeat it.
    """
    async with leased_payment(order_id) as payment:
        if not must_capture(payment.status):
            return payment.id, None
        try:
            status = await _captured(payment, provider)
        except Declined as refusal:
            return payment.id, refusal.decline
        return payment.id, _decline_of((await follow_provider(payment.id, status)).status)


async def _captured(payment: StoredPayment, provider: PaymentProvider) -> PaymentStatus:
    try:
        return (await provider.capture(payment.reference, payment.id)).status
    except StepRefused:
        return (await provider.retrieve(payment.reference)).status


def _decline_of(status: PaymentStatus) -> Decline | None:
    if status is PaymentStatus.AUTHORIZED:
        raise Unavailable("The provider has not captured the payment yet; try again.")
    return _HOLD_ENDED if status is PaymentStatus.VOIDED else None
