"""Inventory's ports in memory: what its handlers are tested with.

One contract suite holds for these and for Postgres.
"""

import copy
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TypeVar
from uuid import UUID

from shared.events.event import Recorder
from subgraphs.inventory.domain.events import announcements, backorders_changed, noticed
from subgraphs.inventory.domain.filling import Demand, Fill, fewest_shipments
from subgraphs.inventory.domain.promise import Arrival, Promise, Reserved, Waiting, WaitingLine
from subgraphs.inventory.domain.reservation import Ended, NewReservation, Reservation, ReservationState, Stage
from subgraphs.inventory.domain.returning import Return, SoldHold, SoldLine, Unwaited
from subgraphs.inventory.domain.stock import Change, Item, Level, Movement, Stock
from subgraphs.inventory.domain.warehouse import Warehouse

Command = TypeVar("Command")
Outcome = TypeVar("Outcome")
Place = tuple[UUID, UUID]  # a variant in a warehouse


@dataclass
class WarehousesTwin:
    """Warehouses in a dictionary."""

    known: dict[UUID, Warehouse] = field(default_factory=dict)

    async def by_ids(self, warehouse_ids: Collection[UUID]) -> Mapping[UUID, Warehouse]:
        return {each: self.known[each] for each in warehouse_ids if each in self.known}


@dataclass
class StockTwin:
    """Items, levels and movements in collections; ``events`` gets what a change tells others."""

    warehouses: WarehousesTwin
    events: Recorder
    items: dict[UUID, Item] = field(default_factory=dict)
    on_hand: Counter[Place] = field(default_factory=Counter)
    held: Counter[Place] = field(default_factory=Counter)
    movements: list[Movement] = field(default_factory=list)

    async def lock(self, variant_ids: Iterable[UUID]) -> Stock:
        wanted = [variant_id for variant_id in sorted(set(variant_ids)) if variant_id in self.items]
        levels = [self._level(place) for place in sorted(self.on_hand) if place[0] in wanted]
        return Stock({variant_id: self.items[variant_id] for variant_id in wanted}, levels)

    async def save(self, stock: Stock, change: Change, lines: Sequence[WaitingLine] = ()) -> Stock:
        now = datetime.now(UTC)
        events = list(announcements(stock, stock.after(change), now))
        for variant_id in noticed(events) | set(change.waiting):
            item = self.items[variant_id]
            version = item.version + (variant_id in noticed(events))
            waiting = item.waiting + change.waiting.get(variant_id, 0)
            self.items[variant_id] = replace(item, version=version, waiting=waiting)
        self.move(change.movements)
        self.events.record(*events, *backorders_changed(lines, now))
        return stock.after(change)

    async def save_rules(self, item: Item) -> None:
        self.items[item.variant_id] = replace(item, waiting=self.items[item.variant_id].waiting)

    async def add_level(self, stock: Stock, variant_id: UUID, warehouse: Warehouse) -> Stock:
        self.on_hand[variant_id, warehouse.id] = 0
        return replace(stock, levels=[*stock.levels, self._level((variant_id, warehouse.id))])

    def move(self, movements: Iterable[Movement]) -> None:
        """Has the levels follow the ledger, as everywhere."""
        for movement in movements:
            self.movements.append(movement)
            self.on_hand[movement.variant_id, movement.warehouse_id] += movement.on_hand
            self.held[movement.variant_id, movement.warehouse_id] += movement.held

    def _level(self, place: Place) -> Level:
        priority = self.warehouses.known[place[1]].priority
        return Level(*place, self.on_hand[place], self.held[place], priority)


@dataclass
class LineTwin:
    """A line of a reservation, and the units that it holds or was sold."""

    demand: Demand
    waiting: int
    returned: int = 0
    dropped: int = 0


@dataclass
class ReservationTwin:
    """A reservation with its lines by id, and its holds in the order in which they were made."""

    attempt: int
    state: ReservationState
    expires_at: datetime
    lines: dict[UUID, LineTwin] = field(default_factory=dict)
    holds: list[SoldHold] = field(default_factory=list)


