"""An order that is tried again reserves anew, and whatever comes late of an earlier attempt changes nothing of it."""

import asyncio
from datetime import datetime
from uuid import UUID

import pytest

from shared.errors import Rejection
from shared.ids import new_id
from shared.persistence import db
from shared.runtime.subgraph import Subgraph
from subgraphs.inventory.domain.promise import Shortage
from subgraphs.inventory.domain.rejections import (
    AttemptBegun,
    AttemptOver,
    AttemptWithoutReservation,
    EarlierAttemptHasUnits,
    ReservationCommitted,
    ReservationExists,
)
from subgraphs.inventory.domain.returning import Wanted
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
    stocked_variant,
    waiting,
)
from tests.stock import sweep_overdue


async def lasting(variant_id: UUID, order_id: UUID, line_id: UUID, attempt: int) -> None:
    """The order sells 2 of 5 by an attempt, and all books agree."""
    assert isinstance(await reserve(variant_id, 2, order_id, line_id=line_id, attempt=attempt), datetime)
    assert await available(variant_id) == 3
    assert await commit(order_id, attempt)
    await assert_books_agree()


async def test_what_was_released_is_reserved_again_by_the_next_attempt_and_the_late_ones_are_rejected(
    inventory: Subgraph,
) -> None:
    variant_id, order_id, line_id = await stocked_variant(5), new_id(), new_id()
    await reserve(variant_id, 2, order_id, line_id=line_id)
    await release(order_id)
    assert isinstance(await reserve(variant_id, 2, order_id, line_id=line_id, attempt=2), datetime)
    for late in (reserve(variant_id, 2, order_id, line_id=line_id), commit(order_id), put_back(order_id)):
        with pytest.raises((AttemptOver, ReservationExists)):
            await late
    await release(order_id)
    assert await available(variant_id) == 3
    assert await commit(order_id, 2)
    await release(order_id)
    with pytest.raises(AttemptOver):
        await put_back(order_id, Wanted(line_id, 1))
    assert await available(variant_id) == 3
    await assert_books_agree()


async def test_what_was_sold_and_came_back_is_sold_again_and_the_ledger_explains_both(inventory: Subgraph) -> None:
    variant_id, order_id, line_id = await stocked_variant(5), new_id(), new_id()
    for attempt in range(1, 6):
        await lasting(variant_id, order_id, line_id, attempt)
        await put_back(order_id, attempt=attempt)
        assert await available(variant_id) == 5
    await lasting(variant_id, order_id, line_id, 6)


@pytest.mark.parametrize("returned", [0, 1])
async def test_what_is_sold_and_not_back_is_not_reserved_again(inventory: Subgraph, returned: int) -> None:
    variant_id, order_id, line_id = await stocked_variant(5), new_id(), new_id()
    await reserve(variant_id, 2, order_id, line_id=line_id)
    await commit(order_id)
    if returned:
        await put_back(order_id, Wanted(line_id, returned))
    for rejected in (reserve(variant_id, 2, order_id, attempt=2), release(order_id, 2)):
        with pytest.raises((EarlierAttemptHasUnits, ReservationCommitted)):
            await rejected
    assert await available(variant_id) == 3 + returned
    await put_back(order_id)
    await assert_books_agree()


async def test_what_is_still_held_is_not_held_a_second_time(inventory: Subgraph) -> None:
    variant_id, order_id = await stocked_variant(5), new_id()
    await reserve(variant_id, 2, order_id)
    with pytest.raises(EarlierAttemptHasUnits):
        await reserve(variant_id, 2, order_id, attempt=2)
    assert await available(variant_id) == 3
    await release(order_id)
    assert isinstance(await reserve(variant_id, 2, order_id, attempt=2), datetime)


