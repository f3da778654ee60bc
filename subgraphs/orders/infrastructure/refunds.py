"""Refunds in Postgres. Whoever writes one has locked its order's row."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
import orjson

from shared.persistence import db
from subgraphs.orders.domain.fulfilment import Kind, Step
from subgraphs.orders.domain.order import OrderStatus
from subgraphs.orders.domain.refund import Pieces, Refund, Refundable, RefundableLine, RefundSource, RefundStatus
from subgraphs.orders.infrastructure.moves import LockedOrder

_LINES = """
SELECT line.order_id, line.id, line.unit_price_minor,
  line.quantity - coalesce(sum(part.quantity) FILTER (WHERE refund.id IS NOT NULL), 0) AS left
FROM order_lines AS line
LEFT JOIN refund_lines AS part ON part.line_id = line.id
LEFT JOIN refunds AS refund ON refund.id = part.refund_id
  AND (refund.status <> 'FAILED' OR refund.times_back > 0 OR refund.keeps_out)
WHERE line.order_id = ANY($1::uuid[]) GROUP BY line.id ORDER BY line.position
"""

_MONEY = """
SELECT placed.id, placed.status, placed.captured_at IS NOT NULL AS is_captured, placed.currency, placed.total_minor, (
    SELECT coalesce(sum(amount_minor), 0)::bigint FROM refunds WHERE order_id = placed.id AND refunds.status = 'PENDING'
  ) + placed.refunded_minor AS given_minor, (
    SELECT coalesce(sum(amount_minor), 0)::bigint FROM disputes WHERE order_id = placed.id AND disputes.status = 'OPEN'
  ) AS disputed_minor
FROM orders AS placed WHERE placed.id = ANY($1::uuid[])
"""

# Of one whose money came back the pieces are its own to settle still, if they are not.
_OWES_PIECES = """
EXISTS (
  SELECT FROM refunds JOIN refund_lines AS part ON part.refund_id = refunds.id
  WHERE refunds.id = sagas.id AND refunds.times_back > 0 AND refunds.pieces_settled_at IS NULL
)
"""
# What a refund was to keep out of stock stays out: of its pieces inventory is to be told those that never came.
KEEPS_OUT = """
EXISTS (
  SELECT FROM refunds JOIN refund_lines AS part ON part.refund_id = refunds.id
  WHERE refunds.id = sagas.id AND refunds.times_back = 0 AND NOT refunds.is_restocking
)
"""


def _end(goes_on: str) -> str:
    return f"""
UPDATE sagas SET step = CASE WHEN {goes_on} THEN '{Step.RESTOCK}' ELSE '{Step.FAILED}' END, stuck_step = NULL, attempts = 0,
  due_at = CASE WHEN {goes_on} THEN clock_timestamp() END, leased_by = NULL, fence = fence + 1, updated_at = clock_timestamp()
"""  # noqa: S608 - constants


END = _end(_OWES_PIECES)
END_WITH_PIECES = _end(f"({_OWES_PIECES} OR {KEEPS_OUT})")

_END_UNDER_WAY = f"""
WITH ended AS (
  {END_WITH_PIECES} WHERE order_id = $1 AND kind = '{Kind.REFUND}'
    AND (step = '{Step.REFUND}' OR step = '{Step.STUCK}' AND stuck_step = '{Step.REFUND}')
    AND NOT EXISTS (SELECT FROM refunds AS free WHERE free.id = sagas.id AND free.amount_minor = 0)
  RETURNING id, {KEEPS_OUT} AS keeps_out
), failed AS (
  UPDATE refunds SET status = '{RefundStatus.FAILED}', is_owed = false, keeps_out = ended.keeps_out, updated_at = clock_timestamp()
  FROM ended WHERE refunds.id = ended.id
)
UPDATE refunds SET is_owed = false WHERE order_id = $1 AND is_owed AND id NOT IN (SELECT id FROM ended)
"""  # noqa: S608 - constants

_INSERT = """
WITH refund AS (
  INSERT INTO refunds (id, order_id, status, amount_minor, reason, is_restocking, source, paid_outside, user_id)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING id
)
INSERT INTO refund_lines (refund_id, line_id, quantity)
SELECT refund.id, line_id, quantity FROM refund, unnest($10::uuid[], $11::int[]) AS part (line_id, quantity)
"""

_BY_ID = """
SELECT refund.*, (
  SELECT coalesce(json_agg(part ORDER BY part.id), '[]') FROM refund_lines AS part WHERE part.refund_id = refund.id
) AS lines
FROM refunds AS refund WHERE refund.id = $1
"""

_GIVE_BACK = """
UPDATE orders SET refunded_minor = least(refunded_minor + refund.amount_minor, total_minor), updated_at = clock_timestamp()
FROM refunds AS refund WHERE refund.id = $1 AND orders.id = refund.order_id RETURNING orders.updated_at
"""

_LAST_WITHOUT_PIECES = f"""
SELECT id FROM refunds WHERE order_id = $1 AND status = '{RefundStatus.DONE}'
  AND NOT EXISTS (SELECT FROM refund_lines WHERE refund_id = refunds.id)
