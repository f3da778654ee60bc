"""Units that are bought before they are there, on a real Postgres."""

import asyncio
from datetime import datetime
from uuid import UUID

import pytest

from shared.ids import new_id
from shared.persistence import db
from shared.runtime.subgraph import Subgraph
from subgraphs.inventory.domain.filling import Demand
from subgraphs.inventory.domain.promise import Shortage
from subgraphs.inventory.domain.rejections import TooManyReturned
from subgraphs.inventory.domain.returning import Wanted
from subgraphs.inventory.domain.stock import Backorders, StockStatus
from subgraphs.inventory.queries.audits import list_reservations
from tests.integration.inventory.builders import (
    allow_backorders,
    assert_books_agree,
    available,
    commit,
    end_hold,
    put_back,
    receive,
    release,
    reserve,
    reserve_lines,
    stock,
    stocked_variant,
    waiting,
)
from tests.stock import set_available, set_policy, sweep_overdue


async def test_back_orders_are_off_until_staff_allow_them(inventory: Subgraph) -> None:
    variant_id, line_id = await stocked_variant(2), new_id()
    assert await reserve(variant_id, 3, new_id(), line_id=line_id) == [Shortage(line_id, variant_id, 3, 2)]
    assert (await stock(variant_id)).stock.status is StockStatus.LOW_STOCK


async def test_what_is_there_is_held_and_the_rest_is_waited_for(inventory: Subgraph) -> None:
    variant_id = await stocked_variant(2)
    await allow_backorders(variant_id)
    assert isinstance(await reserve(variant_id, 5, new_id()), datetime)
    assert (await available(variant_id), await waiting(variant_id)) == (0, 3)
    await assert_books_agree()


async def test_no_more_than_the_limit_is_waited_for_by_fifty_buyers(inventory: Subgraph) -> None:
    variant_id = await stocked_variant(3)
    await allow_backorders(variant_id, limit=7)
    outcomes = await asyncio.gather(*(reserve(variant_id, 1, new_id()) for _ in range(50)))
    assert sum(isinstance(outcome, datetime) for outcome in outcomes) == 10
    assert (await available(variant_id), await waiting(variant_id)) == (0, 7)
    assert (await stock(variant_id)).stock.status is StockStatus.OUT_OF_STOCK
    await assert_books_agree()


async def test_what_comes_in_goes_to_those_who_have_waited_longest(inventory: Subgraph) -> None:
    variant_id = await stocked_variant(0)
    await allow_backorders(variant_id)
    first, second = new_id(), new_id()
    await reserve(variant_id, 3, first)
    await reserve(variant_id, 2, second)
    await commit(first)
    await receive(variant_id, 4)
    assert (await available(variant_id), await waiting(variant_id)) == (0, 1)
    held = await db.fetch("SELECT order_id, sum(quantity) AS units FROM holds GROUP BY order_id")
    assert {row["order_id"]: row["units"] for row in held} == {first: 3, second: 1}
    await assert_books_agree()
    await receive(variant_id, 4, "TWO")
    assert (await available(variant_id), await waiting(variant_id)) == (3, 0)
    assert await commit(second)
    await assert_books_agree()


async def test_units_that_another_order_releases_go_to_those_who_wait(inventory: Subgraph) -> None:
    variant_id = await stocked_variant(2)
    await allow_backorders(variant_id)
    owner, patient = new_id(), new_id()
    await reserve(variant_id, 2, owner)
    await reserve(variant_id, 2, patient)
    await release(owner)
    assert (await available(variant_id), await waiting(variant_id)) == (0, 0)
    await assert_books_agree()


async def test_a_released_or_expired_order_waits_no_longer(inventory: Subgraph) -> None:
    variant_id = await stocked_variant(1)
    await allow_backorders(variant_id)
    released, expired = new_id(), new_id()
    await reserve(variant_id, 3, released)
    await reserve(variant_id, 3, expired)
    await release(released)
    assert await waiting(variant_id) == 2
    await end_hold(expired)
    await sweep_overdue()
    assert (await available(variant_id), await waiting(variant_id)) == (1, 0)
    assert await commit(expired)
    assert (await available(variant_id), await waiting(variant_id)) == (0, 2)
    await assert_books_agree()


