"""Books what a buyer's bank does with captured money."""

from dataclasses import replace

from subgraphs.payments.commands.follow_provider import subject
from subgraphs.payments.domain.events import dispute_moved
from subgraphs.payments.domain.ledger import Movement, MovementKind
from subgraphs.payments.domain.ports import Dispute, DisputeOutcome
from subgraphs.payments.domain.progress import Progress
from subgraphs.payments.domain.progress import follow_dispute as follow_standing
from subgraphs.payments.infrastructure.disputes import StoredDispute, keep_dispute
from subgraphs.payments.infrastructure.ledger import Change, record
from subgraphs.payments.infrastructure.payments import StoredPayment

_NOTHING = StoredDispute(DisputeOutcome.OPENED, 0)


async def follow_dispute(payment: StoredPayment, known: StoredDispute | None, told: Dispute) -> bool:
    """Moves a dispute of a locked payment forward to what the provider told; False when that was known.

    A dispute opens once and closes once.
    """
    progress = _progress(payment, known, told)
    if not progress.movements:
        return False
    kept = known or _NOTHING
    outcome = told.outcome if kept.outcome is DisputeOutcome.OPENED else kept.outcome
    await keep_dispute(payment.id, told, outcome, max(told.fee_minor, kept.fee_minor))
    await record(payment, _change(payment, progress, told))
    return True


def _progress(payment: StoredPayment, known: StoredDispute | None, told: Dispute) -> Progress:
    progress = follow_standing(payment.standing, known.outcome if known else None, told)
    more_fee = told.fee_minor - (known.fee_minor if known else 0)
    fee = [Movement(MovementKind.FEE, more_fee)] if more_fee > 0 else []
    return replace(progress, movements=[*progress.movements, *fee])


def _change(payment: StoredPayment, progress: Progress, told: Dispute) -> Change:
    events = [*dispute_moved(subject(payment), progress.movements, told.reference)]
    return Change(progress.standing, progress.movements, events, decline=payment.decline)
