"""What the provider's word on a payment changes here: its status, its amounts, and the movements that explain them.
Pure.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from subgraphs.payments.domain.ledger import Movement, MovementKind
from subgraphs.payments.domain.provider import Dispute, DisputeOutcome, Intent
from subgraphs.payments.domain.status import PaymentStatus, path

_TAKEN = (PaymentStatus.CAPTURED, PaymentStatus.REFUNDED)
_LET_GO = (PaymentStatus.VOIDED, PaymentStatus.DECLINED)
_DECISIONS = {DisputeOutcome.WON: MovementKind.DISPUTE_WON, DisputeOutcome.LOST: MovementKind.DISPUTE_LOST}


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a payment and its money stand; amounts in the currency's minor unit.

    ``refunded_minor`` is what the provider refunded, ``paid_outside_minor`` what the shop paid the buyer outside of
    it: together they may be more than was taken, where somebody gave it back at the provider too. ``disputed_minor`` is
    what buyers' banks took back and did not decide in our favour.
    """

    status: PaymentStatus
    amount_minor: int
    held_minor: int = 0
    captured_minor: int = 0
    refunded_minor: int = 0
    disputed_minor: int = 0
    paid_outside_minor: int = 0

    @property
    def repaid_minor(self) -> int:
        """What the buyer was refunded, by the provider or outside of it; what a bank took back is not in it."""
        return self.refunded_minor + self.paid_outside_minor

    @property
    def left_minor(self) -> int:
        """What was taken, not refunded and not taken back by a bank: more may have been disputed than was left."""
        return max(self.captured_minor - self.repaid_minor - self.disputed_minor, 0)

    @property
    def is_taken_in_part(self) -> bool:
        """Whether somebody took less than what was held, by which no order is paid."""
        return 0 < self.captured_minor < self.amount_minor

    @property
    def has_money(self) -> bool:
        """Whether anything is held, or was taken and not refunded."""
        return self.held_minor > 0 or self.captured_minor > self.repaid_minor


@dataclass(frozen=True, slots=True)
class Progress:
    """A payment's new standing and what moved on the way there."""

    standing: Standing
    movements: Sequence[Movement] = ()


def follow(standing: Standing, intent: Intent) -> Progress:
    """Moves forward to what the provider told, at any time before now:
    what is behind or out of reach changes nothing.

    Of a part that somebody took on the provider's own page nobody is paid: the payment is VOIDED, as is the rest
    of what was held, and the part is money that goes back.
    """
    target = _target(intent)
    moved = Progress(standing)
    if target in path(standing.status, target):
        moved = _moved(replace(standing, status=target), intent)
    return _refunded(moved, intent.refunded_minor)


def acknowledge(standing: Standing, intent: Intent) -> Progress:
    """Books the money that the provider has at this moment of a payment that is over here; its status stays."""
    return _refunded(_moved(standing, intent), intent.refunded_minor)


def refund(standing: Standing, amount_minor: int) -> Progress:
    """Captured money went back to the buyer."""
    return _refunded(Progress(standing), standing.refunded_minor + amount_minor)


def pay_outside(standing: Standing, amount_minor: int) -> Progress:
    """The shop has paid the buyer so much of captured money outside of the provider, which keeps it for the shop."""
    paid = replace(standing, paid_outside_minor=standing.paid_outside_minor + amount_minor)
    return Progress(_ended(paid), [Movement(MovementKind.PAID_OUTSIDE, amount_minor)])


def give_up_hold(standing: Standing) -> Progress:
    """What is held, or may yet be, counts as let go: nobody here can tell or change what becomes of it."""
    return _let_go(replace(standing, status=PaymentStatus.VOIDED), [])


def take_back(standing: Standing, amount_minor: int, is_late: bool) -> Progress:
    """What was refunded came back: the buyer's bank did not take it.
    ``is_late``: it had come after its payment was over.

    A payment of which the buyer has all the same, outside of the provider, stays REFUNDED.
    """
    back = replace(standing, refunded_minor=standing.refunded_minor - amount_minor)
    if back.status is PaymentStatus.REFUNDED and back.repaid_minor < back.captured_minor:
        back = replace(back, status=PaymentStatus.VOIDED if is_late else PaymentStatus.CAPTURED)
    return Progress(back, [Movement(MovementKind.REFUND_FAILED, amount_minor)])


