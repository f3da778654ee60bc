"""Sold units that come back, on a real Postgres."""

import asyncio
from uuid import UUID

import pytest

from shared.errors import Rejection
from shared.ids import new_id
from shared.persistence import db
from shared.runtime.subgraph import Subgraph
from subgraphs.inventory.domain.filling import Demand
from subgraphs.inventory.domain.rejections import NothingSold, ReservationNotFound, TooManyReturned
from subgraphs.inventory.domain.returning import Wanted
from tests.integration.inventory.builders import (
    assert_books_agree,
    available,
    commit,
    put_back,
    receive,
    release,
    reserve,
    reserve_lines,
    stock,
    stocked_variant,
)


async def sold(variant_id: UUID, quantity: int) -> tuple[UUID, UUID]:
    """An order and its one line."""
    order_id, line_id = new_id(), new_id()
    await reserve(variant_id, quantity, order_id, line_id=line_id)
    await commit(order_id)
    return order_id, line_id


async def test_units_go_back_to_where_they_came_from(inventory: Subgraph) -> None:
    variant_id = await stocked_variant(0)
    await receive(variant_id, 4, "ONE")
    await receive(variant_id, 3, "TWO")
    order_id, line_id = await sold(variant_id, 6)
    await put_back(order_id, Wanted(line_id, 5))
    levels = {level.warehouse.code: level.on_hand for level in (await stock(variant_id)).stock_levels}
    assert levels == {"ONE": 4, "TWO": 2}
    await put_back(order_id)
    assert await available(variant_id) == 7
    await assert_books_agree()


async def test_never_more_comes_back_than_was_sold_however_many_ask_at_once(inventory: Subgraph) -> None:
    variant_id = await stocked_variant(5)
    order_id, line_id = await sold(variant_id, 3)
    outcomes = await asyncio.gather(
        *(put_back(order_id, Wanted(line_id, 1)) for _ in range(10)), return_exceptions=True
    )
    assert sum(outcome is None for outcome in outcomes) == 3
    assert all(outcome is None or isinstance(outcome, Rejection) for outcome in outcomes)
    assert await available(variant_id) == 5
    await put_back(order_id)
    assert await available(variant_id) == 5
    await assert_books_agree()


async def test_a_line_that_asks_for_too_much_returns_nothing_of_the_others(inventory: Subgraph) -> None:
    first, second, order_id = await stocked_variant(5), await stocked_variant(5), new_id()
    lines = [Demand(new_id(), first, 2), Demand(new_id(), second, 2)]
    await reserve_lines(order_id, lines)
    await commit(order_id)
    with pytest.raises(TooManyReturned) as rejection:
        await put_back(order_id, Wanted(lines[0].line_id, 2), Wanted(lines[1].line_id, 3))
    assert rejection.value.index == 1
    with pytest.raises(TooManyReturned):
        await put_back(order_id, Wanted(new_id(), 1))
    assert (await available(first), await available(second)) == (3, 3)
    await assert_books_agree()


async def test_what_was_not_sold_cannot_be_returned(inventory: Subgraph) -> None:
    variant_id, held, released = await stocked_variant(5), new_id(), new_id()
    await reserve(variant_id, 1, held)
    await release(released)
    for order_id in (held, released):
        with pytest.raises(NothingSold):
            await put_back(order_id)
    with pytest.raises(ReservationNotFound):
        await put_back(new_id())


async def test_the_database_itself_rejects_a_unit_that_comes_back_twice(inventory: Subgraph) -> None:
    order_id, _ = await sold(await stocked_variant(5), 2)
    for table in ("holds", "reservation_lines"):
        with pytest.raises(Exception, match="violates check constraint"):
            await db.execute(f"UPDATE {table} SET returned = 3 WHERE order_id = $1", order_id)
