"""One contract for inventory's ports: the twins in memory and Postgres answer alike."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

import pytest
import pytest_asyncio

from shared.ids import new_id
from subgraphs.inventory.domain.filling import Allocation, Demand
from subgraphs.inventory.domain.ports import InventoryWork
from subgraphs.inventory.domain.promise import Arrival, Promise, Reserved, Waiting
from subgraphs.inventory.domain.reservation import NewReservation, ReservationState, Stage
from subgraphs.inventory.domain.returning import Return, SoldLine, Unwaited
from subgraphs.inventory.domain.stock import Backorders, Cause, Change, Item, Level, Movement, MovementKind
from subgraphs.inventory.domain.warehouse import Warehouse
from subgraphs.inventory.infrastructure import tables
from tests.backends import Backends
from tests.fakes.stock import InventoryTwin
from tests.stock import WORK
from tests.subgraphs import connected

Outcome = TypeVar("Outcome")
HERE = Warehouse(UUID(int=101), "HERE", "Here", "DE", 1)
THERE = Warehouse(UUID(int=102), "THERE", "There", "DE", 2)
CAUSE = Cause("test")
SOON = 900


@dataclass
class Inventory:
    """An inventory of some kind: ``perform`` runs a handler as a unit of work, ``add`` puts a variant into HERE."""

    perform: Callable[[Callable[[None, InventoryWork], Awaitable[Outcome]], None], Awaitable[Outcome]]
    add: Callable[[int], Awaitable[UUID]]

    async def run(self, steps: Callable[[InventoryWork], Awaitable[Outcome]]) -> Outcome:
        """Steps of one unit of work."""

        async def handler(_: None, work: InventoryWork) -> Outcome:
            return await steps(work)

        return await self.perform(handler, None)


@pytest_asyncio.fixture(params=["memory", "postgres"])
async def inventory(request: pytest.FixtureRequest, backends: Backends) -> AsyncIterator[Inventory]:
    if request.param == "memory":
        yield in_memory()
        return
    async with connected(backends, "inventory"):
        for its in (HERE, THERE):
            await tables.Warehouse.create(
                id=its.id, code=its.code, name=its.name, country=its.country, priority=its.priority
            )
        yield Inventory(WORK.perform, add_row)


def in_memory() -> Inventory:
    twin = InventoryTwin()
    twin.warehouses.known = {its.id: its for its in (HERE, THERE)}

    async def add(units: int) -> UUID:
        variant_id = new_id()
        twin.stock.items[variant_id] = Item(variant_id)
        twin.stock.on_hand[variant_id, HERE.id] = units
        return variant_id

    return Inventory(twin.perform, add)


async def add_row(units: int) -> UUID:
    variant_id = new_id()
    await tables.StockItem.create(variant_id=variant_id, version=0)
    await tables.StockLevel.create(variant_id=variant_id, warehouse_id=HERE.id, on_hand=units, held=0)
    return variant_id


def new_reservation(variant_id: UUID, held: int, waiting: int = 0, attempt: int = 1) -> NewReservation:
    demand = Demand(new_id(), variant_id, held + waiting)
    allocations = [Allocation(demand.line_id, variant_id, HERE.id, held)] if held else []
    unmet = [Demand(demand.line_id, variant_id, waiting)] if waiting else []
    return NewReservation(new_id(), attempt, [demand], Promise(allocations, unmet), SOON)


async def added(inventory: Inventory, new: NewReservation) -> Reserved | None:
    """The reservation, of stock that is locked for it."""

    async def steps(work: InventoryWork) -> Reserved | None:
        stock = await work.stock.lock([new.demands[0].variant_id])
        return await work.reservations.add(stock, new)

    return await inventory.run(steps)


async def test_warehouses_are_found_by_id(inventory: Inventory) -> None:
    found = await inventory.run(lambda work: work.warehouses.by_ids([HERE.id, new_id()]))
    assert dict(found) == {HERE.id: HERE}


async def test_locked_stock_leaves_out_unknown_variants(inventory: Inventory) -> None:
    variant_id = await inventory.add(5)
    stock = await inventory.run(lambda work: work.stock.lock([variant_id, new_id(), variant_id]))
    assert stock.items == {variant_id: Item(variant_id)}
    assert list(stock.levels) == [Level(variant_id, HERE.id, 5, 0, HERE.priority)]


async def test_a_saved_change_is_what_is_found_next(inventory: Inventory) -> None:
    variant_id = await inventory.add(5)

    async def change(work: InventoryWork) -> None:
        stock = await work.stock.add_level(await work.stock.lock([variant_id]), variant_id, THERE)
        moves = [
            Movement(MovementKind.MOVED, variant_id, HERE.id, -3, 0, CAUSE),
            Movement(MovementKind.MOVED, variant_id, THERE.id, 4, 0, CAUSE),
        ]
        then = await work.stock.save(stock, Change(moves, {variant_id: 0}))
        assert then.available(variant_id) == 6

    await inventory.run(change)
    stock = await inventory.run(lambda work: work.stock.lock([variant_id]))
    assert list(stock.levels) == [
        Level(variant_id, HERE.id, 2, 0, HERE.priority),
        Level(variant_id, THERE.id, 4, 0, THERE.priority),
    ]
    assert stock.items[variant_id].version == 1


async def test_a_change_that_shoppers_do_not_notice_has_no_version(inventory: Inventory) -> None:
    variant_id = await inventory.add(5)

    async def change(work: InventoryWork) -> None:
        await work.stock.save(await work.stock.lock([variant_id]), Change((), {variant_id: 2}))

    await inventory.run(change)
    stock = await inventory.run(lambda work: work.stock.lock([variant_id]))
    assert (stock.items[variant_id].version, stock.items[variant_id].waiting) == (0, 2)


async def test_rules_are_saved(inventory: Inventory) -> None:
    variant_id = await inventory.add(5)
    item = Item(variant_id, 7, 3, Backorders(is_allowed=True, limit=4))
    await inventory.run(lambda work: work.stock.save_rules(item))
    assert (await inventory.run(lambda work: work.stock.lock([variant_id]))).items[variant_id] == item


async def test_an_order_has_one_reservation(inventory: Inventory) -> None:
    new = new_reservation(await inventory.add(5), 2)

    async def again(work: InventoryWork) -> None:
        assert await work.reservations.add(await work.stock.lock([new.demands[0].variant_id]), new) is None
        raise LookupError

    assert isinstance(await added(inventory, new), Reserved)
    with pytest.raises(LookupError):
        await inventory.run(again)
    reservation = await inventory.run(lambda work: work.reservations.lock(new.order_id))
    assert reservation is not None
    assert (reservation.stage, reservation.is_overdue) == (Stage(1, ReservationState.HELD), False)
    assert [(level.on_hand, level.held) for level in reservation.stock.levels] == [(5, 2)]
    assert list(await inventory.run(lambda work: work.reservations.demands(new.order_id))) == list(new.demands)


async def test_an_order_that_is_not_there_has_no_reservation(inventory: Inventory) -> None:
    assert await inventory.run(lambda work: work.reservations.lock(new_id())) is None
    assert await inventory.run(lambda work: work.reservations.lock_stage(new_id())) is None


async def test_a_barred_order_has_a_released_reservation_without_stock(inventory: Inventory) -> None:
    order_id = new_id()
    assert await inventory.run(lambda work: work.reservations.bar(order_id, 2))
    assert not await inventory.run(lambda work: work.reservations.bar(order_id, 1))
    reservation = await inventory.run(lambda work: work.reservations.lock(order_id))
    assert reservation is not None
    assert (reservation.stage, list(reservation.stock.levels)) == (Stage(2, ReservationState.RELEASED), [])


async def test_units_that_are_committed_leave(inventory: Inventory) -> None:
    new = new_reservation(await inventory.add(5), 2)
    await added(inventory, new)
    await inventory.run(lambda work: work.reservations.commit_held(new.order_id))
    reservation = await inventory.run(lambda work: work.reservations.lock(new.order_id))
    assert reservation is not None
    assert reservation.stage.state is ReservationState.COMMITTED
    assert [(level.on_hand, level.held) for level in reservation.stock.levels] == [(3, 0)]
    (line,) = await inventory.run(lambda work: work.reservations.sold_lines(new.order_id))
    assert line == SoldLine(new.demands[0].line_id, new.demands[0].variant_id, 2, 0, 0)


async def test_an_end_answers_what_was_held_and_waited_for(inventory: Inventory) -> None:
    new = new_reservation(await inventory.add(5), 2, waiting=3)
    await added(inventory, new)
    ended = await inventory.run(lambda work: work.reservations.end(new.order_id, ReservationState.EXPIRED))
    variant_id = new.demands[0].variant_id
    assert (list(ended.held), list(ended.waited)) == ([(variant_id, HERE.id, 2)], [(variant_id, 3)])
    assert [(its.line_id, its.quantity) for its in ended.lines] == [(new.demands[0].line_id, 0)]
    stage = await inventory.run(lambda work: work.reservations.lock_stage(new.order_id))
    assert stage == Stage(1, ReservationState.EXPIRED)


async def test_an_expired_reservation_is_committed_with_a_new_promise(inventory: Inventory) -> None:
    new = new_reservation(await inventory.add(5), 2)
    await added(inventory, new)
    (demand,) = new.demands
    await inventory.run(lambda work: work.reservations.end(new.order_id, ReservationState.EXPIRED))
    promised = Promise(
        [Allocation(demand.line_id, demand.variant_id, HERE.id, 1)], [Demand(demand.line_id, demand.variant_id, 1)]
    )
    (waiting,) = await inventory.run(lambda work: work.reservations.commit_anew(new.order_id, promised))
    assert (waiting.line_id, waiting.quantity) == (demand.line_id, 1)
    (hold,) = await inventory.run(lambda work: work.reservations.sold_holds(new.order_id))
    assert (hold.warehouse_id, hold.quantity, hold.returned) == (HERE.id, 1, 0)


async def test_another_attempt_takes_the_place_of_one_that_ended(inventory: Inventory) -> None:
    first = new_reservation(await inventory.add(5), 2)
    await added(inventory, first)
    await inventory.run(lambda work: work.reservations.end(first.order_id, ReservationState.RELEASED))
    second = NewReservation(first.order_id, 2, first.demands, first.promise, SOON)

    async def steps(work: InventoryWork) -> Reserved:
        stock = await work.stock.lock([first.demands[0].variant_id])
        return await work.reservations.replace(stock, second)

    assert list((await inventory.run(steps)).waiting) == []
    assert await inventory.run(lambda work: work.reservations.lock_stage(first.order_id)) == Stage(
        2, ReservationState.HELD
    )


async def test_a_later_attempt_is_barred(inventory: Inventory) -> None:
    new = new_reservation(await inventory.add(5), 2)
    await added(inventory, new)
    await inventory.run(lambda work: work.reservations.end(new.order_id, ReservationState.RELEASED))
    await inventory.run(lambda work: work.reservations.bar_later(new.order_id, 3))
    stage = await inventory.run(lambda work: work.reservations.lock_stage(new.order_id))
    assert stage == Stage(3, ReservationState.RELEASED)


async def test_what_comes_back_and_what_never_came_are_counted_by_line(inventory: Inventory) -> None:
    new = new_reservation(await inventory.add(5), 2, waiting=3)
    await added(inventory, new)
    await inventory.run(lambda work: work.reservations.commit_held(new.order_id))
    (hold,) = await inventory.run(lambda work: work.reservations.sold_holds(new.order_id))
    (demand,) = new.demands
    dropped = [Unwaited(demand.line_id, demand.variant_id, 1)]
    coming = Return([(hold, 1)], [Unwaited(demand.line_id, demand.variant_id, 1)])
    (after_drop,) = await inventory.run(lambda work: work.reservations.record_drop(new.order_id, dropped))
    (after_return,) = await inventory.run(lambda work: work.reservations.record_return(new.order_id, coming))
    assert (after_drop.quantity, after_return.quantity) == (2, 1)
    assert after_return.version > after_drop.version
    (line,) = await inventory.run(lambda work: work.reservations.sold_lines(new.order_id))
    assert line == SoldLine(demand.line_id, demand.variant_id, 5, waiting=1, returned=2, dropped=1)


async def test_a_return_of_nothing_that_is_waited_for_tells_nobody(inventory: Inventory) -> None:
    new = new_reservation(await inventory.add(5), 2)
    await added(inventory, new)
    await inventory.run(lambda work: work.reservations.commit_held(new.order_id))
    (hold,) = await inventory.run(lambda work: work.reservations.sold_holds(new.order_id))
    coming = Return([(hold, 1)], [])
    assert list(await inventory.run(lambda work: work.reservations.record_return(new.order_id, coming))) == []


async def test_those_who_wait_get_units_in_the_order_in_which_they_came(inventory: Inventory) -> None:
    variant_id = await inventory.add(0)
    first, second = new_reservation(variant_id, 0, waiting=2), new_reservation(variant_id, 0, waiting=3)
    for each in (first, second):
        await added(inventory, each)
    waiting = list(await inventory.run(lambda work: work.reservations.waiting_for([variant_id])))
    assert waiting == [
        Waiting(each.order_id, each.demands[0].line_id, variant_id, each.demands[0].quantity, is_sold=False)
        for each in (first, second)
    ]
    arrivals = [Arrival(waiting[0], HERE.id, 1), Arrival(waiting[0], THERE.id, 1)]
    (line,) = await inventory.run(lambda work: work.reservations.allocate(arrivals))
    assert (line.order_id, line.quantity) == (first.order_id, 0)
    left = await inventory.run(lambda work: work.reservations.waiting_for([variant_id]))
    assert [its.order_id for its in left] == [second.order_id]


async def test_the_word_about_a_waiting_line_is_newer_each_time(inventory: Inventory) -> None:
    new = new_reservation(await inventory.add(1), 1, waiting=2)
    reserved = await added(inventory, new)
    assert reserved is not None
    (told,) = reserved.waiting
    (again,) = await inventory.run(lambda work: work.reservations.waiting_lines(new.order_id))
    assert (told.quantity, again.quantity) == (2, 2)
    assert again.version > told.version


async def test_what_a_unit_of_work_did_is_undone_when_it_fails(inventory: Inventory) -> None:
    variant_id = await inventory.add(5)

    async def steps(work: InventoryWork) -> None:
        change = Change([Movement(MovementKind.RECEIVED, variant_id, HERE.id, 3, 0, CAUSE)])
        await work.stock.save(await work.stock.lock([variant_id]), change)
        raise LookupError

    with pytest.raises(LookupError):
        await inventory.run(steps)
    stock = await inventory.run(lambda work: work.stock.lock([variant_id]))
    assert stock.available(variant_id) == 5