@dataclass
class ReservationsTwin:
    """Reservations in a dictionary, beside the stock that they hold."""

    stock: StockTwin
    rows: dict[UUID, ReservationTwin] = field(default_factory=dict)
    versions: int = 0
    hold_ids: int = 0

    async def lock(self, order_id: UUID) -> Reservation | None:
        row = self.rows.get(order_id)
        if row is None:
            return None
        stock = await self.stock.lock(line.demand.variant_id for line in row.lines.values())
        return Reservation(order_id, Stage(row.attempt, row.state), row.expires_at <= datetime.now(UTC), stock)

    async def lock_stage(self, order_id: UUID) -> Stage | None:
        row = self.rows.get(order_id)
        return Stage(row.attempt, row.state) if row else None

    async def add(self, stock: Stock, new: NewReservation) -> Reserved | None:
        return None if new.order_id in self.rows else await self._reserve(stock, new)

    async def replace(self, stock: Stock, new: NewReservation) -> Reserved:
        return await self._reserve(stock, new)

    async def bar(self, order_id: UUID, attempt: int) -> bool:
        if order_id in self.rows:
            return False
        self.rows[order_id] = ReservationTwin(attempt, ReservationState.RELEASED, datetime.now(UTC))
        return True

    async def bar_later(self, order_id: UUID, attempt: int) -> None:
        self.rows[order_id] = ReservationTwin(attempt, ReservationState.RELEASED, self.rows[order_id].expires_at)

    async def commit_held(self, order_id: UUID) -> None:
        row = self.rows[order_id]
        row.state = ReservationState.COMMITTED
        for hold in row.holds:
            self.stock.on_hand[hold.variant_id, hold.warehouse_id] -= hold.quantity
            self.stock.held[hold.variant_id, hold.warehouse_id] -= hold.quantity

    async def commit_anew(self, order_id: UUID, promise: Promise) -> Sequence[WaitingLine]:
        self.rows[order_id].state = ReservationState.COMMITTED
        self._hold(order_id, promise)
        for demand in promise.waiting:
            self.rows[order_id].lines[demand.line_id].waiting = demand.quantity
        return [self._line(order_id, demand.line_id) for demand in promise.waiting]

    async def end(self, order_id: UUID, state: ReservationState) -> Ended:
        row = self.rows[order_id]
        held = [(hold.variant_id, hold.warehouse_id, hold.quantity) for hold in row.holds]
        waiting = [line for line in row.lines.values() if line.waiting]
        waited = [(line.demand.variant_id, line.waiting) for line in waiting]
        for line in waiting:
            line.waiting = 0
        row.state, row.holds = state, []
        return Ended(held, waited, [self._line(order_id, line.demand.line_id) for line in waiting])

    async def demands(self, order_id: UUID) -> Sequence[Demand]:
        return [line.demand for line in self.rows[order_id].lines.values()]

    async def sold_lines(self, order_id: UUID) -> Sequence[SoldLine]:
        return [
            SoldLine(*_of(line.demand), line.waiting, line.returned, line.dropped)
            for line in self.rows[order_id].lines.values()
        ]

    async def sold_holds(self, order_id: UUID) -> Sequence[SoldHold]:
        return list(self.rows[order_id].holds)

    async def record_return(self, order_id: UUID, coming: Return) -> Sequence[WaitingLine]:
        row = self.rows[order_id]
        returned = {hold.hold_id: units for hold, units in coming.restocked}
        row.holds = [replace(hold, returned=hold.returned + returned.get(hold.hold_id, 0)) for hold in row.holds]
        for hold, units in coming.restocked:
            row.lines[hold.line_id].returned += units
        for its in coming.unwaited:
            row.lines[its.line_id].returned += its.quantity
        return self._unwait(order_id, coming.unwaited)

    async def record_drop(self, order_id: UUID, dropped: Sequence[Unwaited]) -> Sequence[WaitingLine]:
        for its in dropped:
            self.rows[order_id].lines[its.line_id].dropped += its.quantity
        return self._unwait(order_id, dropped)

    async def waiting_for(self, variant_ids: Sequence[UUID]) -> Sequence[Waiting]:
        return [
            Waiting(order_id, line_id, line.demand.variant_id, line.waiting, row.state is ReservationState.COMMITTED)
            for order_id, row in self.rows.items()
            for line_id, line in row.lines.items()
            if line.waiting and line.demand.variant_id in variant_ids
        ]

    async def allocate(self, arrivals: Sequence[Arrival]) -> Sequence[WaitingLine]:
        by_line: defaultdict[tuple[UUID, UUID], int] = defaultdict(int)
        for arrival in arrivals:
            waiting = arrival.waiting
            by_line[waiting.order_id, waiting.line_id] += arrival.quantity
            self._add_hold(waiting.order_id, waiting.line_id, arrival.warehouse_id, arrival.quantity)
        for (order_id, line_id), units in by_line.items():
            self.rows[order_id].lines[line_id].waiting -= units
        return [self._line(*its) for its in by_line]

    async def waiting_lines(self, order_id: UUID) -> Sequence[WaitingLine]:
        return [self._line(order_id, line_id) for line_id in self.rows[order_id].lines]

    async def _reserve(self, stock: Stock, new: NewReservation) -> Reserved:
        waiting = {demand.line_id: demand.quantity for demand in new.promise.waiting}
        expires_at = datetime.now(UTC) + timedelta(seconds=new.ttl_seconds)
        lines = {its.line_id: LineTwin(its, waiting.get(its.line_id, 0)) for its in new.demands}
        self.rows[new.order_id] = ReservationTwin(new.attempt, ReservationState.HELD, expires_at, lines)
        self._hold(new.order_id, new.promise)
        await self.stock.save(stock, new.change)
        return Reserved(expires_at, [self._line(new.order_id, line_id) for line_id in waiting])

    def _hold(self, order_id: UUID, promise: Promise) -> None:
        for taken in promise.allocations:
            self._add_hold(order_id, taken.line_id, taken.warehouse_id, taken.quantity)

    def _add_hold(self, order_id: UUID, line_id: UUID, warehouse_id: UUID, units: int) -> None:
        self.hold_ids += 1
        variant_id = self.rows[order_id].lines[line_id].demand.variant_id
        self.rows[order_id].holds.append(SoldHold(self.hold_ids, line_id, variant_id, warehouse_id, units, 0))

    def _unwait(self, order_id: UUID, unwaited: Sequence[Unwaited]) -> Sequence[WaitingLine]:
        for its in unwaited:
            self.rows[order_id].lines[its.line_id].waiting -= its.quantity
        return [self._line(order_id, its.line_id) for its in unwaited]

    def _line(self, order_id: UUID, line_id: UUID) -> WaitingLine:
        self.versions += 1
        line = self.rows[order_id].lines[line_id]
        return WaitingLine(order_id, line_id, line.demand.variant_id, line.waiting, self.versions)


def _of(demand: Demand) -> tuple[UUID, UUID, int]:
    return demand.line_id, demand.variant_id, demand.quantity


class InventoryTwin:
    """A unit of work of inventory, and what performs handlers with it.

    A handler that fails leaves everything as it was.
    """

    def __init__(self, fill: Fill = fewest_shipments) -> None:
        self.fill = fill
        self.events = Recorder()
        self.warehouses = WarehousesTwin()
        self.stock = StockTwin(self.warehouses, self.events)
        self.reservations = ReservationsTwin(self.stock)

    async def perform(
        self, handler: Callable[[Command, "InventoryTwin"], Awaitable[Outcome]], command: Command
    ) -> Outcome:
        """What the handler answers."""
        before = copy.deepcopy(self.__dict__)
        try:
            return await handler(command, self)
        except BaseException:
            self.__dict__ = before
            raise
