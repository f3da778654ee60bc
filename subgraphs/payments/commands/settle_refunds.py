"""Records refunds of ours that the provider has given."""

from dataclasses import replace
from datetime import UTC, datetime

from shared.runtime.faults import fault_point
from subgraphs.payments.domain.following import PENDING_SECONDS
from subgraphs.payments.domain.lease import Lease
from subgraphs.payments.domain.payment import Payment
from subgraphs.payments.domain.ports import PaymentsWork
from subgraphs.payments.domain.provider import PaymentProvider, ProviderRefund, RefundState
from subgraphs.payments.domain.refund import Refund


async def settle_refunds(lease: Lease, provider: PaymentProvider, work: PaymentsWork) -> None:
    """Records what was refunded by refunds that an earlier process left unfinished;
    what was not is left to who asked for it.
    """
    for refund in await work.refunds.unfinished(lease.payment.id):
        given = await provider.find_refund(lease.payment.reference, refund.id)
        if given is not None:
            await record_refund(lease, refund, given, work)


async def record_refund(lease: Lease, refund: Refund, given: ProviderRefund, work: PaymentsWork) -> Refund:
    """A refund was given, which is this one at the provider; recorded once.
    One that is on its way yet is asked about again.
    """

    async def record(step: PaymentsWork) -> tuple[Payment, Refund]:
        payment = await step.payments.lock(lease.payment.id)
        change = payment.refund(refund.amount_minor, refund.key, datetime.now(UTC))
        done = replace(refund, is_done=True, refunded_minor=change.standing.repaid_minor)
        if await step.refunds.complete(refund.id, given.reference, change.standing.repaid_minor):
            payment = await step.payments.record(payment, change) or payment
        if given.state is not RefundState.GIVEN:
            await step.payments.follow_in(payment.id, PENDING_SECONDS if given.state is RefundState.PENDING else 0)
            payment = await step.payments.lock(payment.id)
        return payment, done

    lease.payment, done = await work.transaction(record)
    await fault_point("payments.REFUND.recorded")
    return done
