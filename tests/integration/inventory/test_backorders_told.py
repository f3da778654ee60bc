"""What others are told of units that are waited for, and of stock that falls low, on a real Postgres."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import orjson
import pytest

from shared.ids import new_id
from shared.persistence import db
from shared.runtime.subgraph import Subgraph
from subgraphs.inventory.domain.filling import Demand
from subgraphs.inventory.domain.promise import Reserved
from subgraphs.inventory.domain.rejections import ReservationNotFound, TooManyReturned
from subgraphs.inventory.domain.returning import Wanted
from subgraphs.inventory.domain.stock import Backorders, StockStatus
from subgraphs.inventory.queries.audits import list_reservations
from subgraphs.inventory.queries.lateness import late_units
from tests.contracts import assert_payload_matches
from tests.integration.inventory.builders import (
    allow_backorders,
    assert_books_agree,
    available,
    commit,
    committed,
    drop,
    end_hold,
    put_back,
    receive,
    release,
    reserve,
    reserve_lines,
    reserved_lines,
    stock,
    stocked_variant,
    waiting,
)
from tests.stock import set_policy, sweep_overdue, tell_backorder


async def test_shoppers_and_others_are_told_when_units_are_expected(inventory: Subgraph) -> None:
    variant_id = await stocked_variant(0)
    soon = datetime.now(UTC).date() + timedelta(days=9)
    for _ in range(2):
        await set_policy(variant_id, None, Backorders(is_allowed=True, available_from=soon))
    view = (await stock(variant_id)).stock
    assert (view.available, view.status, view.available_from) == (0, StockStatus.BACKORDER, soon)
    (row,) = await db.fetch("SELECT type, payload FROM outbox")
    payload = orjson.loads(row["payload"])
    assert_payload_matches(row["type"], payload)
    assert payload["backorder"] == {"isAllowed": True, "availableFrom": soon.isoformat(), "remaining": None}
    assert payload["expectedFrom"] == soon.isoformat()
    await receive(variant_id, 9)
    assert (await stock(variant_id)).stock.available_from is None


async def test_each_order_that_waits_tells_how_many_more_may(inventory: Subgraph) -> None:
    variant_id, first = await stocked_variant(0), new_id()
    await allow_backorders(variant_id, limit=5)
    await reserve(variant_id, 2, first)
    await reserve(variant_id, 3, new_id())
    await release(first)
    await allow_backorders(variant_id, limit=1)
    rows = await db.fetch("SELECT payload FROM outbox WHERE type = 'mercato.inventory.StockChanged' ORDER BY id")
    told = [orjson.loads(row["payload"]) for row in rows]
    assert [(its["backorder"]["isAllowed"], its["backorder"]["remaining"]) for its in told] == [
        (True, 5),
        (True, 3),
        (False, 0),
        (True, 2),
        (False, 0),
    ]
    versions = [its["version"] for its in told]
    assert versions == sorted(set(versions))


async def told(order_id: UUID) -> list[dict[UUID, int]]:
    """What was told of an order's waiting lines, one after the other, as the contract says; versions grow."""
    rows = await db.fetch("SELECT type, payload FROM outbox WHERE key = $1 ORDER BY id", str(order_id))
    payloads = [orjson.loads(row["payload"]) for row in rows]
    for payload in payloads:
        assert_payload_matches("mercato.inventory.BackorderChanged", payload)
    versions = [line["version"] for payload in payloads for line in payload["lines"]]
    assert versions == sorted(set(versions))
    return [{UUID(line["lineId"]): line["waiting"] for line in payload["lines"]} for payload in payloads]


async def test_what_is_waited_for_is_answered_with_the_reservation_and_each_arrival_is_told(
    inventory: Subgraph,
) -> None:
    waited_for, at_hand = await stocked_variant(1), await stocked_variant(9)
    await allow_backorders(waited_for)
    order_id, lines = new_id(), [Demand(new_id(), waited_for, 4), Demand(new_id(), at_hand, 2)]
    reserved = await reserved_lines(order_id, lines)
    assert isinstance(reserved, Reserved)
    (line,) = reserved.waiting
    assert (line.line_id, line.variant_id, line.quantity) == (lines[0].line_id, waited_for, 3)
    await receive(waited_for, 1)
    await commit(order_id)
    await receive(waited_for, 1, "TWO")
    await receive(waited_for, 5)
    assert await told(order_id) == [{lines[0].line_id: left} for left in (2, 1, 0)]
    first = orjson.loads(
        await db.fetch_value("SELECT payload FROM outbox WHERE key = $1 ORDER BY id LIMIT 1", str(order_id))
    )
    assert first["lines"][0]["version"] > line.version
    await assert_books_agree()


async def test_the_end_of_waiting_is_told_when_an_order_is_released_expires_or_is_returned(inventory: Subgraph) -> None:
    variant_id = await stocked_variant(0)
    await allow_backorders(variant_id)
    orders, lines = [new_id() for _ in range(3)], [new_id() for _ in range(3)]
    for order_id, line_id in zip(orders, lines, strict=True):
        await reserve(variant_id, 2, order_id, line_id=line_id)
    released, expired, returned = orders
    await release(released)
    await end_hold(expired)
    await sweep_overdue()
    await commit(returned)
    await put_back(returned, Wanted(lines[2], 1))
    await put_back(returned)
    assert await told(released) == [{lines[0]: 0}]
    assert await told(expired) == [{lines[1]: 0}]
    assert await told(returned) == [{lines[2]: 1}, {lines[2]: 0}]