ORDER BY created_at DESC LIMIT 1
"""  # noqa: S608 - constants

_PUT_BACK_WITH = """
WITH refund AS (
  UPDATE refunds SET is_restocking = true, pieces_settled_at = NULL, updated_at = clock_timestamp() WHERE id = $1 RETURNING id
)
INSERT INTO refund_lines (refund_id, line_id, quantity)
SELECT refund.id, line_id, quantity FROM refund, unnest($2::uuid[], $3::int[]) AS part (line_id, quantity)
ON CONFLICT (refund_id, line_id) DO UPDATE SET quantity = refund_lines.quantity + excluded.quantity
"""

_ADD_PIECES = """
INSERT INTO refund_lines (refund_id, line_id, quantity)
SELECT $1::uuid, line_id, quantity FROM unnest($2::uuid[], $3::int[]) AS part (line_id, quantity)
ON CONFLICT (refund_id, line_id) DO UPDATE SET quantity = refund_lines.quantity + excluded.quantity
"""


async def refundable(order: LockedOrder) -> Refundable:
    """A locked order as far as giving money back goes."""
    return (await refundables_of([order.id]))[order.id]


async def refundables_of(order_ids: Sequence[UUID]) -> Mapping[UUID, Refundable]:
    """Some orders as far as giving money back goes."""
    lines: defaultdict[UUID, list[RefundableLine]] = defaultdict(list)
    for row in await db.fetch(_LINES, order_ids):
        lines[row["order_id"]].append(RefundableLine(row["id"], row["unit_price_minor"], row["left"]))
    return {row["id"]: _refundable(row, lines[row["id"]]) for row in await db.fetch(_MONEY, order_ids)}


def _refundable(row: asyncpg.Record, lines: Sequence[RefundableLine]) -> Refundable:
    money = (row["currency"], row["total_minor"], row["given_minor"])
    return Refundable(OrderStatus(row["status"]), row["is_captured"], *money, lines, row["disputed_minor"])


async def insert_refund(refund: Refund, status: RefundStatus, user_id: UUID | None) -> None:
    """Adds a refund with its lines."""
    await db.execute(
        _INSERT,
        refund.id,
        refund.order_id,
        status,
        refund.amount_minor,
        refund.reason,
        refund.is_restocking,
        refund.source,
        refund.paid_outside,
        user_id,
        [piece.line_id for piece in refund.pieces],
        [piece.quantity for piece in refund.pieces],
    )


async def refund_by_id(refund_id: UUID) -> Refund | None:
    """A refund; None where its saga gives back all that remains: then it is recorded once it is known how much that was."""
    row = await db.fetch_row(_BY_ID, refund_id)
    if row is None:
        return None
    pieces = _pieces(orjson.loads(row["lines"]))
    texts = (row["reason"], row["is_restocking"])
    is_settled = row["pieces_settled_at"] is not None
    source = RefundSource(row["source"])
    what = (row["amount_minor"], *texts, pieces, source)
    return Refund(row["id"], row["order_id"], *what, row["times_back"], is_settled, row["paid_outside"])


async def set_refund_status(refund_id: UUID, status: RefundStatus, failure: str | None = None) -> None:
    """Records what became of a refund, and why it failed: then nobody has paid it outside of the provider either."""
    query = (
        "UPDATE refunds SET status = $2, failure = $3, paid_outside = CASE WHEN $3::text IS NULL THEN paid_outside END,"
        " updated_at = clock_timestamp() WHERE id = $1"
    )
    await db.execute(query, refund_id, status, failure)


async def note_restocked(refund_id: UUID) -> bool:
    """Records that a refund's pieces are back in stock, or out of it for good; answers whether its buyer is owed its money."""
    is_owed: bool | None = await db.fetch_value(
        "UPDATE refunds SET restocked_at = CASE WHEN is_restocking THEN coalesce(restocked_at, clock_timestamp()) END,"
        " pieces_settled_at = coalesce(pieces_settled_at, clock_timestamp()) WHERE id = $1 RETURNING is_owed",
        refund_id,
    )
    return bool(is_owed)


async def count_as_given(refund_id: UUID) -> datetime:
    """Adds a refund to what was given back of its locked order, and answers when."""
    given_at: datetime = await db.fetch_value(_GIVE_BACK, refund_id)
    return given_at


async def last_without_pieces(order_id: UUID) -> UUID | None:
    """The latest refund of a locked order that gave money back for no pieces."""
    found: UUID | None = await db.fetch_value(_LAST_WITHOUT_PIECES, order_id)
    return found


async def put_back_with(refund_id: UUID, pieces: Sequence[Pieces]) -> None:
    """Has a refund that was for no pieces put these back into stock."""
    ids, quantities = [piece.line_id for piece in pieces], [piece.quantity for piece in pieces]
    await db.execute(_PUT_BACK_WITH, refund_id, ids, quantities)


async def add_pieces(refund_id: UUID, pieces: Sequence[Pieces]) -> None:
    """Has a refund be for these pieces, too: what it does with its own it does with them."""
    await db.execute(_ADD_PIECES, refund_id, [piece.line_id for piece in pieces], [piece.quantity for piece in pieces])


async def end_refunds_under_way(order_id: UUID) -> None:
    """Ends refunds of a locked order of which nothing is left to give back; a worker that has one is fenced."""
    await db.execute(_END_UNDER_WAY, order_id)


def _pieces(lines: Sequence[Mapping[str, Any]]) -> Sequence[Pieces]:
    return [Pieces(UUID(line["line_id"]), line["quantity"]) for line in lines]
