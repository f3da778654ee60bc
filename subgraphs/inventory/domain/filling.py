"""From which warehouses an order is filled. Pure, and the same for the same stock.

A policy is called when there is enough; it takes all that is asked for,
and never more of a place than is available there.
"""

from collections.abc import Callable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from uuid import UUID

from subgraphs.inventory.domain.stock import Level


@dataclass(frozen=True, slots=True)
class Demand:
    """What one line of an order asks for."""

    line_id: UUID
    variant_id: UUID
    quantity: int


@dataclass(frozen=True, slots=True)
class Allocation:
    """Units of one line, taken from one warehouse."""

    line_id: UUID
    variant_id: UUID
    warehouse_id: UUID
    quantity: int


Fill = Callable[[Sequence[Demand], Sequence[Level]], list[Allocation]]
Left = MutableMapping[Level, int]
Rank = Callable[[Level, int], tuple[object, ...]]  # the lower, the earlier; knows how many units are left there


def fewest_shipments(demands: Sequence[Demand], levels: Sequence[Level]) -> list[Allocation]:
    """A warehouse that has the whole order, if there is one, the fullest of several; else the fullest for each line."""
    whole = _whole_supplier(demands, levels)
    return _filled(
        demands, levels, lambda level, left: (level.warehouse_id != whole, -left, level.priority, level.warehouse_id)
    )


def by_priority(demands: Sequence[Demand], levels: Sequence[Level]) -> list[Allocation]:
    """The warehouses in the order of their priority, each until it is empty."""
    return _filled(demands, levels, lambda level, left: (level.priority, level.warehouse_id))


POLICIES: Mapping[str, Fill] = MappingProxyType({"fewest-parcels": fewest_shipments, "priority": by_priority})


def _filled(demands: Sequence[Demand], levels: Sequence[Level], rank: Rank) -> list[Allocation]:
    left = {level: level.available for level in levels}
    return [allocation for demand in demands for allocation in _fill_line(demand, left, rank)]


def _fill_line(demand: Demand, left: Left, rank: Rank) -> list[Allocation]:
    places = [level for level in left if level.variant_id == demand.variant_id]
    missing = demand.quantity
    allocations: list[Allocation] = []
    for place in sorted(places, key=lambda level: rank(level, left[level])):
        taken = min(missing, left[place])
        if taken > 0:
            left[place] -= taken
            missing -= taken
            allocations.append(Allocation(demand.line_id, demand.variant_id, place.warehouse_id, taken))
    return allocations


def _whole_supplier(demands: Sequence[Demand], levels: Sequence[Level]) -> UUID | None:
    wanted: dict[UUID, int] = {}
    for demand in demands:
        wanted[demand.variant_id] = wanted.get(demand.variant_id, 0) + demand.quantity
    enough: dict[UUID, list[Level]] = {}
    for level in levels:
        if level.available >= wanted.get(level.variant_id, level.available + 1):
            enough.setdefault(level.warehouse_id, []).append(level)
    whole = [its for its in enough.values() if len(its) == len(wanted)]
    fullest = min(whole, key=_emptiness, default=None)
    return fullest[0].warehouse_id if fullest else None


def _emptiness(levels: Sequence[Level]) -> tuple[int, int, UUID]:
    return -sum(level.available for level in levels), levels[0].priority, levels[0].warehouse_id
