"""Takes an order's held amount."""

from dataclasses import dataclass
from uuid import UUID

from shared.errors import Unavailable
from shared.runtime.faults import fault_point
from subgraphs.payments.commands.ask_provider import at_provider, provider_of
from subgraphs.payments.commands.follow_provider import finish
from subgraphs.payments.domain.lease import Lease
from subgraphs.payments.domain.payment import Payment
from subgraphs.payments.domain.ports import PaymentsWork
from subgraphs.payments.domain.provider import Decline, DeclinedError, Intent, PaymentProvider, StepRejectedError
from subgraphs.payments.domain.rejections import CaptureRejected
from subgraphs.payments.domain.status import PaymentStatus
from subgraphs.payments.domain.steps import must_capture

_HOLD_ENDED = Decline("authorization_ended", "Your bank no longer holds the amount; please pay again.")


@dataclass(frozen=True, slots=True)
class CapturePayment:
    """An attempt at an order."""

    order_id: UUID
    order_attempt: int = 1


@dataclass(frozen=True, slots=True)
class Captured:
    """The amount is taken."""

    payment_id: UUID


@dataclass(frozen=True, slots=True)
class CaptureDeclined:
    """The provider or the bank said no, and nothing was taken."""

    payment_id: UUID
    decline: Decline


async def capture_payment(command: CapturePayment, work: PaymentsWork) -> Captured | CaptureDeclined:
    """Takes it once, whatever is repeated.

    Raises:
        PaymentNotFound, NothingHeld, ProviderMissing, CaptureRejected, AmountMismatch
        Unavailable: when the provider has no answer; repeat it.
    """
    async with work.leases.of_attempt(command.order_id, command.order_attempt) as lease:
        decline = await _declined(lease, work)
        payment_id = lease.payment.id
        return Captured(payment_id) if decline is None else CaptureDeclined(payment_id, decline)


async def _declined(lease: Lease, work: PaymentsWork) -> Decline | None:
    """Why nothing was taken, or None when it was."""
    if lease.payment.status is PaymentStatus.VOIDED:
        return _HOLD_ENDED
    if not must_capture(lease.payment.status):
        return None
    try:
        return await _take(lease, work)
    except DeclinedError as no:
        return no.decline


async def _take(lease: Lease, work: PaymentsWork) -> Decline | None:
    answer, rejected = await _captured(lease.payment, provider_of(lease.payment, work.providers))
    captured = await finish(lease, answer, work)
    await fault_point("payments.CAPTURE.recorded")
    if captured.status is PaymentStatus.AUTHORIZED:
        if rejected is not None:
            raise CaptureRejected(str(rejected))
        raise Unavailable("The provider has not captured the payment yet; try again.")
    return _HOLD_ENDED if captured.status is PaymentStatus.VOIDED else None


async def _captured(payment: Payment, provider: PaymentProvider) -> tuple[Intent, StepRejectedError | None]:
    """How the provider has the payment now, and the word by which it rejected the step, if it did."""
    try:
        return await at_provider("CAPTURE", lambda: provider.capture(payment.reference, payment.id)), None
    except StepRejectedError as rejected:
        return await provider.retrieve(payment.reference), rejected
