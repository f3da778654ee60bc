"""Reservations on a real Postgres: nothing is sold twice, whatever happens at once or twice."""

import asyncio
from datetime import datetime
from uuid import UUID

import pytest

from shared.ids import new_id
from shared.persistence import db
from shared.runtime.subgraph import Subgraph
from subgraphs.inventory.domain.filling import Demand
from subgraphs.inventory.domain.promise import Shortage
from subgraphs.inventory.domain.rejections import (
    ReservationCommitted,
    ReservationExists,
    ReservationNotFound,
    ReservationReleased,
)
from subgraphs.inventory.entrypoints.workers import Expiry
from tests.integration.inventory.builders import (
    assert_books_agree,
    available,
    commit,
    end_hold,
    release,
    reserve,
    reserve_lines,
    stocked_variant,
)
from tests.stock import WORK, sweep_overdue
from tests.subgraphs import eventually


async def test_last_units_are_held_once_by_fifty_buyers(inventory: Subgraph) -> None:
    variant_id = await stocked_variant(10)
    orders = [new_id() for _ in range(50)]
    outcomes = await asyncio.gather(*(reserve(variant_id, 1, order_id) for order_id in orders))
    held = [order_id for order_id, outcome in zip(orders, outcomes, strict=True) if isinstance(outcome, datetime)]
    assert len(held) == 10
    assert await asyncio.gather(*(commit(order_id) for order_id in held)) == [True] * 10
    assert await available(variant_id) == 0
    await assert_books_agree()


async def test_fifty_buyers_of_one_variant_on_two_lines_each_share_what_there_is(inventory: Subgraph) -> None:
    variant_id = await stocked_variant(20)

    async def buy() -> object:
        return await reserve_lines(new_id(), [Demand(new_id(), variant_id, 1) for _ in range(2)])

    outcomes = await asyncio.gather(*(buy() for _ in range(50)))
    assert sum(isinstance(outcome, datetime) for outcome in outcomes) == 10
    assert await available(variant_id) == 0
    await assert_books_agree()


async def test_crowds_that_buy_two_variants_in_opposite_order_do_not_deadlock(inventory: Subgraph) -> None:
    first, second = await stocked_variant(40), await stocked_variant(40)

    async def buy(*variants: UUID) -> bool:
        order_id = new_id()
        await reserve_lines(order_id, [Demand(new_id(), variant, 1) for variant in variants])
        return await commit(order_id)

    orders = [buy(first, second) if number % 2 else buy(second, first) for number in range(40)]
    assert await asyncio.gather(*orders) == [True] * 40
    assert (await available(first), await available(second)) == (0, 0)
    await assert_books_agree()


async def test_two_lines_of_one_variant_are_counted_together(inventory: Subgraph) -> None:
    variant_id = await stocked_variant(5)
    lines = [Demand(new_id(), variant_id, 3), Demand(new_id(), variant_id, 3)]
    assert await reserve_lines(new_id(), lines) == [Shortage(line.line_id, variant_id, 6, 5) for line in lines]
    assert await available(variant_id) == 5


async def test_a_committed_order_is_sold_and_stays_sold(inventory: Subgraph) -> None:
    variant_id, order_id = await stocked_variant(5), new_id()
    await reserve(variant_id, 2, order_id)
    assert await commit(order_id)
    assert await commit(order_id)
    with pytest.raises(ReservationCommitted):
        await release(order_id)
    assert await available(variant_id) == 3
    await assert_books_agree()


async def test_a_release_gives_back_once_and_bars_the_order(inventory: Subgraph) -> None:
    variant_id, order_id = await stocked_variant(5), new_id()
    await reserve(variant_id, 2, order_id)
    await release(order_id)
    await release(order_id)
    assert await available(variant_id) == 5
    with pytest.raises(ReservationReleased):
        await commit(order_id)
    with pytest.raises(ReservationExists):
        await reserve(variant_id, 1, order_id)
    assert await available(variant_id) == 5
    await assert_books_agree()


async def test_a_release_that_overtakes_its_reservation_bars_it(inventory: Subgraph) -> None:
    variant_id, order_id = await stocked_variant(5), new_id()
    await release(order_id)
    await release(order_id)
    with pytest.raises(ReservationExists):
        await reserve(variant_id, 1, order_id)
    with pytest.raises(ReservationReleased):
        await commit(order_id)
    assert await available(variant_id) == 5


async def test_a_release_and_its_reservation_at_the_same_time_leave_nothing_held(inventory: Subgraph) -> None:
    variant_id = await stocked_variant(5)
    for _ in range(20):
        order_id = new_id()
        await asyncio.gather(reserve(variant_id, 1, order_id), release(order_id), return_exceptions=True)
        assert await available(variant_id) == 5
    await assert_books_agree()


async def test_an_order_without_reservation_cannot_be_committed(inventory: Subgraph) -> None:
    with pytest.raises(ReservationNotFound):
        await commit(new_id())


