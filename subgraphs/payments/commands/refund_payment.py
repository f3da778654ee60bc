"""Gives an order's captured money back, wholly or in part."""

from dataclasses import dataclass
from uuid import UUID

from shared.errors import Conflict, FailedPrecondition
from shared.money import Money
from shared.persistence import db
from subgraphs.payments.commands.ask_provider import Providers, at_provider, provider_of
from subgraphs.payments.commands.catch_up import catch_up
from subgraphs.payments.commands.settle_refunds import record_refund
from subgraphs.payments.domain.payment import require_refundable
from subgraphs.payments.domain.ports import PaymentProvider, ProviderRefund, StepRefused
from subgraphs.payments.infrastructure.leases import Turn, leased_payment
from subgraphs.payments.infrastructure.payments import StoredPayment, locked_payment
from subgraphs.payments.infrastructure.refunds import (
    StoredRefund,
    insert_refund,
    outstanding_minor,
    refund_of_key,
    withdraw_refund,
)


@dataclass(frozen=True, slots=True)
class GivenBack:
    """What a refund gave back, and what was given back of its payment in all by then, by whomever; in the currency's minor unit."""

    payment_id: UUID
    amount_minor: int
    refunded_minor: int


class RefundRefused(FailedPrecondition):
    """The provider won't give the amount back; how things stand there is recorded by now."""


async def refund_payment(
    order_id: UUID, amount_minor: int, key: str, providers: Providers, order_attempt: int = 1
) -> GivenBack:
    """Repeated, it looks for the refund at the provider before it asks for it again.

    Raises:
        NotFound: when this attempt at the order has no payment.
        Conflict: when the key came with another amount before.
        FailedPrecondition: when less than ``amount_minor`` is left, which the message tells, or the provider refuses, with its word
            for that in the message, or is not configured.
        Unavailable: when the provider has no answer; repeat it.
    """
    async with leased_payment(order_id, order_attempt) as turn:
        refund = await _begun(turn.payment, amount_minor, key, providers)
        if not refund.is_done:
            refund = await carry_out(turn, refund, provider_of(turn.payment, providers))
        return given_back(turn.payment, refund)


async def carry_out(turn: Turn, refund: StoredRefund, provider: PaymentProvider) -> StoredRefund:
    """Gives back what a refund says, once, and records it.

    Raises:
        RefundRefused: when the provider refuses; the refund is forgotten, and what was done at the provider instead is recorded.
        Unavailable: when the provider has no answer; repeat it.
    """
    try:
        return await record_refund(turn, refund, await _given(turn.payment, refund, provider))
    except StepRefused as refusal:
        await withdraw_refund(refund.id)
        await catch_up(turn, provider)
        raise RefundRefused(f"The provider refuses this refund, by its word {refusal}.", ("amount_minor",)) from refusal


def given_back(payment: StoredPayment, refund: StoredRefund) -> GivenBack:
    """The answer to a refund that was done; one of before this was kept is answered as things stand."""
    in_all = refund.refunded_minor
    return GivenBack(payment.id, refund.amount_minor, payment.standing.given_back_minor if in_all is None else in_all)


async def refundable_minor(payment: StoredPayment) -> int:
    """What the buyer's bank has taken back is not given back a second time."""
    return max(payment.standing.left_minor - await outstanding_minor(payment.id), 0)


async def _begun(payment: StoredPayment, amount_minor: int, key: str, providers: Providers) -> StoredRefund:
    """Without a provider none is begun: it would count as about to be given, and nobody would give it."""
    async with db.transaction():
        locked = await locked_payment(payment.id)
        begun = await refund_of_key(payment.id, key)
        if begun is None:
            left = Money(await refundable_minor(locked), locked.currency)
            require_refundable(locked.status, amount_minor, left)
            provider_of(locked, providers)
            return await insert_refund(payment.id, key, amount_minor)
        if begun.is_remaining or begun.amount_minor != amount_minor:
            raise Conflict("This idempotency_key came with another amount before; use a new key.", ("idempotency_key",))
        return begun


async def _given(payment: StoredPayment, refund: StoredRefund, provider: PaymentProvider) -> ProviderRefund:
    if refund.was_asked:
        given = await provider.find_refund(payment.reference, refund.id)
        if given is not None:
            return given
    amount = Money(refund.amount_minor, payment.currency)
    return await at_provider("REFUND", lambda: provider.refund(payment.reference, refund.id, amount))
