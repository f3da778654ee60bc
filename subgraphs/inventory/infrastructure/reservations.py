"""Reservations, their lines and holds in Postgres. Expiry is judged by the database's clock alone."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

import asyncpg

from shared.json import dumps
from shared.persistence import db
from subgraphs.inventory.domain.filling import Allocation, Demand
from subgraphs.inventory.domain.promise import Promise, Reserved, WaitingLine
from subgraphs.inventory.domain.reservation import ReservationState
from subgraphs.inventory.domain.stock import Change, Stock
from subgraphs.inventory.infrastructure.stock import (
    IN_KEY_ORDER,
    LEVELS_FOLLOW,
    MOVED_COLUMNS,
    STOCK_COLUMNS,
    STOCK_TABLES,
    WRITTEN,
    parameters,
    stock_of,
)

_LOCK_WITH_STOCK = f"""
SELECT reservation.attempt, reservation.state, reservation.expires_at <= clock_timestamp() AS is_overdue, {STOCK_COLUMNS}
FROM reservations AS reservation, {STOCK_TABLES}
WHERE reservation.order_id = $1
  AND item.variant_id IN (SELECT line.variant_id FROM reservation_lines AS line WHERE line.order_id = $1)
{IN_KEY_ORDER} FOR NO KEY UPDATE OF reservation, item, level
"""  # noqa: S608 - constants
_FIRST_OF_ORDER = """
  INSERT INTO reservations (order_id, state, expires_at, attempt)
  VALUES ($4, 'HELD', clock_timestamp() + make_interval(secs => $5), $8)
  ON CONFLICT (order_id) DO NOTHING RETURNING order_id, expires_at
"""
_NEXT_OF_ORDER = """
  UPDATE reservations SET state = 'HELD', expires_at = clock_timestamp() + make_interval(secs => $5), attempt = $8,
    changed_at = clock_timestamp()
  WHERE order_id = $4 RETURNING order_id, expires_at
"""


def _reserve(reserved: str) -> str:
    return f"""
