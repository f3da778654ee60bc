"""Calls to a provider, each between two fault points, and what they need of each other."""

import contextlib
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TypeVar

from shared.runtime.faults import fault_point
from subgraphs.payments.domain.payment import Payment
from subgraphs.payments.domain.ports import PaymentsWork, Providers
from subgraphs.payments.domain.provider import DeclinedError, FailedError, Intent, PaymentProvider, StepRejectedError
from subgraphs.payments.domain.rejections import ProviderMissing
from subgraphs.payments.domain.status import PaymentStatus

Answer = TypeVar("Answer")

_CLOCKS_DIFFER = timedelta(minutes=5)


def provider_of(payment: Payment, providers: Providers) -> PaymentProvider:
    """The provider that a payment began with. Raises ProviderMissing when it is not configured here (any more)."""
    try:
        return providers[payment.provider]
    except KeyError:
        raise ProviderMissing(payment.provider) from None


async def at_provider(operation: str, call: Callable[[], Awaitable[Answer]]) -> Answer:
    """Calls a provider."""
    await fault_point(f"payments.{operation}.before")
    answer = await call()
    await fault_point(f"payments.{operation}.after")
    return answer


async def current_intent(payment: Payment, work: PaymentsWork) -> Intent:
    """How the provider has a payment; one that it does not know is begun.

    Whether an earlier attempt to begin has reached the provider may be unknown:
    the same attempt is the same request, and answered as it was then.

    Raises:
        ProviderMissing
        DeclinedError: when the provider rejects to begin.
    """
    provider = provider_of(payment, work.providers)
    if payment.provider_reference is not None:
        return await provider.retrieve(payment.provider_reference)
    try:
        return await at_provider("BEGIN", lambda: provider.begin(payment.beginning))
    except FailedError:
        reference = await _reference_in_books(payment, provider)
        if reference is None:
            await work.payments.count_attempt(payment)
            raise
        return await provider.retrieve(reference)


async def confirmed_intent(payment: Payment, work: PaymentsWork) -> Intent:
    """The same, and what the buyer has approved is held."""
    intent = await current_intent(payment, work)
    if not intent.awaits_confirmation:
        return intent
    provider = provider_of(payment, work.providers)
    with contextlib.suppress(DeclinedError, StepRejectedError):
        return await at_provider("CONFIRM", lambda: provider.confirm(intent.reference, payment.id))
    return await provider.retrieve(intent.reference)


async def cancelled_intent(payment: Payment, provider: PaymentProvider) -> Intent:
    """Lets go what is held and bars the intent; answers how the provider has it then, which may be otherwise."""
    try:
        await at_provider("CANCEL", lambda: provider.cancel(payment.reference, payment.id))
    except StepRejectedError:
        return await provider.retrieve(payment.reference)
    return Intent(payment.reference, PaymentStatus.VOIDED, payment.amount)


async def _reference_in_books(payment: Payment, provider: PaymentProvider) -> str | None:
    """A failed request may have had its effect: then the provider's own books have it."""
    async for record in provider.records(payment.created_at - _CLOCKS_DIFFER):
        if record.payment_id == payment.id:
            return record.reference
    return None
