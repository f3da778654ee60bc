"""What the order saga has done to stock, without a server."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest

from subgraphs.inventory.commands.commit_reservation import Committed, HoldExpired
from subgraphs.inventory.commands.drop_waiting import DropWaiting, drop_waiting
from subgraphs.inventory.commands.expire_reservation import ExpireReservation, expire_reservation
from subgraphs.inventory.commands.return_units import ReturnUnits, return_units
from subgraphs.inventory.commands.tell_backorder import TellBackorder, tell_backorder
from subgraphs.inventory.domain.filling import Demand
from subgraphs.inventory.domain.promise import InsufficientStock, Reserved, Shortage
from subgraphs.inventory.domain.rejections import (
    AttemptBegun,
    AttemptOver,
    EarlierAttemptHasUnits,
    NothingSold,
    ReservationCommitted,
    ReservationExists,
    ReservationNotFound,
    ReservationReleased,
    TooManyReturned,
)
from subgraphs.inventory.domain.returning import Wanted
from subgraphs.inventory.domain.stock import Backorders
from tests.fakes.stock import InventoryTwin
from tests.unit.inventory.shop import available, commit, inventory, release, reserve, stocked, told

ORDER, LINE = UUID(int=1), UUID(int=2)


@pytest.fixture
def twin() -> InventoryTwin:
    return inventory()


def line(variant_id: UUID, quantity: int, line_id: UUID = LINE) -> Demand:
    return Demand(line_id, variant_id, quantity)


async def test_an_order_is_held_whole_or_not_at_all(twin: InventoryTwin) -> None:
    socks, shoes = stocked(twin, 5), stocked(twin, 1)
    outcome = await reserve(twin, ORDER, line(socks, 2, uuid4()), line(shoes, 2))
    assert outcome == InsufficientStock([Shortage(LINE, shoes, 2, 1)])
    assert (available(twin, socks), available(twin, shoes)) == (5, 1)
    assert isinstance(await reserve(twin, ORDER, line(socks, 2)), Reserved)
    assert available(twin, socks) == 3


async def test_an_order_is_reserved_once(twin: InventoryTwin) -> None:
    socks = stocked(twin, 5)
    await reserve(twin, ORDER, line(socks, 2))
    with pytest.raises(ReservationExists):
        await reserve(twin, ORDER, line(socks, 2))
    assert available(twin, socks) == 3


async def test_a_release_that_overtakes_its_reservation_bars_it(twin: InventoryTwin) -> None:
    socks = stocked(twin, 5)
    await release(twin, ORDER)
    with pytest.raises(ReservationExists):
        await reserve(twin, ORDER, line(socks, 2))
    with pytest.raises(ReservationReleased):
        await commit(twin, ORDER)


async def test_what_is_sold_leaves_and_is_not_released(twin: InventoryTwin) -> None:
    socks = stocked(twin, 5)
    await reserve(twin, ORDER, line(socks, 2))
    assert await commit(twin, ORDER) == await commit(twin, ORDER) == Committed()
    with pytest.raises(ReservationCommitted):
        await release(twin, ORDER)
    assert sum(twin.stock.on_hand.values()) == available(twin, socks) == 3


async def test_an_expired_hold_is_sold_while_its_units_are_there(twin: InventoryTwin) -> None:
    socks = stocked(twin, 3)
    await reserve(twin, ORDER, line(socks, 3), ttl_seconds=0)
    assert await twin.perform(expire_reservation, ExpireReservation(ORDER))
    assert not await twin.perform(expire_reservation, ExpireReservation(ORDER))
    other = uuid4()
    await reserve(twin, other, line(socks, 1))
    assert await commit(twin, ORDER) == HoldExpired()
    await release(twin, other)
    assert isinstance(await commit(twin, ORDER), Committed)
    assert available(twin, socks) == 0


async def test_a_hold_that_is_not_overdue_stays(twin: InventoryTwin) -> None:
    await reserve(twin, ORDER, line(stocked(twin, 3), 3))
    assert not await twin.perform(expire_reservation, ExpireReservation(ORDER))
    assert twin.reservations.rows[ORDER].expires_at > datetime.now(UTC)


async def test_a_later_attempt_takes_the_place_of_one_that_is_at_its_end(twin: InventoryTwin) -> None:
    socks = stocked(twin, 3)
    await reserve(twin, ORDER, line(socks, 3))
    with pytest.raises(EarlierAttemptHasUnits):
        await reserve(twin, ORDER, line(socks, 1), attempt=2)
    await release(twin, ORDER)
    assert isinstance(await reserve(twin, ORDER, line(socks, 1), attempt=2), Reserved)
    with pytest.raises(AttemptBegun):
        await reserve(twin, ORDER, line(socks, 1), attempt=2)
    with pytest.raises(AttemptOver):
        await commit(twin, ORDER)
    await release(twin, ORDER)
    assert available(twin, socks) == 2


async def test_units_come_back_up_to_what_was_sold(twin: InventoryTwin) -> None:
    socks = stocked(twin, 5)
    await reserve(twin, ORDER, line(socks, 3))
    with pytest.raises(NothingSold):
        await twin.perform(return_units, ReturnUnits(ORDER, [Wanted(LINE, 1)]))
    await commit(twin, ORDER)
    await twin.perform(return_units, ReturnUnits(ORDER, [Wanted(LINE, 1)]))
    with pytest.raises(TooManyReturned) as rejected:
        await twin.perform(return_units, ReturnUnits(ORDER, [Wanted(LINE, 1), Wanted(LINE, 2)]))
    assert (rejected.value.index, rejected.value.returnable) == (1, 2)
    await twin.perform(return_units, ReturnUnits(ORDER, []))
    assert available(twin, socks) == 5


async def test_units_that_never_came_are_waited_for_no_more(twin: InventoryTwin) -> None:
    socks = stocked(twin, 1, Backorders(is_allowed=True))
    reserved = await reserve(twin, ORDER, line(socks, 4))
    assert isinstance(reserved, Reserved)
    assert [its.quantity for its in reserved.waiting] == [3]
    await commit(twin, ORDER)
    dropped = await twin.perform(drop_waiting, DropWaiting(ORDER, [Wanted(LINE, 1)]))
    returned = await twin.perform(return_units, ReturnUnits(ORDER, [Wanted(LINE, 2)]))
    assert [its.quantity for its in (*dropped, *returned)] == [2, 0]
    assert twin.stock.items[socks].waiting == 0
    assert await twin.perform(drop_waiting, DropWaiting(ORDER, [Wanted(LINE, 1)])) == ()


async def test_what_an_order_waits_for_is_told_again(twin: InventoryTwin) -> None:
    socks = stocked(twin, 1, Backorders(is_allowed=True))
    await reserve(twin, ORDER, line(socks, 4))
    await twin.perform(tell_backorder, TellBackorder(ORDER))
    (event,) = told(twin, "BackorderChanged")
    assert [its["waiting"] for its in event["lines"]] == [3]  # type: ignore[attr-defined]
    with pytest.raises(ReservationNotFound):
        await twin.perform(tell_backorder, TellBackorder(uuid4()))
