"""Gives an order's captured money back, wholly or in part."""

from dataclasses import dataclass
from uuid import UUID

from shared.money import Money
from subgraphs.payments.commands.ask_provider import provider_of
from subgraphs.payments.commands.carry_out import carry_out
from subgraphs.payments.domain.ports import PaymentsWork
from subgraphs.payments.domain.refund import Refund, Refunded, begun_refund, refundable_minor, refunded
from subgraphs.payments.domain.steps import require_refundable


@dataclass(frozen=True, slots=True)
class RefundPayment:
    """So much of what an attempt at an order has paid, in the minor unit of its currency."""

    order_id: UUID
    amount_minor: int
    key: str
    order_attempt: int = 1


async def refund_payment(command: RefundPayment, work: PaymentsWork) -> Refunded:
    """Repeated, it looks for the refund at the provider before it asks for it again.

    Raises:
        PaymentNotFound, KeyOfOtherAmount, NothingCaptured, TooMuchToRefund, ProviderMissing, RefundRejected
        Unavailable: when the provider has no answer; repeat it.
    """
    async with work.leases.of_attempt(command.order_id, command.order_attempt) as lease:
        refund = await work.transaction(lambda step: _begun(lease.payment.id, command, step))
        if not refund.is_done:
            refund = await carry_out(lease, refund, provider_of(lease.payment, work.providers), work)
        return refunded(lease.payment, refund)


async def _begun(payment_id: UUID, command: RefundPayment, work: PaymentsWork) -> Refund:
    """Without a provider none is begun: it would count as about to be given, and nobody would give it."""
    payment = await work.payments.lock(payment_id)
    begun = await work.refunds.of_key(payment_id, command.key)
    if begun is not None:
        begun.require_amount(command.amount_minor)
        return begun
    left_minor = refundable_minor(payment, await work.refunds.unfinished(payment_id))
    require_refundable(payment.status, command.amount_minor, Money(left_minor, payment.currency))
    provider_of(payment, work.providers)
    refund = begun_refund(command.key, command.amount_minor)
    await work.refunds.add(payment_id, refund)
    return refund