WITH {WRITTEN},
reserved AS ({reserved}),
lined AS (
  INSERT INTO reservation_lines (order_id, line_id, variant_id, quantity, waiting)
  SELECT order_id, line_id, variant_id, quantity, waiting FROM reserved, json_to_recordset($6::json)
    AS line (line_id uuid, variant_id uuid, quantity int, waiting int)
  RETURNING line_id, variant_id, waiting
),
allocated AS (
  INSERT INTO holds (order_id, line_id, variant_id, warehouse_id, quantity)
  SELECT order_id, line_id, variant_id, warehouse_id, quantity FROM reserved, json_to_recordset($7::json)
    AS hold (line_id uuid, variant_id uuid, warehouse_id uuid, quantity int)
)
SELECT expires_at, lined.*, CASE WHEN waiting > 0 THEN nextval('waiting_version') END AS version FROM reserved, lined
"""  # noqa: S608 - constants


_RESERVE = _reserve(_FIRST_OF_ORDER)
_RESERVE_NEXT = _reserve(_NEXT_OF_ORDER)
_SELL_HELD = f"""
WITH moved AS (
  INSERT INTO movements (kind, variant_id, warehouse_id, on_hand_delta, held_delta, order_id, reason)
  SELECT 'SOLD', variant_id, warehouse_id, -sum(quantity), -sum(quantity), $1, 'order paid' FROM holds WHERE order_id = $1
  GROUP BY variant_id, warehouse_id ORDER BY variant_id, warehouse_id
  RETURNING {MOVED_COLUMNS}
),
{LEVELS_FOLLOW}
UPDATE reservations SET state = 'COMMITTED', changed_at = clock_timestamp() WHERE order_id = $1
"""  # noqa: S608 - constants
_TAKE_AGAIN = """
WITH allocated AS (
  INSERT INTO holds (order_id, line_id, variant_id, warehouse_id, quantity)
  SELECT $1, line_id, variant_id, warehouse_id, quantity FROM json_to_recordset($2::json)
    AS hold (line_id uuid, variant_id uuid, warehouse_id uuid, quantity int)
),
committed AS (
  UPDATE reservations SET state = 'COMMITTED', changed_at = clock_timestamp() WHERE order_id = $1
)
UPDATE reservation_lines AS line SET waiting = its.quantity
FROM json_to_recordset($3::json) AS its (line_id uuid, quantity int) WHERE line.order_id = $1 AND line.line_id = its.line_id
RETURNING line.order_id, line.line_id, line.variant_id, line.waiting AS quantity, nextval('waiting_version') AS version
"""
_GIVE_BACK = """
WITH ended AS (
  UPDATE reservations SET state = $2, changed_at = clock_timestamp() WHERE order_id = $1
),
unwaited AS (
  UPDATE reservation_lines AS line SET waiting = 0 FROM reservation_lines AS old
  WHERE line.order_id = $1 AND line.waiting > 0 AND old.id = line.id RETURNING line.line_id, line.variant_id, old.waiting
),
given AS (
  DELETE FROM holds WHERE order_id = $1 RETURNING id, line_id, variant_id, warehouse_id, quantity
)
SELECT line_id, variant_id, warehouse_id, quantity, NULL AS version FROM given
UNION ALL SELECT line_id, variant_id, NULL, waiting, nextval('waiting_version') FROM unwaited
"""

# Rows that were never sold are gone already: what is left came back.
_CLEAR = """
WITH lined AS (
  DELETE FROM reservation_lines WHERE order_id = $1
),
past AS (
  DELETE FROM holds WHERE order_id = $1 RETURNING variant_id, warehouse_id, quantity
)
INSERT INTO past_sales (order_id, attempt, variant_id, warehouse_id, quantity)
SELECT $1, (SELECT attempt FROM reservations WHERE order_id = $1), variant_id, warehouse_id, sum(quantity) FROM past
GROUP BY variant_id, warehouse_id
"""


@dataclass(frozen=True, slots=True)
class NewReservation:
    """What an attempt at an order asks for and what it is promised, for so many seconds.

    ``is_next``: the locked reservation of an earlier attempt, which is at its end and was cleared, becomes this one's.
    """

    order_id: UUID
    demands: Sequence[Demand]
    promised: Promise
    ttl_seconds: int
    attempt: int = 1
    is_next: bool = False


@dataclass(frozen=True, slots=True)
class StoredReservation:
    """A reservation as it was when its row and the stock of its variants were locked."""

    order_id: UUID
    attempt: int
    state: ReservationState
    is_overdue: bool
    stock: Stock


@dataclass(frozen=True, slots=True)
class GivenBack:
    """What an order held, by warehouse, what it waited for, by variant, and its lines that now wait for nothing."""

    held: Sequence[tuple[UUID, UUID, int]]
    waited: Sequence[tuple[UUID, int]]
    lines: Sequence[WaitingLine]


async def locked_reservation(order_id: UUID) -> StoredReservation | None:
    """A reservation and the stock of its variants, nobody else's to change until the transaction ends; None when there is none."""
    if rows := await db.fetch(_LOCK_WITH_STOCK, order_id):
        return _stored(order_id, rows)
    # None, or one that has no lines since it only bars its order, or one that was made a moment ago.
    row = await db.fetch_row(
        "SELECT attempt, state, false AS is_overdue FROM reservations WHERE order_id = $1 FOR NO KEY UPDATE", order_id
    )
    if row is None:
        return None
    if rows := await db.fetch(_LOCK_WITH_STOCK, order_id):
        return _stored(order_id, rows)
    return _reservation(order_id, row, Stock({}, []))


def _stored(order_id: UUID, rows: Sequence[asyncpg.Record]) -> StoredReservation:
    return _reservation(order_id, rows[0], stock_of(rows))


def _reservation(order_id: UUID, row: asyncpg.Record, stock: Stock) -> StoredReservation:
    return StoredReservation(order_id, row["attempt"], ReservationState(row["state"]), row["is_overdue"], stock)


async def insert_reservation(stock: Stock, change: Change, new: NewReservation) -> Reserved | None:
    """Holds what is promised and answers for how long, or None when the order has a reservation already.

    ``change`` is what the promise does to the locked stock.
    """
    waiting = {demand.line_id: demand.quantity for demand in new.promised.waiting}
    lines = [
        {
            "line_id": demand.line_id,
            "variant_id": demand.variant_id,
            "quantity": demand.quantity,
            "waiting": waiting.get(demand.line_id, 0),
        }
        for demand in new.demands
    ]
    holds = _holds(new.promised.allocations)
    rows = await db.fetch(
        _RESERVE_NEXT if new.is_next else _RESERVE,
        *parameters(stock, change),
        new.order_id,
        new.ttl_seconds,
        dumps(lines).decode(),
        holds,
        new.attempt,
    )
    if not rows:
        return None
    return Reserved(rows[0]["expires_at"], [_reserved_waiting(new.order_id, row) for row in rows if row["waiting"]])


