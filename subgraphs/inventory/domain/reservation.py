"""The life of a reservation: which step is allowed when."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from subgraphs.inventory.domain.filling import Demand
from subgraphs.inventory.domain.promise import Promise, WaitingLine
from subgraphs.inventory.domain.rejections import (
    AttemptBegun,
    AttemptOver,
    AttemptWithoutReservation,
    EarlierAttemptHasUnits,
    NothingSold,
    ReservationCommitted,
    ReservationReleased,
)
from subgraphs.inventory.domain.stock import Cause, Change, Movement, MovementKind, Stock


class ReservationState(StrEnum):
    """HELD becomes any of the others; EXPIRED can still be committed, when the units are there, or released."""

    HELD = "HELD"
    COMMITTED = "COMMITTED"
    RELEASED = "RELEASED"
    EXPIRED = "EXPIRED"


class CommitStep(StrEnum):
    """What a commit has to do."""

    SELL_HELD = "SELL_HELD"
    SELL_ANEW = "SELL_ANEW"
    NOTHING = "NOTHING"


@dataclass(frozen=True, slots=True)
class Stage:
    """Which attempt at an order has its reservation, and how that stands."""

    attempt: int
    state: ReservationState

    def is_at_its_end(self, returnable: int) -> bool:
        """Whether nothing is held, nor sold and not returned, so that another attempt may take its place."""
        is_sold_back = self.state is ReservationState.COMMITTED and not returnable
        return is_sold_back or self.state in (ReservationState.RELEASED, ReservationState.EXPIRED)

    def require_before(self, attempt: int) -> None:
        """Passes when this is an attempt before the given one. Raises AttemptBegun."""
        if self.attempt >= attempt:
            raise AttemptBegun(attempt, self.attempt)

    def require_end(self, returnable: int) -> None:
        """Passes when another attempt may take the reservation's place. Raises EarlierAttemptHasUnits."""
        if not self.is_at_its_end(returnable):
            raise EarlierAttemptHasUnits(self.attempt, self.state)


@dataclass(frozen=True, slots=True)
class Reservation:
    """The aggregate: what an order has reserved, and the stock of its variants."""

    order_id: UUID
    stage: Stage
    is_overdue: bool
    stock: Stock

    def commit_step(self, attempt: int) -> CommitStep:
        """What a commit has to do. A hold whose time is over, but whose units were not released yet, is as good as any.

        Raises:
            AttemptOver, AttemptWithoutReservation, ReservationReleased
        """
        self._require_same(attempt)
        match self.stage.state:
            case ReservationState.HELD:
                return CommitStep.SELL_HELD
            case ReservationState.EXPIRED:
                return CommitStep.SELL_ANEW
            case ReservationState.COMMITTED:
                return CommitStep.NOTHING
            case ReservationState.RELEASED:
                raise ReservationReleased

    def holds_units(self) -> bool:
        """Whether a release has units to make available again.

        Raises:
            ReservationCommitted: when they are sold.
        """
        if self.stage.state is ReservationState.COMMITTED:
            raise ReservationCommitted
        return self.stage.state is ReservationState.HELD

    def require_sold(self, attempt: int) -> None:
        """Passes when there is something that can be returned.

        Raises:
            AttemptOver, AttemptWithoutReservation, NothingSold
        """
        self._require_same(attempt)
        if self.stage.state is not ReservationState.COMMITTED:
            raise NothingSold(self.stage.state)

    def _require_same(self, attempt: int) -> None:
        if attempt < self.stage.attempt:
            raise AttemptOver(attempt, self.stage.attempt)
        if attempt > self.stage.attempt:
            raise AttemptWithoutReservation(attempt)


@dataclass(frozen=True, slots=True)
class NewReservation:
    """What an attempt at an order asks for and what it is promised, for so many seconds."""

    order_id: UUID
    attempt: int
    demands: Sequence[Demand]
    promise: Promise
    ttl_seconds: int

    @property
    def change(self) -> Change:
        """What the promise does to the stock."""
        cause = Cause("order placed", order_id=self.order_id)
        movements = [
            Movement(MovementKind.HELD, taken.variant_id, taken.warehouse_id, 0, taken.quantity, cause)
            for taken in self.promise.allocations
        ]
        return Change(movements, self.promise.waiting_by_variant)


@dataclass(frozen=True, slots=True)
class Ended:
    """What an order held, by variant and warehouse, waited for, by variant, and its lines that now wait for nothing."""

    held: Sequence[tuple[UUID, UUID, int]]
    waited: Sequence[tuple[UUID, int]]
    lines: Sequence[WaitingLine]

    def change(self, kind: MovementKind, cause: Cause) -> Change:
        """What the end does to the stock: nothing of it is held any more."""
        waiting: Counter[UUID] = Counter()
        for variant_id, units in self.waited:
            waiting[variant_id] -= units
        movements = [
            Movement(kind, variant_id, warehouse_id, 0, -units, cause) for variant_id, warehouse_id, units in self.held
        ]
        return Change(movements, waiting)
