"""Which pieces of an order come back, and where to. Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from shared.errors import FailedPrecondition


@dataclass(frozen=True, slots=True)
class SoldLine:
    """A line of a sold order: how many pieces it asked for, waits for still, has given back, and was refunded before they came."""

    line_id: UUID
    variant_id: UUID
    quantity: int
    waiting: int
    returned: int
    dropped: int = 0

    @property
    def returnable(self) -> int:
        """How many pieces can still come back."""
        return self.quantity - self.returned - self.dropped


@dataclass(frozen=True, slots=True)
class SoldHold:
    """Pieces of a line that were sold from a warehouse, and how many of these came back."""

    hold_id: int
    line_id: UUID
    variant_id: UUID
    warehouse_id: UUID
    quantity: int
    returned: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """How many pieces of a line are to come back."""

    line_id: UUID
    quantity: int


@dataclass(frozen=True, slots=True)
class Unwaited:
    """Pieces of a line that it need not wait for any more."""

    line_id: UUID
    variant_id: UUID
    quantity: int


@dataclass(frozen=True, slots=True)
class Return:
    """Pieces that go back to where they came from, by hold, and pieces that never came."""

    restocked: Sequence[tuple[SoldHold, int]]
    unwaited: Sequence[Unwaited]


def plan_return(lines: Sequence[SoldLine], holds: Sequence[SoldHold], wanted: Sequence[Wanted]) -> Return:
    """Pieces that are waited for come back first, since nobody has them; an empty ``wanted`` is all that is left.

    Raises:
        FailedPrecondition: naming the first line of which more is to come back than was sold and has not come back.
    """
    pieces = _checked({line.line_id: line for line in lines}, wanted) if wanted else _all_left(lines)
    unwaited: list[Unwaited] = []
    for line in lines:
        never_came = min(pieces[line.line_id], line.waiting)
        if never_came:
            pieces[line.line_id] -= never_came
            unwaited.append(Unwaited(line.line_id, line.variant_id, never_came))
    return Return(_restocked(holds, pieces), unwaited)


def plan_drop(lines: Sequence[SoldLine], wanted: Sequence[Wanted]) -> list[Unwaited]:
    """Of pieces that are refunded and don't come back, those that never came: nobody waits for them any more."""
    refunded: Counter[UUID] = Counter()
    for its in wanted:
        refunded[its.line_id] += its.quantity
    dropped = [Unwaited(line.line_id, line.variant_id, min(refunded[line.line_id], line.waiting)) for line in lines]
    return [its for its in dropped if its.quantity]


def _all_left(lines: Sequence[SoldLine]) -> Counter[UUID]:
    return Counter({line.line_id: line.returnable for line in lines})


def _checked(lines: Mapping[UUID, SoldLine], wanted: Sequence[Wanted]) -> Counter[UUID]:
    pieces: Counter[UUID] = Counter()
    for index, its in enumerate(wanted):
        pieces[its.line_id] += its.quantity
        returnable = lines[its.line_id].returnable if its.line_id in lines else 0
        if pieces[its.line_id] > returnable:
            message = f"{returnable} pieces of this line are sold and not returned; return no more."
            raise FailedPrecondition(message, ("lines", str(index), "quantity"))
    return pieces


def _restocked(holds: Sequence[SoldHold], pieces: Counter[UUID]) -> list[tuple[SoldHold, int]]:
    restocked = []
    for hold in holds:
        coming = min(pieces[hold.line_id], hold.quantity - hold.returned)
        if coming:
            pieces[hold.line_id] -= coming
            restocked.append((hold, coming))
    return restocked
