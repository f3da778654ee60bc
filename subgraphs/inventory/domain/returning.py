"""Which units of an order come back, and where to. Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from subgraphs.inventory.domain.rejections import TooManyReturned
from subgraphs.inventory.domain.stock import Cause, Change, Movement, MovementKind


@dataclass(frozen=True, slots=True)
class SoldLine:
    """A line of a sold order, in units.

    How many it asked for, waits for still, has returned, and had refunded before they came.
    """

    line_id: UUID
    variant_id: UUID
    quantity: int
    waiting: int
    returned: int
    dropped: int = 0

    @property
    def returnable(self) -> int:
        """How many units can still come back."""
        return self.quantity - self.returned - self.dropped


@dataclass(frozen=True, slots=True)
class SoldHold:
    """Units of a line that were sold from a warehouse, and how many of these came back."""

    hold_id: int
    line_id: UUID
    variant_id: UUID
    warehouse_id: UUID
    quantity: int
    returned: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """How many units of a line are to come back."""

    line_id: UUID
    quantity: int


@dataclass(frozen=True, slots=True)
class Unwaited:
    """Units of a line that it need not wait for any more."""

    line_id: UUID
    variant_id: UUID
    quantity: int


@dataclass(frozen=True, slots=True)
class Return:
    """Units that go back to where they came from, by hold, and units that never came."""

    restocked: Sequence[tuple[SoldHold, int]]
    unwaited: Sequence[Unwaited]

    def change(self, order_id: UUID) -> Change:
        """What the return does to the stock."""
        cause = Cause("order returned", order_id=order_id)
        movements = [
            Movement(MovementKind.RETURNED, hold.variant_id, hold.warehouse_id, units, 0, cause)
            for hold, units in self.restocked
        ]
        return Change(movements, _waiting(self.unwaited))


def plan_return(lines: Sequence[SoldLine], holds: Sequence[SoldHold], wanted: Sequence[Wanted]) -> Return:
    """Units that are waited for come back first, since nobody has them; an empty ``wanted`` is all that is left.

    Raises:
        TooManyReturned: naming the first line of which more is to come back than was sold and has not come back.
    """
    units = _checked({line.line_id: line for line in lines}, wanted) if wanted else _all_left(lines)
    unwaited: list[Unwaited] = []
    for line in lines:
        never_came = min(units[line.line_id], line.waiting)
        if never_came:
            units[line.line_id] -= never_came
            unwaited.append(Unwaited(line.line_id, line.variant_id, never_came))
    return Return(_restocked(holds, units), unwaited)


def plan_drop(lines: Sequence[SoldLine], wanted: Sequence[Wanted]) -> list[Unwaited]:
    """Of units that are refunded and don't come back, those that never came: nobody waits for them any more."""
    refunded: Counter[UUID] = Counter()
    for its in wanted:
        refunded[its.line_id] += its.quantity
    dropped = [Unwaited(line.line_id, line.variant_id, min(refunded[line.line_id], line.waiting)) for line in lines]
    return [its for its in dropped if its.quantity]


def unwaited_change(lines: Sequence[Unwaited]) -> Change:
    """What it does to the stock that lines wait for fewer units."""
    return Change((), _waiting(lines))


def _waiting(lines: Sequence[Unwaited]) -> Counter[UUID]:
    waiting: Counter[UUID] = Counter()
    for its in lines:
        waiting[its.variant_id] -= its.quantity
    return waiting


def _all_left(lines: Sequence[SoldLine]) -> Counter[UUID]:
    return Counter({line.line_id: line.returnable for line in lines})


def _checked(lines: Mapping[UUID, SoldLine], wanted: Sequence[Wanted]) -> Counter[UUID]:
    units: Counter[UUID] = Counter()
    for index, its in enumerate(wanted):
        units[its.line_id] += its.quantity
        returnable = lines[its.line_id].returnable if its.line_id in lines else 0
        if units[its.line_id] > returnable:
            raise TooManyReturned(index, returnable)
    return units


def _restocked(holds: Sequence[SoldHold], units: Counter[UUID]) -> list[tuple[SoldHold, int]]:
    restocked = []
    for hold in holds:
        coming = min(units[hold.line_id], hold.quantity - hold.returned)
        if coming:
            units[hold.line_id] -= coming
            restocked.append((hold, coming))
    return restocked