async def test_what_an_order_waits_for_can_be_told_once_more(inventory: Subgraph) -> None:
    waited_for, at_hand, order_id = await stocked_variant(1), await stocked_variant(9), new_id()
    await allow_backorders(waited_for)
    lines = [Demand(new_id(), waited_for, 3), Demand(new_id(), at_hand, 1)]
    await reserve_lines(order_id, lines)
    await tell_backorder(order_id)
    await receive(waited_for, 2)
    await tell_backorder(order_id)
    first, second = lines[0].line_id, lines[1].line_id
    assert await told(order_id) == [{first: 2, second: 0}, {first: 0}, {first: 0, second: 0}]
    with pytest.raises(ReservationNotFound):
        await tell_backorder(new_id())


async def test_a_hold_that_is_taken_anew_answers_what_it_waits_for_now(inventory: Subgraph) -> None:
    variant_id, order_id, line_id = await stocked_variant(2), new_id(), new_id()
    await allow_backorders(variant_id, limit=5)
    await reserve(variant_id, 2, order_id, line_id=line_id)
    await end_hold(order_id)
    await sweep_overdue()
    await reserve(variant_id, 1, new_id())
    waiting = await committed(order_id)
    assert waiting is not None
    assert [(line.line_id, line.quantity) for line in waiting] == [(line_id, 1)]
    await receive(variant_id, 1)
    assert await told(order_id) == [{line_id: 0}]
    await assert_books_agree()


async def test_refunded_units_that_stay_out_of_stock_leave_their_place_to_the_next(inventory: Subgraph) -> None:
    variant_id, first, second, line_id = await stocked_variant(1), new_id(), new_id(), new_id()
    await allow_backorders(variant_id)
    await reserve(variant_id, 4, first, line_id=line_id)
    await commit(first)
    await reserve(variant_id, 1, second)
    (line,) = await drop(first, Wanted(line_id, 2))
    assert (line.line_id, line.quantity) == (line_id, 1)
    await receive(variant_id, 2)
    assert (await available(variant_id), await waiting(variant_id)) == (0, 0)
    assert await drop(first, Wanted(line_id, 1)) == ()
    (reservation, _) = await list_reservations(UUID(int=0), 10)
    assert [(its.sold, its.returned, its.dropped, its.waiting) for its in reservation.lines] == [(4, 0, 2, 0)]
    await assert_books_agree()
    with pytest.raises(TooManyReturned):
        await put_back(first, Wanted(line_id, 3))
    await put_back(first)
    assert await available(variant_id) == 2
    await assert_books_agree()


async def test_those_who_wait_keep_their_day_when_back_orders_are_forbidden_or_full(inventory: Subgraph) -> None:
    variant_id = await stocked_variant(0)
    soon = datetime.now(UTC).date() + timedelta(days=9)
    await set_policy(variant_id, None, Backorders(is_allowed=True, available_from=soon, limit=2))
    await reserve(variant_id, 2, new_id())
    await set_policy(variant_id, None, Backorders())
    later = soon + timedelta(days=1)
    await set_policy(variant_id, None, Backorders(available_from=later))
    rows = await db.fetch("SELECT payload FROM outbox WHERE key = $1 ORDER BY id", str(variant_id))
    told = [orjson.loads(row["payload"]) for row in rows]
    days = [(its["backorder"]["availableFrom"], its["expectedFrom"]) for its in told]
    assert days == [(soon.isoformat(), soon.isoformat()), (None, soon.isoformat()), (None, later.isoformat())]


async def test_a_day_that_is_over_is_told_to_staff_alone(inventory: Subgraph) -> None:
    variant_id = await stocked_variant(0)
    day = datetime.now(UTC).date() + timedelta(days=1)
    await set_policy(variant_id, None, Backorders(is_allowed=True, available_from=day))
    await reserve(variant_id, 3, new_id())
    assert (await late_units(day), await late_units(day + timedelta(days=1))) == (0, 3)
    await db.execute("UPDATE stock_items SET backorder_from = $1", day - timedelta(days=2))
    seen = await stock(variant_id)
    assert (seen.stock.status, seen.stock.available_from) == (StockStatus.BACKORDER, None)
    assert seen.stock_policy.backorder.available_from == day - timedelta(days=2)
    await receive(variant_id, 3)
    assert await late_units(day + timedelta(days=1)) == 0


async def test_a_fall_to_the_threshold_is_told_once(inventory: Subgraph) -> None:
    variant_id = await stocked_variant(9)
    await set_policy(variant_id, 7, None)
    for _ in range(4):
        await reserve(variant_id, 1, new_id())
    rows = await db.fetch("SELECT payload FROM outbox WHERE type = 'mercato.inventory.StockLow'")
    (payload,) = [orjson.loads(row["payload"]) for row in rows]
    assert_payload_matches("mercato.inventory.StockLow", payload)
    assert (payload["available"], payload["threshold"], payload["version"]) == (7, 7, 3)
    await receive(variant_id, 5)
    await reserve(variant_id, 5, new_id())
    assert await db.fetch_value("SELECT count(*) FROM outbox WHERE type = 'mercato.inventory.StockLow'") == 2
