"""Records refunds of ours that the provider has given."""

from dataclasses import replace

from shared.persistence import db
from shared.runtime.faults import fault_point
from subgraphs.payments.commands.follow_provider import refund_change
from subgraphs.payments.commands.take_back import PENDING_SECONDS
from subgraphs.payments.domain.ports import PaymentProvider, ProviderRefund, RefundState
from subgraphs.payments.infrastructure.leases import Turn
from subgraphs.payments.infrastructure.ledger import record
from subgraphs.payments.infrastructure.payments import follow_in, locked_payment
from subgraphs.payments.infrastructure.refunds import StoredRefund, complete_refund, outstanding_refunds


async def settle_refunds(turn: Turn, provider: PaymentProvider) -> None:
    """Records what was given back by refunds that an earlier process left unfinished; what was not is left to who asked for it."""
    for refund in await outstanding_refunds(turn.payment.id):
        given = await provider.find_refund(turn.payment.reference, refund.id)
        if given is not None:
            await record_refund(turn, refund, given)


async def record_refund(turn: Turn, refund: StoredRefund, given: ProviderRefund) -> StoredRefund:
    """A refund was given, which is this one at the provider; recorded once. One that is on its way yet is asked about again."""
    async with db.transaction():
        payment = await locked_payment(turn.payment.id)
        change = refund_change(payment, refund.amount_minor, refund.key)
        if await complete_refund(refund.id, given.reference, change.standing.given_back_minor):
            payment = await record(payment, change) or payment
        if given.state is not RefundState.GIVEN:
            await follow_in(payment.id, PENDING_SECONDS if given.state is RefundState.PENDING else 0)
            payment = await locked_payment(payment.id)
    turn.payment = payment
    await fault_point("payments.REFUND.recorded")
    return replace(refund, is_done=True, refunded_minor=change.standing.given_back_minor)