async def test_an_order_can_be_reserved_once(inventory: Subgraph) -> None:
    variant_id, order_id, line_id = await stocked_variant(5), new_id(), new_id()
    await reserve(variant_id, 1, order_id, line_id=line_id)
    with pytest.raises(ReservationExists):
        await reserve(variant_id, 1, order_id, line_id=line_id)
    assert await available(variant_id) == 4
    await assert_books_agree()


async def test_a_hold_that_is_overdue_but_not_given_back_yet_is_sold(inventory: Subgraph) -> None:
    variant_id, order_id = await stocked_variant(5), new_id()
    await reserve(variant_id, 2, order_id)
    await end_hold(order_id)
    assert await commit(order_id)
    assert await sweep_overdue() == 0
    assert await available(variant_id) == 3
    await assert_books_agree()


async def test_an_expired_hold_is_taken_again_when_all_units_are_there(inventory: Subgraph) -> None:
    variant_id, order_id = await stocked_variant(5), new_id()
    await reserve(variant_id, 2, order_id)
    await end_hold(order_id)
    assert await sweep_overdue() == 1
    assert await available(variant_id) == 5
    assert await commit(order_id)
    assert await commit(order_id)
    assert await available(variant_id) == 3
    await assert_books_agree()


async def test_an_expired_hold_sells_nothing_when_one_of_its_units_is_gone(inventory: Subgraph) -> None:
    plenty, scarce = await stocked_variant(5), await stocked_variant(2)
    late, quick = new_id(), new_id()
    await reserve_lines(late, [Demand(new_id(), plenty, 2), Demand(new_id(), scarce, 2)])
    await end_hold(late)
    await sweep_overdue()
    await reserve(scarce, 1, quick)
    assert not await commit(late)
    assert (await available(plenty), await available(scarce)) == (5, 1)
    await release(quick)
    assert await commit(late)
    await assert_books_agree()


async def test_a_release_bars_a_late_commit_from_taking_the_units_again(inventory: Subgraph) -> None:
    variant_id, order_id = await stocked_variant(5), new_id()
    await reserve(variant_id, 2, order_id)
    await end_hold(order_id)
    await sweep_overdue()
    await release(order_id)
    with pytest.raises(ReservationReleased):
        await commit(order_id)
    assert await available(variant_id) == 5
    await assert_books_agree()


async def test_an_expiry_that_races_its_commit_never_gives_back_what_is_sold(inventory: Subgraph) -> None:
    variant_id = await stocked_variant(20)
    for number in range(20):
        order_id = new_id()
        await reserve(variant_id, 1, order_id)
        await end_hold(order_id)
        sold, *_ = await asyncio.gather(commit(order_id), sweep_overdue(), sweep_overdue())
        assert sold
        assert await available(variant_id) == 19 - number
    await assert_books_agree()


async def test_the_last_unit_of_an_expired_hold_goes_to_one_of_two(inventory: Subgraph) -> None:
    for _ in range(20):
        variant_id, late, quick = await stocked_variant(1), new_id(), new_id()
        await reserve(variant_id, 1, late)
        await end_hold(late)
        await sweep_overdue()
        sold, outcome = await asyncio.gather(commit(late), reserve(variant_id, 1, quick))
        assert sold != isinstance(outcome, datetime)
        assert await available(variant_id) == 0
    await assert_books_agree()


async def test_two_sweepers_give_overdue_holds_back_once(inventory: Subgraph) -> None:
    variant_id = await stocked_variant(30)
    for _ in range(30):
        await reserve(variant_id, 1, new_id(), ttl_seconds=0)
    assert sum(await asyncio.gather(sweep_overdue(), sweep_overdue())) == 30
    assert await available(variant_id) == 30
    await assert_books_agree()


async def test_the_sweeper_sweeps_until_it_is_stopped(inventory: Subgraph) -> None:
    variant_id = await stocked_variant(5)
    await reserve(variant_id, 2, new_id(), ttl_seconds=0)
    stop = asyncio.Event()
    sweeper = asyncio.create_task(Expiry(WORK).run(stop))

    async def all_available() -> bool:
        return await available(variant_id) == 5

    await eventually(all_available, "the hold is released")
    stop.set()
    await sweeper


async def test_the_ledger_cannot_be_rewritten(inventory: Subgraph) -> None:
    await stocked_variant(5)
    with pytest.raises(Exception, match="append-only"):
        await db.execute("UPDATE movements SET on_hand_delta = 100")


async def test_each_change_of_availability_is_published_with_a_growing_version(inventory: Subgraph) -> None:
    variant_id, order_id = await stocked_variant(9), new_id()
    await reserve(variant_id, 2, order_id)
    await commit(order_id)
    rows = await db.fetch(
        "SELECT payload::json->>'version' AS version, payload::json->>'available' AS available FROM outbox ORDER BY id"
    )
    assert [tuple(row) for row in rows] == [("1", "9"), ("2", "7")]
