"""Sagas in Postgres: who works on which, and what is recorded of them. Leases, pauses and deadlines are by its clock alone.

A worker's write counts only while the saga's fence is the one that the worker was given. One that stalled, and whose saga was
taken over, writes nothing when it wakes up. Whoever changes an order together with its sagas locks the order's row first.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

import asyncpg
import orjson

from shared.json import dumps
from shared.persistence import db
from shared.telemetry.context import propagation_headers
from subgraphs.orders.domain.cancellation import Cancellation, CancellationCode
from subgraphs.orders.domain.fulfilment import FIRST_STEPS, Kind, Saga, Settlement, Step, turned
from subgraphs.orders.domain.order import OrderedLine, PlacedOrder

CHANNEL = "fulfilments"  # workers LISTEN on it

_CLAIM = """
WITH due AS (
  SELECT id FROM sagas WHERE due_at <= now() ORDER BY due_at LIMIT $1 FOR UPDATE SKIP LOCKED
), saga AS (
  UPDATE sagas SET fence = fence + 1, attempts = attempts + 1, leased_by = $2,
    due_at = clock_timestamp() + make_interval(secs => $3), updated_at = clock_timestamp()
  FROM due WHERE sagas.id = due.id RETURNING sagas.*
)
SELECT saga.*, coalesce(saga.deadline_at <= clock_timestamp(), false) AS is_overdue,
  placed.attempt, placed.number, placed.customer_id, placed.email, placed.currency, placed.total_minor,
  (SELECT json_agg(line ORDER BY position) FROM order_lines AS line WHERE line.order_id = saga.order_id) AS lines
FROM saga JOIN orders AS placed ON placed.id = saga.order_id
"""

# Where a person asked to cancel the order meanwhile, it turns round here.
_ADVANCE = """
UPDATE sagas SET step = CASE WHEN is_cancel_requested THEN $4 ELSE $3 END, attempts = 1, cancellation = coalesce(cancellation, $5),
  last_error = NULL, due_at = clock_timestamp() + make_interval(secs => $6), updated_at = clock_timestamp()
WHERE id = $1 AND fence = $2
RETURNING step, cancellation, is_cancel_requested, paid_minor, paid_outside,
  coalesce(deadline_at <= clock_timestamp(), false) AS is_overdue
"""

_POSTPONE = """
UPDATE sagas SET due_at = clock_timestamp() + make_interval(secs => $3), leased_by = NULL,
  last_error = coalesce($4, last_error), updated_at = clock_timestamp()
WHERE id = $1 AND fence = $2
"""

_FINISH = """
UPDATE sagas SET step = $3, due_at = NULL, leased_by = NULL, last_error = NULL, updated_at = clock_timestamp()
WHERE id = $1 AND fence = $2
"""

_PARK = """
UPDATE sagas SET step = $3, stuck_step = step, due_at = NULL, leased_by = NULL, last_error = $4, updated_at = clock_timestamp()
WHERE id = $1 AND fence = $2
"""

_START = f"""
WITH saga AS (
  INSERT INTO sagas (id, order_id, kind, step, trace) VALUES ($1, $2, $3, $4, $5)
  ON CONFLICT (id) DO UPDATE SET step = excluded.step, stuck_step = NULL, attempts = 0, due_at = clock_timestamp(),
    updated_at = clock_timestamp() WHERE sagas.due_at IS NULL
)
SELECT pg_notify('{CHANNEL}', '')
"""  # noqa: S608 - constants

# One that is settling its pieces does that first.
_LEAVE_OWED = f"""
INSERT INTO sagas AS known (id, order_id, kind, step, stuck_step, last_error, due_at, trace)
VALUES ($1, $2, '{Kind.REFUND}', '{Step.STUCK}', '{Step.REFUND}', $3, NULL, $4)
ON CONFLICT (id) DO UPDATE SET step = excluded.step, stuck_step = excluded.stuck_step, last_error = excluded.last_error,
  attempts = 0, due_at = NULL, leased_by = NULL, fence = known.fence + 1, updated_at = clock_timestamp()
