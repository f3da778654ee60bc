"""Takes an order's held amount."""

from uuid import UUID

from shared.errors import FailedPrecondition, Unavailable
from shared.runtime.faults import fault_point
from subgraphs.payments.commands.ask_provider import Providers, at_provider, provider_of
from subgraphs.payments.commands.follow_provider import finish
from subgraphs.payments.domain.payment import PaymentStatus, must_capture
from subgraphs.payments.domain.ports import Decline, Declined, Intent, PaymentProvider, StepRefused
from subgraphs.payments.infrastructure.leases import Turn, leased_payment
from subgraphs.payments.infrastructure.payments import StoredPayment

_HOLD_ENDED = Decline("authorization_ended", "Your bank no longer holds the amount; please pay again.")


async def capture_payment(order_id: UUID, providers: Providers, order_attempt: int = 1) -> tuple[UUID, Decline | None]:
    """Answers the payment's id, and why nothing was taken when the provider said no.

    Raises:
        NotFound: when this attempt at the order has no payment.
        FailedPrecondition: when nothing was held for it, its provider is not configured, or refuses though the amount is held.
        Unavailable: when the provider has no answer; repeat it.
    """
    async with leased_payment(order_id, order_attempt) as turn:
        payment_id = turn.payment.id
        if turn.payment.status is PaymentStatus.VOIDED:
            return payment_id, _HOLD_ENDED
        if not must_capture(turn.payment.status):
            return payment_id, None
        try:
            return payment_id, await _take(turn, provider_of(turn.payment, providers))
        except Declined as refusal:
            return payment_id, refusal.decline


async def _take(turn: Turn, provider: PaymentProvider) -> Decline | None:
    answer, refusal = await _captured(turn.payment, provider)
    captured = await finish(turn, answer)
    await fault_point("payments.CAPTURE.recorded")
    if captured.status is PaymentStatus.AUTHORIZED:
        if refusal is not None:
            raise FailedPrecondition(
                f"The provider refuses to take the amount, which is still held ({refusal}).", ("order_id",)
            )
        raise Unavailable("The provider has not captured the payment yet; try again.")
    return _HOLD_ENDED if captured.status is PaymentStatus.VOIDED else None


async def _captured(payment: StoredPayment, provider: PaymentProvider) -> tuple[Intent, StepRefused | None]:
    """How the provider has the payment now, and the word by which it refused, if it did."""
    try:
        return await at_provider("CAPTURE", lambda: provider.capture(payment.reference, payment.id)), None
    except StepRefused as refusal:
        return await provider.retrieve(payment.reference), refusal
