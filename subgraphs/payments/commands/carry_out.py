"""Has the provider refund what a refund says."""

from shared.money import Money
from subgraphs.payments.commands.ask_provider import at_provider
from subgraphs.payments.commands.catch_up import catch_up
from subgraphs.payments.commands.settle_refunds import record_refund
from subgraphs.payments.domain.lease import Lease
from subgraphs.payments.domain.payment import Payment
from subgraphs.payments.domain.ports import PaymentsWork
from subgraphs.payments.domain.provider import PaymentProvider, ProviderRefund, StepRejectedError
from subgraphs.payments.domain.refund import Refund
from subgraphs.payments.domain.rejections import RefundRejected


async def carry_out(lease: Lease, refund: Refund, provider: PaymentProvider, work: PaymentsWork) -> Refund:
    """Gives it back once, and records it.

    Raises:
        RefundRejected: when the provider rejects it;
            the refund is forgotten, and what was done there instead is recorded.
        Unavailable: when the provider has no answer; repeat it.
    """
    try:
        return await record_refund(lease, refund, await _given(lease.payment, refund, provider), work)
    except StepRejectedError as rejected:
        await work.refunds.give_up([refund])
        await catch_up(lease, provider, work)
        raise RefundRejected(str(rejected)) from rejected


async def _given(payment: Payment, refund: Refund, provider: PaymentProvider) -> ProviderRefund:
    """A refund that was perhaps asked for before is looked for first."""
    if refund.was_asked:
        given = await provider.find_refund(payment.reference, refund.id)
        if given is not None:
            return given
    amount = Money(refund.amount_minor, payment.currency)
    return await at_provider("REFUND", lambda: provider.refund(payment.reference, refund.id, amount))
