"""Records refunds of ours that the provider has given."""

from dataclasses import replace

from shared import db
from shared.faults import fault_point
from subgraphs.payments.commands.follow_provider import refund_change
from subgraphs.payments.domain.ports import PaymentProvider
from subgraphs.payments.infrastructure.leases import Turn
from subgraphs.payments.infrastructure.ledger import record
from subgraphs.payments.infrastructure.payments import locked_payment
from subgraphs.payments.infrastructure.refunds import StoredRefund, complete_refund, outstanding_refunds


async def settle_refunds(turn: Turn, provider: PaymentProvider) -> None:
    """Records what was given back by refunds that an earlier process left unfinished; what was not is left to who asked for it."""
    for refund in await outstanding_refunds(turn.payment.id):
        reference = await provider.find_refund(turn.payment.reference, refund.id)
        if reference is not None:
            await record_refund(turn, refund, reference)


async def record_refund(turn: Turn, refund: StoredRefund, reference: str) -> StoredRefund:
    """A refund was given, whose reference at the provider this is; recorded once."""
    async with db.transaction():
        payment = await locked_payment(turn.payment.id)
        change = refund_change(payment, refund.amount_minor, refund.key)
        if await complete_refund(refund.id, reference, change.standing.refunded_minor):
            payment = await record(payment, change) or payment
    turn.payment = payment
    await fault_point("payments.REFUND.recorded")
    return replace(refund, is_done=True, refunded_minor=change.standing.refunded_minor)