async def test_sold_units_that_never_came_can_be_returned(inventory: Subgraph) -> None:
    variant_id, order_id, line_id = await stocked_variant(1), new_id(), new_id()
    await allow_backorders(variant_id)
    await reserve(variant_id, 4, order_id, line_id=line_id)
    await commit(order_id)
    await put_back(order_id, Wanted(line_id, 2))
    assert (await available(variant_id), await waiting(variant_id)) == (0, 1)
    await put_back(order_id)
    assert (await available(variant_id), await waiting(variant_id)) == (1, 0)
    (reservation,) = await list_reservations(UUID(int=0), 10)
    assert [(line.held, line.sold, line.returned) for line in reservation.lines] == [(0, 4, 4)]
    with pytest.raises(TooManyReturned):
        await put_back(order_id, Wanted(line_id, 1))
    await assert_books_agree()


async def test_returned_units_go_to_those_who_wait_too(inventory: Subgraph) -> None:
    variant_id, first, second = await stocked_variant(2), new_id(), new_id()
    await allow_backorders(variant_id)
    await reserve(variant_id, 2, first)
    await commit(first)
    await reserve(variant_id, 1, second)
    await put_back(first)
    assert (await available(variant_id), await waiting(variant_id)) == (1, 0)
    await assert_books_agree()


async def test_orders_go_on_waiting_when_back_orders_are_forbidden_again(inventory: Subgraph) -> None:
    variant_id, order_id = await stocked_variant(0), new_id()
    await allow_backorders(variant_id)
    await reserve(variant_id, 2, order_id)
    await set_policy(variant_id, None, Backorders())
    assert not isinstance(await reserve(variant_id, 1, new_id()), datetime)
    await receive(variant_id, 3)
    assert (await available(variant_id), await waiting(variant_id)) == (1, 0)
    await assert_books_agree()


async def test_two_lines_of_one_variant_share_what_is_there(inventory: Subgraph) -> None:
    variant_id, order_id = await stocked_variant(3), new_id()
    await allow_backorders(variant_id, limit=5)
    lines = [Demand(new_id(), variant_id, 2), Demand(new_id(), variant_id, 4)]
    assert isinstance(await reserve_lines(order_id, lines), datetime)
    assert await waiting(variant_id) == 3
    await receive(variant_id, 2)
    await commit(order_id)
    await receive(variant_id, 2)
    assert (await available(variant_id), await waiting(variant_id)) == (1, 0)
    await assert_books_agree()


async def test_stock_set_by_hand_serves_those_who_wait_first(inventory: Subgraph) -> None:
    variant_id = await stocked_variant(0)
    await allow_backorders(variant_id)
    await reserve(variant_id, 4, new_id())
    await set_available(variant_id, 0, "nothing found")
    assert (await available(variant_id), await waiting(variant_id)) == (0, 4)
    await set_available(variant_id, 6, "found")
    assert (await available(variant_id), await waiting(variant_id)) == (6, 0)
    await assert_books_agree()


async def test_deliveries_among_commits_of_waiting_orders_neither_deadlock_nor_lose_a_unit(
    inventory: Subgraph,
) -> None:
    variant_id = await stocked_variant(0)
    await allow_backorders(variant_id)
    orders = [new_id() for _ in range(30)]
    for order_id in orders:
        await reserve(variant_id, 2, order_id)
    deliveries = [receive(variant_id, 3, "ONE" if number % 2 else "TWO") for number in range(25)]
    outcomes = await asyncio.gather(*(commit(order_id) for order_id in orders), *deliveries)
    assert outcomes[:30] == [True] * 30
    assert (await available(variant_id), await waiting(variant_id)) == (15, 0)
    await assert_books_agree()
