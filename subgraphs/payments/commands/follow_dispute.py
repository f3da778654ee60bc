"""Books what a buyer's bank does with captured money."""

import contextlib
from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

from subgraphs.payments.commands.follow_provider import record_locked
from subgraphs.payments.commands.mismatches import mismatches_told
from subgraphs.payments.domain import dispute as rules
from subgraphs.payments.domain.lease import Lease
from subgraphs.payments.domain.payment import Payment
from subgraphs.payments.domain.ports import PaymentsWork
from subgraphs.payments.domain.provider import Dispute
from subgraphs.payments.domain.rejections import Mismatch


async def follow_dispute(payment: Payment, told: Dispute, work: PaymentsWork) -> bool:
    """Moves a dispute of a locked payment forward to what the provider told; False when that was known.

    Raises:
        DisputeMismatch: when it is not about what the payment took.
    """
    known = await work.disputes.known(payment.id, told.reference)
    with mismatches_told(payment, work):
        followed = rules.follow_dispute(payment, known, told, datetime.now(UTC))
    if followed is None:
        return False
    await work.disputes.save(payment.id, told, followed.dispute)
    await record_locked(payment, followed.change, work)
    return True


async def follow_disputes(lease: Lease, told: Sequence[Dispute], work: PaymentsWork) -> None:
    """Moves all disputes of a leased payment forward; one about something else is logged, and no obstacle."""
    for dispute in told:
        with contextlib.suppress(Mismatch):
            await _follow_one(lease.payment.id, dispute, work)
    if told:
        lease.payment = await work.payments.current(lease.payment.id)


async def _follow_one(payment_id: UUID, told: Dispute, work: PaymentsWork) -> None:
    async def follow(step: PaymentsWork) -> None:
        await follow_dispute(await step.payments.lock(payment_id), told, step)

    await work.transaction(follow)