async def test_a_hold_that_expired_makes_way_for_the_next_attempt(inventory: Subgraph) -> None:
    variant_id, order_id = await stocked_variant(2), new_id()
    await reserve(variant_id, 2, order_id)
    await end_hold(order_id)
    await sweep_overdue()
    assert isinstance(await reserve(variant_id, 2, order_id, attempt=2), datetime)
    with pytest.raises(AttemptOver):
        await commit(order_id)
    assert await commit(order_id, 2)
    await assert_books_agree()


async def test_stock_that_is_gone_meanwhile_and_back_again(inventory: Subgraph) -> None:
    variant_id, order_id, other = await stocked_variant(2), new_id(), new_id()
    await reserve(variant_id, 2, order_id)
    await release(order_id)
    await reserve(variant_id, 1, other)
    (shortage,) = await _shortages(variant_id, order_id, 2)
    assert (shortage.requested, shortage.available) == (2, 1)
    await release(other)
    assert isinstance(await reserve(variant_id, 2, order_id, attempt=3), datetime)
    with pytest.raises(AttemptBegun):
        await reserve(variant_id, 2, order_id, attempt=2)
    assert await commit(order_id, 3)
    await assert_books_agree()


async def _shortages(variant_id: UUID, order_id: UUID, attempt: int) -> list[Shortage]:
    outcome = await reserve(variant_id, 2, order_id, attempt=attempt)
    assert isinstance(outcome, list)
    return outcome


async def test_a_release_bars_its_own_attempt_and_those_before_alone(inventory: Subgraph) -> None:
    variant_id, order_id = await stocked_variant(2), new_id()
    await release(order_id, 2)
    for attempt in (1, 2):
        with pytest.raises((AttemptBegun, ReservationExists)):
            await reserve(variant_id, 1, order_id, attempt=attempt)
    assert isinstance(await reserve(variant_id, 1, order_id, attempt=3), datetime)
    await release(order_id, 4)
    assert await available(variant_id) == 2
    with pytest.raises(AttemptOver):
        await commit(order_id, 3)
    await assert_books_agree()


async def test_an_attempt_that_has_reserved_nothing_has_nothing_to_sell(inventory: Subgraph) -> None:
    variant_id, order_id = await stocked_variant(2), new_id()
    await reserve(variant_id, 1, order_id)
    for rejected in (commit(order_id, 2), put_back(order_id, attempt=2)):
        with pytest.raises(AttemptWithoutReservation):
            await rejected
    assert await commit(order_id)


async def test_what_an_earlier_attempt_waited_for_is_waited_for_anew_at_the_end_of_the_line(
    inventory: Subgraph,
) -> None:
    variant_id, order_id, other = await stocked_variant(0), new_id(), new_id()
    await allow_backorders(variant_id)
    await reserve(variant_id, 1, order_id)
    await commit(order_id)
    await put_back(order_id)
    await reserve(variant_id, 1, other)
    await reserve(variant_id, 1, order_id, attempt=2)
    assert await waiting(variant_id) == 2
    await receive(variant_id, 1)
    held = await db.fetch_value("SELECT order_id FROM holds WHERE variant_id = $1", variant_id)
    assert (held, await waiting(variant_id)) == (other, 1)
    await assert_books_agree()


async def test_attempts_at_once_hold_once(inventory: Subgraph) -> None:
    variant_id, order_id, line_id = await stocked_variant(50), new_id(), new_id()
    await reserve(variant_id, 2, order_id, line_id=line_id)
    await release(order_id)
    wanted = [reserve(variant_id, 2, order_id, line_id=line_id, attempt=attempt) for attempt in (1, 2, 2, 3, 3, 1)]
    outcomes = await asyncio.gather(*wanted, release(order_id), return_exceptions=True)
    assert all(outcome is None or isinstance(outcome, (datetime, Rejection)) for outcome in outcomes), outcomes
    assert sum(isinstance(outcome, datetime) for outcome in outcomes) == 1
    assert await available(variant_id) == 48
    await assert_books_agree()
