"""A variant's stock: what lies where, what of it is promised, and how it changes. Pure: no clock, no database."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from uuid import UUID

LOW_STOCK = 5
MOST_UNITS = 1_000_000
MOST_ON_HAND = 10_000_000  # of a variant in a warehouse: their sum over two hundred warehouses fits an Int of GraphQL


class StockStatus(StrEnum):
    """How well a variant is in stock."""

    IN_STOCK = "IN_STOCK"
    LOW_STOCK = "LOW_STOCK"
    OUT_OF_STOCK = "OUT_OF_STOCK"
    BACKORDER = "BACKORDER"


@dataclass(frozen=True, slots=True)
class Backorders:
    """Whether a variant can be bought beyond what is there, when units are expected, and how many may wait.

    The day is for those, too, who wait since it was allowed once. Without a limit, any number may wait.
    """

    is_allowed: bool = False
    available_from: date | None = None
    limit: int | None = None

    def replaced_by(self, new: "Backorders") -> "Backorders":
        """New rules. When they forbid it and name no day, the one that is known stays: those who wait go on waiting."""
        keeps_day = not new.is_allowed and new.available_from is None
        return replace(new, available_from=self.available_from) if keeps_day else new

    def room(self, waiting: int) -> float:
        """How many more units may be waited for."""
        if not self.is_allowed:
            return 0
        return float("inf") if self.limit is None else max(0, self.limit - waiting)

    def remaining(self, waiting: int) -> int | None:
        """The same as a number of units; None: without limit."""
        room = self.room(waiting)
        return None if room == float("inf") else int(room)


@dataclass(frozen=True, slots=True)
class Item:
    """A variant that inventory knows, its rules, and how many units orders wait for."""

    variant_id: UUID
    version: int = 0
    low_stock_threshold: int = LOW_STOCK
    backorders: Backorders = Backorders()
    waiting: int = 0

    def with_rules(self, low_stock_threshold: int | None, backorders: Backorders | None) -> "Item":
        """The item with new rules; None leaves one as it is."""
        threshold = self.low_stock_threshold if low_stock_threshold is None else low_stock_threshold
        replaced = self.backorders if backorders is None else self.backorders.replaced_by(backorders)
        return replace(self, low_stock_threshold=threshold, backorders=replaced)

    @property
    def accepts_backorders(self) -> bool:
        """Whether an order may ask for more than is there, now."""
        return self.backorders.room(self.waiting) > 0


@dataclass(frozen=True, slots=True)
class Level:
    """The stock of one variant in one warehouse; the lower ``priority`` the earlier it is taken from."""

    variant_id: UUID
    warehouse_id: UUID
    on_hand: int
    held: int
    priority: int = 0

    @property
    def available(self) -> int:
        """How many units can be promised."""
        return self.on_hand - self.held


class MovementKind(StrEnum):
    """Why stock changed."""

    RECEIVED = "RECEIVED"
    ADJUSTED = "ADJUSTED"
    MOVED = "MOVED"
    HELD = "HELD"
    RELEASED = "RELEASED"
    EXPIRED = "EXPIRED"
    SOLD = "SOLD"
    RETURNED = "RETURNED"


@dataclass(frozen=True, slots=True)
class Cause:
    """Why a movement happens, and which user or which order it was."""

    reason: str
    actor_id: UUID | None = None
    order_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Movement:
    """A line of the ledger: so many units more, or fewer, lie in a place or are held there."""

    kind: MovementKind
    variant_id: UUID
    warehouse_id: UUID
    on_hand: int
    held: int
    cause: Cause


@dataclass(frozen=True, slots=True)
class Change:
    """What happens to stock in one go: movements, and how many units more are waited for, by variant."""

    movements: Sequence[Movement] = ()
    waiting: Mapping[UUID, int] = field(default_factory=dict)

    def and_then(self, other: "Change") -> "Change":
        """Both."""
        waiting = Counter(self.waiting)
        for variant_id, units in other.waiting.items():
            waiting[variant_id] += units
        return Change([*self.movements, *other.movements], waiting)


@dataclass(frozen=True, slots=True)
class Stock:
    """All that there is of some variants. Unknown variants have no item and no level."""

    items: Mapping[UUID, Item]
    levels: Sequence[Level]

    def available(self, variant_id: UUID) -> int:
        """How many units can be promised, in all warehouses together."""
        return sum(level.available for level in self.levels if level.variant_id == variant_id)

    def level(self, variant_id: UUID, warehouse_id: UUID) -> Level | None:
        """What lies in one place; None when the variant never was there."""
        return next(
            (its for its in self.levels if (its.variant_id, its.warehouse_id) == (variant_id, warehouse_id)), None
        )

    def wanted(self) -> list[UUID]:
        """The variants that have free units although orders wait for some."""
        return [key for key, item in self.items.items() if item.waiting > 0 and self.available(key) > 0]

    def after(self, change: Change) -> "Stock":
        """The stock once a change has happened."""
        on_hand: Counter[tuple[UUID, UUID]] = Counter()
        held: Counter[tuple[UUID, UUID]] = Counter()
        for movement in change.movements:
            on_hand[movement.variant_id, movement.warehouse_id] += movement.on_hand
            held[movement.variant_id, movement.warehouse_id] += movement.held
        levels = [_moved(level, on_hand, held) for level in self.levels]
        items = {
            key: replace(item, waiting=item.waiting + change.waiting.get(key, 0)) for key, item in self.items.items()
        }
        return Stock(items, levels)


def status_of(available: int, item: Item) -> StockStatus:
    """The word for a number of units."""
    if available <= 0:
        return StockStatus.BACKORDER if item.accepts_backorders else StockStatus.OUT_OF_STOCK
    return StockStatus.LOW_STOCK if available <= item.low_stock_threshold else StockStatus.IN_STOCK


def _moved(level: Level, on_hand: Counter[tuple[UUID, UUID]], held: Counter[tuple[UUID, UUID]]) -> Level:
    place = level.variant_id, level.warehouse_id
    if not on_hand[place] and not held[place]:
        return level
    return replace(level, on_hand=level.on_hand + on_hand[place], held=level.held + held[place])
