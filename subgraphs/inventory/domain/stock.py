"""How pieces of stock are promised to orders. Pure: no clock, no database."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

LOW_STOCK = 5


class StockStatus(StrEnum):
    """How well a variant is in stock."""

    IN_STOCK = "IN_STOCK"
    LOW_STOCK = "LOW_STOCK"
    OUT_OF_STOCK = "OUT_OF_STOCK"


def status_of(available: int) -> StockStatus:
    """The word for a number of pieces."""
    if available <= 0:
        return StockStatus.OUT_OF_STOCK
    return StockStatus.LOW_STOCK if available <= LOW_STOCK else StockStatus.IN_STOCK


@dataclass(frozen=True, slots=True)
class Level:
    """The stock of one variant in one warehouse."""

    variant_id: UUID
    warehouse_id: UUID
    on_hand: int
    held: int

    @property
    def available(self) -> int:
        """How many pieces can be promised."""
        return self.on_hand - self.held


@dataclass(frozen=True, slots=True)
class Demand:
    """What one line of an order asks for."""

    line_id: UUID
    variant_id: UUID
    quantity: int


@dataclass(frozen=True, slots=True)
class Allocation:
    """Pieces of one line, taken from one warehouse."""

    line_id: UUID
    variant_id: UUID
    warehouse_id: UUID
    quantity: int


@dataclass(frozen=True, slots=True)
class Shortage:
    """A line that can't be had; ``requested`` counts all lines of its variant."""

    line_id: UUID
    variant_id: UUID
    requested: int
    available: int


def shortages(demands: Sequence[Demand], levels: Sequence[Level]) -> list[Shortage]:
    """The lines whose variants are asked for more often than there are pieces, in the order of the lines."""
    requested: Counter[UUID] = Counter()
    for demand in demands:
        requested[demand.variant_id] += demand.quantity
    available = _available(levels)
    return [
        Shortage(demand.line_id, demand.variant_id, requested[demand.variant_id], available[demand.variant_id])
        for demand in demands
        if requested[demand.variant_id] > available[demand.variant_id]
    ]


def allocate(demands: Sequence[Demand], levels: Sequence[Level]) -> list[Allocation]:
    """Where each line's pieces come from: the fullest warehouse first, so that few parcels are needed.

    Call it only when there are no shortages.
    """
    left = {(level.variant_id, level.warehouse_id): level.available for level in levels}
    return [allocation for demand in demands for allocation in _allocate_line(demand, left)]


def _allocate_line(demand: Demand, left: dict[tuple[UUID, UUID], int]) -> list[Allocation]:
    places = [place for place in left if place[0] == demand.variant_id]
    missing = demand.quantity
    allocations: list[Allocation] = []
    for place in sorted(places, key=lambda place: (-left[place], place)):
        taken = min(missing, left[place])
        if taken > 0:
            left[place] -= taken
            missing -= taken
            allocations.append(Allocation(demand.line_id, demand.variant_id, place[1], taken))
    return allocations


def _available(levels: Iterable[Level]) -> Counter[UUID]:
    available: Counter[UUID] = Counter()
    for level in levels:
        available[level.variant_id] += level.available
    return available