def _reserved_waiting(order_id: UUID, row: asyncpg.Record) -> WaitingLine:
    return WaitingLine(order_id, row["line_id"], row["variant_id"], row["waiting"], row["version"])


async def bar(order_id: UUID, attempt: int) -> bool:
    """Keeps an attempt at an order without reservation from ever getting one; False when there is one, whichever attempt's."""
    inserted = await db.execute(
        "INSERT INTO reservations (order_id, state, expires_at, attempt) VALUES ($1, 'RELEASED', clock_timestamp(), $2)"
        " ON CONFLICT (order_id) DO NOTHING",
        order_id,
        attempt,
    )
    return inserted == 1


async def clear(order_id: UUID) -> None:
    """Makes room in a locked reservation that is at its end for another attempt; what it sold and took back stays explained."""
    await db.execute(_CLEAR, order_id)


async def bar_next(order_id: UUID, attempt: int) -> None:
    """Bars a later attempt at an order whose reservation is locked, cleared and at its end."""
    await db.execute(
        "UPDATE reservations SET attempt = $2, state = 'RELEASED', changed_at = clock_timestamp() WHERE order_id = $1",
        order_id,
        attempt,
    )


async def locked_stage(order_id: UUID) -> tuple[int, ReservationState] | None:
    """The attempt and the state of a reservation, nobody else's to change until the transaction ends; None when there is none."""
    row = await db.fetch_row("SELECT attempt, state FROM reservations WHERE order_id = $1 FOR NO KEY UPDATE", order_id)
    return (row["attempt"], ReservationState(row["state"])) if row else None


async def sell_held(order_id: UUID) -> None:
    """Takes the held pieces of a locked reservation out of stock, as the ledger's rows say, and commits it."""
    await db.execute(_SELL_HELD, order_id)


async def take_again(order_id: UUID, promised: Promise) -> list[WaitingLine]:
    """Gives a locked reservation that had expired the pieces of a new promise, and commits it; answers the lines that wait."""
    waiting = [{"line_id": demand.line_id, "quantity": demand.quantity} for demand in promised.waiting]
    rows = await db.fetch(_TAKE_AGAIN, order_id, _holds(promised.allocations), dumps(waiting).decode())
    return [WaitingLine(**row) for row in rows]


async def end_reservation(order_id: UUID, state: ReservationState) -> GivenBack:
    """Ends a locked reservation and answers what it held and waited for until now."""
    rows = await db.fetch(_GIVE_BACK, order_id, state)
    unwaited = [row for row in rows if not row["warehouse_id"]]
    return GivenBack(
        held=[(row["variant_id"], row["warehouse_id"], row["quantity"]) for row in rows if row["warehouse_id"]],
        waited=[(row["variant_id"], row["quantity"]) for row in unwaited],
        lines=[WaitingLine(order_id, row["line_id"], row["variant_id"], 0, row["version"]) for row in unwaited],
    )


async def demands_of(order_id: UUID) -> list[Demand]:
    """What a reservation asked for."""
    rows = await db.fetch("SELECT line_id, variant_id, quantity FROM reservation_lines WHERE order_id = $1 ORDER BY id", order_id)
    return [Demand(**row) for row in rows]


async def overdue_orders(limit: int) -> list[UUID]:
    """Orders whose holds have ended, the longest overdue first."""
    rows = await db.fetch(
        "SELECT order_id FROM reservations WHERE state = 'HELD' AND expires_at <= clock_timestamp() ORDER BY expires_at LIMIT $1",
        limit,
    )
    return [row["order_id"] for row in rows]


def _holds(allocations: Iterable[Allocation]) -> str:
    holds = [
        {
            "line_id": allocation.line_id,
            "variant_id": allocation.variant_id,
            "warehouse_id": allocation.warehouse_id,
            "quantity": allocation.quantity,
        }
        for allocation in allocations
    ]
    return dumps(holds).decode()