WHERE known.step <> '{Step.RESTOCK}' AND known.stuck_step IS DISTINCT FROM '{Step.RESTOCK}'
"""  # noqa: S608 - constants

# Whoever still works on what it was at is fenced.
_START_ANEW = f"""
WITH saga AS (
  INSERT INTO sagas (id, order_id, kind, step, trace) VALUES ($1, $2, $3, $4, $5)
  ON CONFLICT (id) DO UPDATE SET step = excluded.step, stuck_step = NULL, attempts = 0, leased_by = NULL, fence = sagas.fence + 1,
    due_at = clock_timestamp(), updated_at = clock_timestamp()
)
SELECT pg_notify('{CHANNEL}', '')
"""  # noqa: S608 - constants

_WAKE = f"""
WITH woken AS (
  UPDATE sagas SET due_at = clock_timestamp(), attempts = 0
  WHERE id = $1 AND step = $2 AND leased_by IS NULL AND due_at IS NOT NULL RETURNING id
)
SELECT pg_notify('{CHANNEL}', '') FROM woken
"""  # noqa: S608 - constants


async def claim_due(worker: str, limit: int, lease_seconds: float) -> list[Saga]:
    """Takes up to ``limit`` sagas that wait for somebody. Recorded before it is tried: the step, and that it is tried once more."""
    return [_saga(row) for row in await db.fetch(_CLAIM, limit, worker, lease_seconds)]


async def advance(saga: Saga, step: Step, cancellation: Cancellation | None, lease_seconds: float) -> Saga | None:
    """Records the next step, before it is tried, and keeps the lease; None when somebody else has the saga now.

    The step is another one when a person asked to cancel the order meanwhile.
    """
    row = await db.fetch_row(_ADVANCE, saga.id, saga.fence, step, turned(step), stored(cancellation), lease_seconds)
    return advanced(saga, row) if row is not None else None


def advanced(saga: Saga, row: asyncpg.Record) -> Saga:
    """A saga at its next step, as it was recorded."""
    return replace(
        saga,
        step=Step(row["step"]),
        attempts=1,
        cancellation=_cancellation(row["cancellation"]),
        is_cancel_requested=row["is_cancel_requested"],
        is_overdue=row["is_overdue"],
        settlement=_settlement(row),
    )


async def postpone(saga: Saga, pause_seconds: float, error: str | None) -> bool:
    """Gives the lease back, and the step is tried again after a pause; False when somebody else has it now."""
    return await db.execute(_POSTPONE, saga.id, saga.fence, pause_seconds, error) == 1


async def finish(saga: Saga, step: Step) -> bool:
    """Ends a saga whose effects on its order are recorded apart; False when somebody else has it now."""
    return await db.execute(_FINISH, saga.id, saga.fence, step) == 1


async def park(saga: Saga, error: str) -> bool:
    """Leaves a saga to a person; False when somebody else has it now."""
    return await db.execute(_PARK, saga.id, saga.fence, Step.STUCK, error) == 1


async def start(saga_id: UUID, kind: Kind, order_id: UUID, step: Step | None = None) -> None:
    """Begins a saga of an order whose row is locked, and tells the workers. Call it in the transaction of what it is about.

    One that has ended begins again; one that is under way goes on.
    """
    first = step or FIRST_STEPS[kind]
    await db.execute(_START, saga_id, order_id, kind, first, dumps(propagation_headers()).decode())


async def leave_owed(refund_id: UUID, order_id: UUID, error: str) -> None:
    """Leaves a refund of a locked order whose money came back to a person; a worker that has its saga is fenced."""
    await db.execute(_LEAVE_OWED, refund_id, order_id, error, dumps(propagation_headers()).decode())


async def start_anew(saga_id: UUID, kind: Kind, order_id: UUID, step: Step) -> None:
    """Begins a saga as ``start`` does, or has one that has ended, or is at something else, go on at this step."""
    await db.execute(_START_ANEW, saga_id, order_id, kind, step, dumps(propagation_headers()).decode())


async def is_under_way(saga_id: UUID) -> bool:
    """Whether there is such a saga, and a worker has it, or will."""
    return bool(await db.fetch_value("SELECT EXISTS (SELECT FROM sagas WHERE id = $1 AND due_at IS NOT NULL)", saga_id))


async def wake(order_id: UUID) -> None:
    """Has an order that waits for its buyer looked at now."""
    await db.execute(_WAKE, order_id, Step.AWAIT_ACTION)


async def count_open() -> Mapping[tuple[str, str, bool], int]:
    """How many sagas are not at a good end, by kind, by step and by whether their deadline has passed."""
    rows = await db.fetch(
        "SELECT kind, step, coalesce(deadline_at <= now(), false) AS is_overdue, count(*) AS sagas FROM sagas"
        " WHERE due_at IS NOT NULL OR step = 'STUCK' GROUP BY 1, 2, 3"
    )
    return {(row["kind"], row["step"], row["is_overdue"]): row["sagas"] for row in rows}


def _saga(row: asyncpg.Record) -> Saga:
    lines = [_line(line) for line in orjson.loads(row["lines"])]
    money = (row["currency"], row["total_minor"])
    return Saga(
        id=row["id"],
        kind=Kind(row["kind"]),
        order=PlacedOrder(
            row["order_id"], row["number"], row["customer_id"], row["email"], *money, lines, row["attempt"]
        ),
        step=Step(row["step"]),
        attempts=row["attempts"],
        fence=row["fence"],
        is_overdue=row["is_overdue"],
        payment_method_id=row["payment_method_id"] or "",
        cancellation=_cancellation(row["cancellation"]),
        is_cancel_requested=row["is_cancel_requested"],
        trace=orjson.loads(row["trace"]),
        settlement=_settlement(row),
    )


def _settlement(row: asyncpg.Record) -> Settlement | None:
    return Settlement(row["paid_minor"], row["paid_outside"]) if row["paid_outside"] is not None else None


def _line(line: Mapping[str, Any]) -> OrderedLine:
    ids = (UUID(line["id"]), UUID(line["variant_id"]))
    return OrderedLine(*ids, line["sku"], line["title"], line["quantity"], line["unit_price_minor"])


def stored(cancellation: Cancellation | None) -> str | None:
    """A cancellation as its column has it."""
    if cancellation is None:
        return None
    reason = {"code": cancellation.code, "message": cancellation.message, "lineIds": list(cancellation.line_ids)}
    return dumps(reason).decode()


def _cancellation(column: str | None) -> Cancellation | None:
    if column is None:
        return None
    reason = orjson.loads(column)
    line_ids: Sequence[UUID] = [UUID(line_id) for line_id in reason["lineIds"]]
    return Cancellation(CancellationCode(reason["code"]), reason["message"], line_ids)
