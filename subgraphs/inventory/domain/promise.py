"""What an order can be promised: units that are there, and units that it has to wait for. Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from subgraphs.inventory.domain.filling import Allocation, Demand, Fill
from subgraphs.inventory.domain.stock import Cause, Change, Item, Level, Movement, MovementKind, Stock


@dataclass(frozen=True, slots=True)
class Shortage:
    """A line that can't be had; ``requested`` counts all lines of its variant, ``available`` what could be promised."""

    line_id: UUID
    variant_id: UUID
    requested: int
    available: int


@dataclass(frozen=True, slots=True)
class InsufficientStock:
    """An order that can't be had, by the lines of which there is not enough."""

    shortages: Sequence[Shortage]


@dataclass(frozen=True, slots=True)
class Promise:
    """Which units are taken from where, and how many each line waits for."""

    allocations: Sequence[Allocation]
    waiting: Sequence[Demand]

    @property
    def waiting_by_variant(self) -> Counter[UUID]:
        """How many units of each variant are waited for."""
        units: Counter[UUID] = Counter()
        for demand in self.waiting:
            units[demand.variant_id] += demand.quantity
        return units


@dataclass(frozen=True, slots=True)
class Waiting:
    """A line of an earlier order that waits for units; they are sold already, or held."""

    order_id: UUID
    line_id: UUID
    variant_id: UUID
    quantity: int
    is_sold: bool


@dataclass(frozen=True, slots=True)
class WaitingLine:
    """How many units a line of an order is still to get, as others are told.

    ``version`` grows with every change of it.
    """

    order_id: UUID
    line_id: UUID
    variant_id: UUID
    quantity: int
    version: int


@dataclass(frozen=True, slots=True)
class Reserved:
    """When a hold ends, and the lines of which units are still to come."""

    expires_at: datetime
    waiting: Sequence[WaitingLine]


@dataclass(frozen=True, slots=True)
class Arrival:
    """Units that a waiting line gets from a warehouse."""

    waiting: Waiting
    warehouse_id: UUID
    quantity: int


def promise(demands: Sequence[Demand], stock: Stock, fill: Fill) -> Promise | InsufficientStock:
    """All of it, or the lines whose variants are asked for too often, in the order of the lines."""
    requested: Counter[UUID] = Counter()
    for demand in demands:
        requested[demand.variant_id] += demand.quantity
    most = {variant_id: _most(variant_id, stock) for variant_id in requested}
    missing = [demand for demand in demands if requested[demand.variant_id] > most[demand.variant_id]]
    if missing:
        return InsufficientStock([_shortage(its, requested, most) for its in missing])
    present, waiting = _split(demands, Counter({variant_id: stock.available(variant_id) for variant_id in requested}))
    return Promise(fill(present, stock.levels), waiting)


def arrivals(waiting: Sequence[Waiting], stock: Stock) -> list[Arrival]:
    """Who gets the units that are there: those who have waited longest come first in ``waiting``."""
    left = {
        level: level.available for level in sorted(stock.levels, key=lambda level: (level.priority, level.warehouse_id))
    }
    return [arrival for line in waiting for arrival in _arrivals_of(line, left)]


def allocated(arrivals: Sequence[Arrival]) -> Change:
    """What it does to the stock that waiting lines get their units."""
    waiting: Counter[UUID] = Counter()
    for arrival in arrivals:
        waiting[arrival.waiting.variant_id] -= arrival.quantity
    return Change([_movement(arrival) for arrival in arrivals], waiting)


def _movement(arrival: Arrival) -> Movement:
    cause = Cause("came for an order that waited", order_id=arrival.waiting.order_id)
    place = arrival.waiting.variant_id, arrival.warehouse_id
    if arrival.waiting.is_sold:
        return Movement(MovementKind.SOLD, *place, -arrival.quantity, 0, cause)
    return Movement(MovementKind.HELD, *place, 0, arrival.quantity, cause)


def _shortage(demand: Demand, requested: Counter[UUID], most: Mapping[UUID, float]) -> Shortage:
    variant_id = demand.variant_id
    return Shortage(demand.line_id, variant_id, requested[variant_id], int(most[variant_id]))


def _most(variant_id: UUID, stock: Stock) -> float:
    item = stock.items.get(variant_id, Item(variant_id))
    return stock.available(variant_id) + item.backorders.room(item.waiting)


def _split(demands: Sequence[Demand], left: Counter[UUID]) -> tuple[list[Demand], list[Demand]]:
    """The units that are there, for the first lines first, and those that are not."""
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
