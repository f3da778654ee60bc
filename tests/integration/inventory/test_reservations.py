"""Reservations on a real Postgres: nothing is sold twice, whatever happens at once or twice."""

import asyncio
from datetime import datetime
from uuid import UUID

import pytest

from shared import db
from shared.errors import FailedPrecondition, NotFound
from shared.ids import new_id
from shared.subgraph import Subgraph
from subgraphs.inventory.commands.commit_reservation import commit_reservation
from subgraphs.inventory.commands.expire_reservations import expire_reservations
from subgraphs.inventory.commands.release_reservation import release_reservation
from subgraphs.inventory.commands.reserve_stock import reserve_stock
from subgraphs.inventory.domain.stock import Demand, Shortage
from subgraphs.inventory.queries.stock import stock_by_variant
from tests.integration.inventory.builders import stocked_variant
from tests.subgraphs import eventually


async def reserve(variant_id: UUID, quantity: int, order_id: UUID, ttl_seconds: int = 900) -> datetime | list[Shortage]:
    async with db.transaction():
        return await reserve_stock(order_id, [Demand(new_id(), variant_id, quantity)], ttl_seconds)


async def commit(order_id: UUID) -> bool:
    async with db.transaction():
        return await commit_reservation(order_id)


async def release(order_id: UUID) -> None:
    async with db.transaction():
        await release_reservation(order_id)


async def available(variant_id: UUID) -> int:
    return (await stock_by_variant([variant_id]))[variant_id].stock.available


async def assert_ledger_explains_stock() -> None:
    unexplained = await db.fetch(
        "SELECT variant_id, warehouse_id FROM stock_levels AS level JOIN movements USING (variant_id, warehouse_id)"
        " GROUP BY 1, 2, level.on_hand, level.held HAVING sum(on_hand_delta) <> level.on_hand OR sum(held_delta) <> level.held"
    )
    assert unexplained == []


async def test_last_units_are_held_once_by_fifty_buyers(inventory: Subgraph) -> None:
    variant_id = await stocked_variant(10)
    outcomes = await asyncio.gather(*(reserve(variant_id, 1, new_id()) for _ in range(50)))
    assert sum(isinstance(outcome, datetime) for outcome in outcomes) == 10
    assert await available(variant_id) == 0
    await assert_ledger_explains_stock()


async def test_crowds_that_buy_two_variants_in_opposite_order_do_not_deadlock(inventory: Subgraph) -> None:
    first, second = await stocked_variant(40), await stocked_variant(40)

    async def buy(*variants: UUID) -> object:
        async with db.transaction():
            return await reserve_stock(new_id(), [Demand(new_id(), variant, 1) for variant in variants], 900)

    orders = [buy(first, second) if number % 2 else buy(second, first) for number in range(40)]
    outcomes = await asyncio.gather(*orders)
    assert all(isinstance(outcome, datetime) for outcome in outcomes)


async def test_two_lines_of_one_variant_are_counted_together(inventory: Subgraph) -> None:
    variant_id = await stocked_variant(5)
    lines = [Demand(new_id(), variant_id, 3), Demand(new_id(), variant_id, 3)]
    async with db.transaction():
        outcome = await reserve_stock(new_id(), lines, 900)
    assert outcome == [Shortage(line.line_id, variant_id, 6, 5) for line in lines]
    assert await available(variant_id) == 5


async def test_a_committed_order_is_sold_and_stays_sold(inventory: Subgraph) -> None:
    variant_id, order_id = await stocked_variant(5), new_id()
    await reserve(variant_id, 2, order_id)
    assert await commit(order_id)
    assert await commit(order_id)
    with pytest.raises(FailedPrecondition):
        await release(order_id)
    assert await available(variant_id) == 3
    await assert_ledger_explains_stock()


async def test_a_release_gives_back_once_and_bars_the_order(inventory: Subgraph) -> None:
    variant_id, order_id = await stocked_variant(5), new_id()
    await reserve(variant_id, 2, order_id)
    await release(order_id)
    await release(order_id)
    assert await available(variant_id) == 5
    with pytest.raises(FailedPrecondition):
        await commit(order_id)
    with pytest.raises(FailedPrecondition):
        await reserve(variant_id, 1, order_id)
    await assert_ledger_explains_stock()


async def test_a_release_that_overtakes_its_reservation_bars_it(inventory: Subgraph) -> None:
    variant_id, order_id = await stocked_variant(5), new_id()
    await release(order_id)
    with pytest.raises(FailedPrecondition):
        await reserve(variant_id, 1, order_id)
    assert await available(variant_id) == 5


async def test_an_order_without_reservation_cannot_be_committed(inventory: Subgraph) -> None:
    with pytest.raises(NotFound):
        await commit(new_id())


async def test_an_overdue_hold_cannot_be_committed_and_is_given_back(inventory: Subgraph) -> None:
    variant_id, order_id = await stocked_variant(5), new_id()
    await reserve(variant_id, 2, order_id, ttl_seconds=0)
    assert not await commit(order_id)
    assert not await commit(order_id)
    assert await available(variant_id) == 5
    await assert_ledger_explains_stock()


async def test_two_sweepers_give_overdue_holds_back_once(inventory: Subgraph) -> None:
    variant_id = await stocked_variant(5)
    for _ in range(5):
        await reserve(variant_id, 1, new_id(), ttl_seconds=0)
    stop = asyncio.Event()
    sweepers = [asyncio.create_task(expire_reservations(stop)) for _ in range(2)]

    async def all_available() -> bool:
        return await available(variant_id) == 5

    await eventually(all_available, "all holds are given back")
    stop.set()
    await asyncio.gather(*sweepers)
    await assert_ledger_explains_stock()


async def test_the_ledger_cannot_be_rewritten(inventory: Subgraph) -> None:
    await stocked_variant(5)
    with pytest.raises(Exception, match="append-only"):
        await db.execute("UPDATE movements SET on_hand_delta = 100")


async def test_each_change_of_availability_is_published_with_a_growing_version(inventory: Subgraph) -> None:
    variant_id, order_id = await stocked_variant(5), new_id()
    await reserve(variant_id, 2, order_id)
    await commit(order_id)
    rows = await db.fetch(
        "SELECT payload::json->>'version' AS version, payload::json->>'available' AS available FROM outbox ORDER BY id"
    )
    assert [tuple(row) for row in rows] == [("1", "5"), ("2", "3")]
