"""Gives back all that is left of an order's captured money."""

from dataclasses import dataclass
from uuid import UUID

from shared.errors import Unavailable
from subgraphs.payments.commands.ask_provider import provider_of
from subgraphs.payments.commands.carry_out import carry_out
from subgraphs.payments.commands.catch_up import catch_up
from subgraphs.payments.domain.lease import Lease
from subgraphs.payments.domain.ports import PaymentsWork
from subgraphs.payments.domain.provider import PaymentProvider
from subgraphs.payments.domain.refund import Refund, Refunded, refund_of_rest, refunded
from subgraphs.payments.domain.rejections import RefundRejected
from subgraphs.payments.domain.status import PaymentStatus, is_over_without_money
from subgraphs.payments.domain.steps import require_not_held

_MOST_REJECTIONS = 3


@dataclass(frozen=True, slots=True)
class RefundRemaining:
    """What an attempt at an order has paid."""

    order_id: UUID
    key: str
    order_attempt: int = 1


async def refund_remaining(command: RefundRemaining, work: PaymentsWork) -> Refunded:
    """Gives back what the provider still has and no bank has taken back; nothing left, or nothing taken, is a success.

    The provider is asked how things stand first, and again when it rejects. Refunds by other keys that broke off
    without effect are given up: what they were for is in this one.

    Raises:
        PaymentNotFound, KeyOfAmount, StillHeld, ProviderMissing, RefundRejected, AmountMismatch
        Unavailable: when the provider has no answer; repeat it.
    """
    async with work.leases.of_attempt(command.order_id, command.order_attempt) as lease:
        refund = await work.refunds.of_key(lease.payment.id, command.key)
        if refund is not None:
            refund.require_remaining()
        if refund is None or not refund.is_done:
            refund = await _given_all(lease, command.key, work)
        return refunded(lease.payment, refund)


async def _given_all(lease: Lease, key: str, work: PaymentsWork) -> Refund:
    """What came too late is refunded by whoever follows the payment."""
    if lease.payment.status is PaymentStatus.REFUNDED or is_over_without_money(lease.payment.status):
        return await _begun(lease.payment.id, key, work)
    provider = provider_of(lease.payment, work.providers)
    if lease.payment.provider_reference is not None:
        await catch_up(lease, provider, work)
    for _ in range(_MOST_REJECTIONS):
        refund = await _given(lease, key, provider, work)
        if refund is not None:
            return refund
    raise Unavailable("Others give this payment's money back at the provider just now; try again.")


async def _given(lease: Lease, key: str, provider: PaymentProvider, work: PaymentsWork) -> Refund | None:
    """The refund of what is left, once it is done; None when the provider rejects it since somebody was faster."""
    refund = await _begun(lease.payment.id, key, work)
    if refund.is_done:
        return refund
    try:
        return await carry_out(lease, refund, provider, work)
    except RefundRejected:
        if lease.payment.standing.left_minor >= refund.amount_minor:
            raise
    return None


async def _begun(payment_id: UUID, key: str, work: PaymentsWork) -> Refund:
    """A refund of all that is left as our books have it, in the place of all that were not finished."""

    async def begin(step: PaymentsWork) -> Refund:
        payment = await step.payments.lock(payment_id)
        require_not_held(payment.status)
        left_minor = 0 if is_over_without_money(payment.status) else payment.standing.left_minor
        begun = await step.refunds.of_key(payment_id, key)
        if begun is not None and begun.is_of_rest(left_minor):
            return begun
        await step.refunds.give_up_all(payment_id)
        refund = refund_of_rest(key, left_minor, payment.standing.repaid_minor)
        await step.refunds.add(payment_id, refund)
        return refund

    return await work.transaction(begin)
