"""Calls to a provider, each between two fault points, and what they need of each other."""

import contextlib
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import TypeVar

from shared.errors import FailedPrecondition
from shared.runtime.faults import fault_point
from subgraphs.payments.domain.payment import PaymentStatus
from subgraphs.payments.domain.ports import Decline, Declined, Failed, Intent, PaymentProvider, StepRefused
from subgraphs.payments.infrastructure.payments import StoredPayment, count_attempt

Providers = Mapping[str, PaymentProvider]
Answer = TypeVar("Answer")

_CLOCKS_DIFFER = timedelta(minutes=5)
NOT_TAKEN = Decline(
    "payment_method_unsupported", "This shop does not take this means of payment; please choose another one."
)


class ProviderMissing(FailedPrecondition):
    """A payment's provider is not configured here any more, so that nobody can tell or change what becomes of its money."""


def provider_of(payment: StoredPayment, providers: Providers) -> PaymentProvider:
    """The provider that a payment began with.

    Raises:
        ProviderMissing: when it is not configured here (any more).
    """
    try:
        return providers[payment.provider]
    except KeyError:
        message = f"The payment can't be changed: its provider {payment.provider} is not configured here; configure it, then orderRetry."
        raise ProviderMissing(message, ("order_id",)) from None


async def at_provider(operation: str, call: Callable[[], Awaitable[Answer]]) -> Answer:
    """Calls a provider."""
    await fault_point(f"payments.{operation}.before")
    answer = await call()
    await fault_point(f"payments.{operation}.after")
    return answer


async def current_intent(payment: StoredPayment, provider: PaymentProvider) -> Intent:
    """How the provider has a payment; one that it does not know is begun.

    Whether an earlier attempt to begin has reached the provider may be unknown: the same attempt is the same request, and answered
    as it was then.

    Raises:
        Declined: when the provider refuses to begin.
    """
    if payment.provider_reference is not None:
        return await provider.retrieve(payment.provider_reference)
    try:
        return await at_provider("BEGIN", lambda: provider.begin(payment.beginning))
    except Failed:
        reference = await _reference_in_books(payment, provider)
        if reference is None:
            await count_attempt(payment)
            raise
        return await provider.retrieve(reference)


async def confirmed_intent(payment: StoredPayment, provider: PaymentProvider) -> Intent:
    """The same, and what the buyer has approved is held.

    Raises:
        Declined: when the provider refuses to begin.
    """
    intent = await current_intent(payment, provider)
    if not intent.awaits_confirmation:
        return intent
    with contextlib.suppress(Declined, StepRefused):
        return await at_provider("CONFIRM", lambda: provider.confirm(intent.reference, payment.id))
    return await provider.retrieve(intent.reference)


async def cancelled_intent(payment: StoredPayment, provider: PaymentProvider) -> Intent:
    """Lets go what is held and bars the intent; answers how the provider has it then, which may be otherwise."""
    try:
        await at_provider("CANCEL", lambda: provider.cancel(payment.reference, payment.id))
    except StepRefused:
        return await provider.retrieve(payment.reference)
    return Intent(payment.reference, PaymentStatus.VOIDED, payment.amount)


async def _reference_in_books(payment: StoredPayment, provider: PaymentProvider) -> str | None:
    """A failed request may have had its effect: then the provider's own books have it."""
    async for record in provider.records(payment.created_at - _CLOCKS_DIFFER):
        if record.payment_id == payment.id:
            return record.reference
    return None
