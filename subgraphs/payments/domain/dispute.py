"""What a buyer's bank does with captured money."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from shared.events.event import Event
from shared.ids import new_id
from subgraphs.payments.domain.events import Disputed, dispute_changed, dispute_moved
from subgraphs.payments.domain.following import AS_IT_IS, DISPUTED_SECONDS
from subgraphs.payments.domain.ledger import Movement, MovementKind
from subgraphs.payments.domain.payment import Change, Payment
from subgraphs.payments.domain.progress import Progress, is_decided_otherwise
from subgraphs.payments.domain.progress import follow_dispute as follow_standing
from subgraphs.payments.domain.provider import Dispute, DisputeOutcome
from subgraphs.payments.domain.rejections import DisputeMismatch


@dataclass(frozen=True, slots=True)
class KnownDispute:
    """What is known of a dispute; its fee in the minor unit of the payment's currency."""

    id: UUID
    outcome: DisputeOutcome
    fee_minor: int
    evidence_due_at: datetime | None


@dataclass(frozen=True, slots=True)
class DisputeChange:
    """What is known of a dispute from now on, and what becomes of its payment."""

    dispute: KnownDispute
    change: Change


def follow_dispute(payment: Payment, known: KnownDispute | None, told: Dispute, now: datetime) -> DisputeChange | None:
    """Moves a dispute forward to what the provider told; None when that was known.

    A dispute opens once; until it closes, the time that evidence is taken until may move. What was decided is decided
    otherwise where the provider has it so now: its caller has asked.

    Raises:
        DisputeMismatch: when it is not about what the payment took.
    """
    _require_fitting(payment, told, is_new=known is None)
    progress = _progress(payment, known, told)
    before = known or KnownDispute(new_id(), DisputeOutcome.OPENED, 0, None)
    after = _after(before, told)
    if not progress.movements and after == before:
        return None
    events = _events(payment, progress, told, before, after, now)
    follow_in = DISPUTED_SECONDS if after.outcome is DisputeOutcome.OPENED else AS_IT_IS
    return DisputeChange(after, payment.moved(progress, events, follow_in))


def is_old_perhaps(known: KnownDispute | None, told: Dispute) -> bool:
    """Whether another decision or time for evidence is told than is known:
    only the provider knows which is the later one.
    """
    if known is not None and is_decided_otherwise(known.outcome, told.outcome):
        return True
    if known is None or known.outcome is not DisputeOutcome.OPENED or told.outcome is not DisputeOutcome.OPENED:
        return False
    return known.evidence_due_at != told.evidence_due_at


def _require_fitting(payment: Payment, told: Dispute, *, is_new: bool) -> None:
    standing = payment.standing
    left_minor = standing.captured_minor - (standing.disputed_minor if is_new else 0)
    if told.amount.currency != payment.currency or not 0 < told.amount.minor <= left_minor:
        raise DisputeMismatch(told.reference)


def _progress(payment: Payment, known: KnownDispute | None, told: Dispute) -> Progress:
    progress = follow_standing(payment.standing, known.outcome if known else None, told)
    more_fee = told.fee_minor - (known.fee_minor if known else 0)
    fee = [Movement(MovementKind.FEE, more_fee)] if more_fee > 0 else []
    return replace(progress, movements=[*progress.movements, *fee])


def _after(before: KnownDispute, told: Dispute) -> KnownDispute:
    """What is told of an open dispute once it is decided is old; the last decision counts."""
    fee_minor = max(told.fee_minor, before.fee_minor)
    if is_decided_otherwise(before.outcome, told.outcome):
        return replace(before, outcome=told.outcome, fee_minor=fee_minor)
    if before.outcome is not DisputeOutcome.OPENED:
        return replace(before, fee_minor=fee_minor)
    return replace(before, outcome=told.outcome, fee_minor=fee_minor, evidence_due_at=told.evidence_due_at)


def _events(
    payment: Payment, progress: Progress, told: Dispute, before: KnownDispute, after: KnownDispute, now: datetime
) -> Sequence[Event]:
    about = Disputed(after.id, told.reference, told.reason, after.evidence_due_at)
    moved = [*dispute_moved(payment.subject(now), progress.movements, about)]
    if moved or after.evidence_due_at == before.evidence_due_at:
        return moved
    return [dispute_changed(payment.subject(now), told.amount, about)]
