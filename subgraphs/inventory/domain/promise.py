"""What an order can be promised: pieces that are there, and pieces that it has to wait for. Pure."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from subgraphs.inventory.domain.filling import Allocation, Demand, Fill
from subgraphs.inventory.domain.stock import Item, Level, Stock


@dataclass(frozen=True, slots=True)
class Shortage:
    """A line that can't be had; ``requested`` counts all lines of its variant, ``available`` what could be promised."""

    line_id: UUID
    variant_id: UUID
    requested: int
    available: int


@dataclass(frozen=True, slots=True)
class Promise:
    """Which pieces are taken from where, and how many each line waits for."""

    allocations: Sequence[Allocation]
    waiting: Sequence[Demand]

    @property
    def waiting_by_variant(self) -> Counter[UUID]:
        """How many pieces of each variant are waited for."""
        pieces: Counter[UUID] = Counter()
        for demand in self.waiting:
            pieces[demand.variant_id] += demand.quantity
        return pieces


@dataclass(frozen=True, slots=True)
class Waiting:
    """A line of an earlier order that waits for pieces; they are sold already, or held."""

    order_id: UUID
    line_id: UUID
    variant_id: UUID
    quantity: int
    is_sold: bool


@dataclass(frozen=True, slots=True)
class WaitingLine:
    """How many pieces a line of an order is still to get, as others are told. ``version`` grows with every change of it."""

    order_id: UUID
    line_id: UUID
    variant_id: UUID
    quantity: int
    version: int


@dataclass(frozen=True, slots=True)
class Reserved:
    """When a hold ends, and the lines of which pieces are still to come."""

    expires_at: datetime
    waiting: Sequence[WaitingLine]


@dataclass(frozen=True, slots=True)
class Arrival:
    """Pieces that a waiting line gets from a warehouse."""

    waiting: Waiting
    warehouse_id: UUID
    quantity: int


def promise(demands: Sequence[Demand], stock: Stock, fill: Fill) -> Promise | list[Shortage]:
    """All of it, or the lines whose variants are asked for too often, in the order of the lines."""
    requested: Counter[UUID] = Counter()
    for demand in demands:
        requested[demand.variant_id] += demand.quantity
    most = {variant_id: _most(variant_id, stock) for variant_id in requested}
    missing = [demand for demand in demands if requested[demand.variant_id] > most[demand.variant_id]]
    if missing:
        return [Shortage(its.line_id, its.variant_id, requested[its.variant_id], int(most[its.variant_id])) for its in missing]
    present, waiting = _split(demands, Counter({variant_id: stock.available(variant_id) for variant_id in requested}))
    return Promise(fill(present, stock.levels), waiting)


def arrivals(waiting: Sequence[Waiting], stock: Stock) -> list[Arrival]:
    """Who gets the pieces that are there: those who have waited longest come first in ``waiting``."""
    left = {level: level.available for level in sorted(stock.levels, key=lambda level: (level.priority, level.warehouse_id))}
    return [arrival for line in waiting for arrival in _arrivals_of(line, left)]


def _most(variant_id: UUID, stock: Stock) -> float:
    item = stock.items.get(variant_id, Item(variant_id))
    return stock.available(variant_id) + item.backorders.room(item.waiting)


def _split(demands: Sequence[Demand], left: Counter[UUID]) -> tuple[list[Demand], list[Demand]]:
    """The pieces that are there, for the first lines first, and those that are not."""
    present, waiting = [], []
    for demand in demands:
        taken = min(demand.quantity, left[demand.variant_id])
        left[demand.variant_id] -= taken
        if taken:
            present.append(Demand(demand.line_id, demand.variant_id, taken))
        if taken < demand.quantity:
            waiting.append(Demand(demand.line_id, demand.variant_id, demand.quantity - taken))
    return present, waiting


def _arrivals_of(line: Waiting, left: dict[Level, int]) -> list[Arrival]:
    missing = line.quantity
    found: list[Arrival] = []
    for level in left:
        taken = min(missing, left[level]) if level.variant_id == line.variant_id else 0
        if taken > 0:
            left[level] -= taken
            missing -= taken
            found.append(Arrival(line, level.warehouse_id, taken))
    return found
