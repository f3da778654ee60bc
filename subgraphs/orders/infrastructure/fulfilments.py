"""Sagas in Postgres: who works on which, and what is recorded of them. Leases, pauses and deadlines are by its clock alone.

A worker's write counts only while the saga's fence is the one that the worker was given. One that stalled, and whose saga was
taken over, writes nothing when it wakes up.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
import orjson

from shared import db
from shared.json import dumps
from subgraphs.orders.domain.cancellation import Cancellation, CancellationCode
from subgraphs.orders.domain.fulfilment import Fulfilment, Step
from subgraphs.orders.domain.order import OrderedLine, OrderStatus, PlacedOrder, statuses_before

_CLAIM = """
WITH due AS (
  SELECT order_id FROM fulfilments WHERE due_at <= now() ORDER BY due_at LIMIT $1 FOR UPDATE SKIP LOCKED
), saga AS (
  UPDATE fulfilments SET fence = fence + 1, attempts = attempts + 1, leased_by = $2,
    due_at = clock_timestamp() + make_interval(secs => $3), updated_at = clock_timestamp()
  FROM due WHERE fulfilments.order_id = due.order_id RETURNING fulfilments.*
)
SELECT saga.*, saga.deadline_at <= clock_timestamp() AS is_overdue,
  placed.number, placed.customer_id, placed.email, placed.currency, placed.total_minor,
  (SELECT json_agg(line ORDER BY position) FROM order_lines AS line WHERE line.order_id = saga.order_id) AS lines
FROM saga JOIN orders AS placed ON placed.id = saga.order_id
"""

_ADVANCE = """
UPDATE fulfilments SET step = $3, attempts = 1, cancellation = $4, last_error = NULL,
  due_at = clock_timestamp() + make_interval(secs => $5), updated_at = clock_timestamp()
WHERE order_id = $1 AND fence = $2
RETURNING deadline_at <= clock_timestamp() AS is_overdue
"""

_POSTPONE = """
UPDATE fulfilments SET due_at = clock_timestamp() + make_interval(secs => $3), leased_by = NULL,
  last_error = coalesce($4, last_error), updated_at = clock_timestamp()
WHERE order_id = $1 AND fence = $2
"""

_PARK = """
UPDATE fulfilments SET step = $3, due_at = NULL, leased_by = NULL, last_error = $4, updated_at = clock_timestamp()
WHERE order_id = $1 AND fence = $2
"""

# The end of a saga and the order's move go together, with the move's line of history.
_END = """
WITH saga AS (
  UPDATE fulfilments SET step = $3, due_at = NULL, leased_by = NULL, last_error = NULL, cancellation = $4,
    updated_at = clock_timestamp()
  WHERE order_id = $1 AND fence = $2 RETURNING order_id
), current AS (
  SELECT id, status FROM orders JOIN saga ON id = saga.order_id FOR UPDATE OF orders
), moved AS (
  UPDATE orders SET status = $5, cancellation = $4, updated_at = clock_timestamp()
  FROM current WHERE orders.id = current.id AND current.status = ANY($6::text[])
  RETURNING orders.id, orders.placed_at, orders.updated_at, current.status AS from_status
), history AS (
  INSERT INTO order_status_history (order_id, from_status, to_status, reason, actor)
  SELECT id, from_status, $5, $7, 'fulfilment' FROM moved
)
SELECT moved.placed_at, moved.updated_at FROM saga LEFT JOIN moved ON moved.id = saga.order_id
"""


async def claim_due(worker: str, limit: int, lease_seconds: float) -> list[Fulfilment]:
    """Takes up to ``limit`` sagas that wait for somebody. Recorded before it is tried: the step, and that it is tried once more."""
    return [_fulfilment(row) for row in await db.fetch(_CLAIM, limit, worker, lease_seconds)]


async def advance(saga: Fulfilment, step: Step, cancellation: Cancellation | None, lease_seconds: float) -> Fulfilment | None:
    """Records the next step, before it is tried, and keeps the lease; None when somebody else has the saga now."""
    row = await db.fetch_row(_ADVANCE, saga.order.id, saga.fence, step, _stored(cancellation), lease_seconds)
    if row is None:
        return None
    return replace(saga, step=step, attempts=1, cancellation=cancellation, is_overdue=row["is_overdue"])


async def postpone(saga: Fulfilment, pause_seconds: float, error: str | None) -> None:
    """Gives the lease back; the step is tried again after a pause."""
    await db.execute(_POSTPONE, saga.order.id, saga.fence, pause_seconds, error)


async def park(saga: Fulfilment, error: str) -> bool:
    """Leaves a saga to a person; False when somebody else has it now."""
    return await db.execute(_PARK, saga.order.id, saga.fence, Step.STUCK, error) == 1


@dataclass(frozen=True, slots=True)
class End:
    """When an order was placed, and when it came to its end."""

    placed_at: datetime
    ended_at: datetime


async def end(saga: Fulfilment, step: Step, status: OrderStatus, cancellation: Cancellation | None, reason: str) -> End | None:
    """Ends a saga and moves its order; None when somebody else has the saga now. Call it in a transaction.

    Raises:
        RuntimeError: when the order's status forbids the move.
    """
    row = await db.fetch_row(_END, saga.order.id, saga.fence, step, _stored(cancellation), status, statuses_before(status), reason)
    if row is None:
        return None
    if row["placed_at"] is None:
        raise RuntimeError(f"order {saga.order.id} can't become {status}")
    return End(row["placed_at"], row["updated_at"])


async def count_open() -> Mapping[tuple[str, bool], int]:
    """How many sagas are not at a good end, by step and by whether their deadline has passed."""
    rows = await db.fetch(
        "SELECT step, deadline_at <= now() AS is_overdue, count(*) AS sagas FROM fulfilments"
        " WHERE step NOT IN ('CONFIRMED', 'CANCELLED') GROUP BY 1, 2"
    )
    return {(row["step"], row["is_overdue"]): row["sagas"] for row in rows}


def _fulfilment(row: asyncpg.Record) -> Fulfilment:
    lines = [_line(line) for line in orjson.loads(row["lines"])]
    money = (row["currency"], row["total_minor"])
    return Fulfilment(
        order=PlacedOrder(row["order_id"], row["number"], row["customer_id"], row["email"], *money, lines),
        step=Step(row["step"]),
        attempts=row["attempts"],
        fence=row["fence"],
        is_overdue=row["is_overdue"],
        payment_method_id=row["payment_method_id"],
        cancellation=_cancellation(row["cancellation"]),
        trace=orjson.loads(row["trace"]),
    )


def _line(line: Mapping[str, Any]) -> OrderedLine:
    ids = (UUID(line["id"]), UUID(line["variant_id"]))
    return OrderedLine(*ids, line["sku"], line["title"], line["quantity"], line["unit_price_minor"])


def _stored(cancellation: Cancellation | None) -> str | None:
    if cancellation is None:
        return None
    reason = {"code": cancellation.code, "message": cancellation.message, "lineIds": list(cancellation.line_ids)}
    return dumps(reason).decode()


def _cancellation(stored: str | None) -> Cancellation | None:
    if stored is None:
        return None
    reason = orjson.loads(stored)
    line_ids: Sequence[UUID] = [UUID(line_id) for line_id in reason["lineIds"]]
    return Cancellation(CancellationCode(reason["code"]), reason["message"], line_ids)
