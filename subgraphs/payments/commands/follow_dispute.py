"""Books what a buyer's bank does with captured money."""

import logging
from collections.abc import Sequence
from dataclasses import replace

from shared.events.event import Event
from subgraphs.payments.commands.follow_provider import Mismatch, subject
from subgraphs.payments.domain.events import Disputed, dispute_changed, dispute_moved
from subgraphs.payments.domain.ledger import Movement, MovementKind
from subgraphs.payments.domain.ports import Dispute, DisputeOutcome
from subgraphs.payments.domain.progress import Progress, is_decided_otherwise
from subgraphs.payments.domain.progress import follow_dispute as follow_standing
from subgraphs.payments.infrastructure.disputes import StoredDispute, begun_dispute, dispute_of, keep_dispute
from subgraphs.payments.infrastructure.ledger import AS_IT_IS, Change, record
from subgraphs.payments.infrastructure.metrics import MISMATCHES
from subgraphs.payments.infrastructure.payments import StoredPayment

logger = logging.getLogger(__name__)

DISPUTED_SECONDS = 900.0
"""How often the provider is asked about a payment while a dispute of it is open."""


async def follow_dispute(payment: StoredPayment, told: Dispute) -> bool:
    """Moves a dispute of a locked payment forward to what the provider told; False when that was known.

    A dispute opens once; until it closes, the time that evidence is taken until may move. What was decided is decided otherwise
    where the provider has it so now: its caller has asked.

    Raises:
        Mismatch: when it is not about what the payment took.
    """
    known = await dispute_of(payment.id, told.reference)
    _require_fitting(payment, told, known is None)
    progress = _progress(payment, known, told)
    before = known or begun_dispute()
    now = _now(before, told)
    if not progress.movements and now == before:
        return False
    await keep_dispute(payment.id, told, now)
    events = _events(payment, progress, told, before, now)
    follow_in = DISPUTED_SECONDS if now.outcome is DisputeOutcome.OPENED else AS_IT_IS
    change = Change(progress.standing, progress.movements, events, decline=payment.decline, follow_in=follow_in)
    await record(payment, change)
    return True


def _require_fitting(payment: StoredPayment, told: Dispute, is_new: bool) -> None:
    standing = payment.standing
    left_minor = standing.captured_minor - (standing.disputed_minor if is_new else 0)
    if told.amount.currency == payment.currency and 0 < told.amount.minor <= left_minor:
        return
    MISMATCHES.labels(payment.provider).inc()
    logger.error("dispute %s is not about what payment %s took: not applied, look at it", told.reference, payment.id)
    raise Mismatch("The provider tells of a dispute about something else than was taken; a person must look at it.")


def _progress(payment: StoredPayment, known: StoredDispute | None, told: Dispute) -> Progress:
    progress = follow_standing(payment.standing, known.outcome if known else None, told)
    more_fee = told.fee_minor - (known.fee_minor if known else 0)
    fee = [Movement(MovementKind.FEE, more_fee)] if more_fee > 0 else []
    return replace(progress, movements=[*progress.movements, *fee])


def _now(before: StoredDispute, told: Dispute) -> StoredDispute:
    """What is told of an open dispute once it is decided is old; the last decision counts."""
    fee_minor = max(told.fee_minor, before.fee_minor)
    if is_decided_otherwise(before.outcome, told.outcome):
        return replace(before, outcome=told.outcome, fee_minor=fee_minor)
    if before.outcome is not DisputeOutcome.OPENED:
        return replace(before, fee_minor=fee_minor)
    return replace(before, outcome=told.outcome, fee_minor=fee_minor, evidence_due_at=told.evidence_due_at)


def _events(
    payment: StoredPayment, progress: Progress, told: Dispute, before: StoredDispute, now: StoredDispute
) -> Sequence[Event]:
    about = Disputed(now.id, told.reference, told.reason, now.evidence_due_at)
    moved = [*dispute_moved(subject(payment), progress.movements, about)]
    if moved or now.evidence_due_at == before.evidence_due_at:
        return moved
    return [dispute_changed(subject(payment), told.amount, about)]