def follow_dispute(standing: Standing, known: DisputeOutcome | None, told: Dispute) -> Progress:
    """Books a dispute from what was known of it to what is told, whatever was not told in between; fees aside.

    What was decided may be decided otherwise later, by an appeal: the last word counts.
    """
    if is_decided_otherwise(known, told.outcome):
        return _decided_otherwise(standing, told)
    movements: list[Movement] = []
    disputed_minor = standing.disputed_minor
    if known is None:
        movements.append(Movement(MovementKind.DISPUTE_OPENED, told.amount.minor))
        disputed_minor += told.amount.minor
    if known in (None, DisputeOutcome.OPENED) and told.outcome in _DECISIONS:
        movements.append(Movement(_DECISIONS[told.outcome], told.amount.minor))
        disputed_minor -= told.amount.minor if told.outcome is DisputeOutcome.WON else 0
    return Progress(replace(standing, disputed_minor=disputed_minor), movements)


def is_decided_otherwise(known: DisputeOutcome | None, told: DisputeOutcome) -> bool:
    """Whether a dispute that was decided is told to be decided the other way."""
    return known in _DECISIONS and told in _DECISIONS and told is not known


def _decided_otherwise(standing: Standing, told: Dispute) -> Progress:
    amount_minor = told.amount.minor
    if told.outcome is DisputeOutcome.WON:
        won = replace(standing, disputed_minor=standing.disputed_minor - amount_minor)
        return Progress(won, [Movement(MovementKind.DISPUTE_REVERSED, amount_minor)])
    taken_again = (
        Movement(MovementKind.DISPUTE_OPENED, amount_minor),
        Movement(MovementKind.DISPUTE_LOST, amount_minor),
    )
    return Progress(replace(standing, disputed_minor=standing.disputed_minor + amount_minor), taken_again)


def _target(intent: Intent) -> PaymentStatus:
    """The status that the provider's word amounts to here."""
    if intent.status in _TAKEN:
        return PaymentStatus.CAPTURED if intent.part_minor is None else PaymentStatus.VOIDED
    return intent.status


def _moved(standing: Standing, intent: Intent) -> Progress:
    """The amount held, taken or let go, as the provider has it."""
    movements: list[Movement] = []
    if standing.captured_minor:
        return Progress(standing)
    if (intent.status is PaymentStatus.AUTHORIZED or intent.status in _TAKEN) and not standing.held_minor:
        movements.append(Movement(MovementKind.AUTHORIZATION, standing.amount_minor))
        standing = replace(standing, held_minor=standing.amount_minor)
    if intent.status in _TAKEN:
        movements.append(Movement(MovementKind.CAPTURE, intent.taken_minor))
        rest_minor = standing.held_minor - intent.taken_minor
        standing = replace(standing, held_minor=rest_minor, captured_minor=intent.taken_minor)
    is_over = intent.status in _LET_GO or intent.status in _TAKEN
    return _let_go(standing, movements) if is_over else Progress(standing, movements)


def _let_go(standing: Standing, movements: Sequence[Movement]) -> Progress:
    """What is held still is not any more."""
    if not standing.held_minor:
        return Progress(standing, movements)
    void = Movement(MovementKind.VOID, standing.held_minor)
    return Progress(replace(standing, held_minor=0), [*movements, void])


def _refunded(moved: Progress, refunded_minor: int) -> Progress:
    standing = moved.standing
    more = min(refunded_minor, standing.captured_minor) - standing.refunded_minor
    if more <= 0:
        return moved
    given = replace(standing, refunded_minor=standing.refunded_minor + more)
    return Progress(_ended(given), [*moved.movements, Movement(MovementKind.REFUND, more)])


def _ended(standing: Standing) -> Standing:
    """REFUNDED once the buyer was given all back that was taken, whoever gave it."""
    is_all = standing.repaid_minor >= standing.captured_minor
    return replace(standing, status=PaymentStatus.REFUNDED) if is_all else standing
