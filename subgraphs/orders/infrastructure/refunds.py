"""Refunds in Postgres. Whoever writes one has locked its order's row."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from shared import db
from subgraphs.orders.domain.fulfilment import Saga
from subgraphs.orders.domain.refund import Pieces, Refund, Refundable, RefundableLine, RefundStatus
from subgraphs.orders.infrastructure.moves import LockedOrder

_LINES = """
SELECT line.id, line.unit_price_minor, line.quantity - coalesce(sum(part.quantity) FILTER (WHERE refund.id IS NOT NULL), 0) AS left
FROM order_lines AS line
LEFT JOIN refund_lines AS part ON part.line_id = line.id
LEFT JOIN refunds AS refund ON refund.id = part.refund_id AND refund.status <> 'FAILED'
WHERE line.order_id = $1 GROUP BY line.id ORDER BY line.position
"""

_INSERT = """
WITH refund AS (
  INSERT INTO refunds (id, order_id, status, amount_minor, reason, is_restocking, user_id) VALUES ($1, $2, $3, $4, $5, $6, $7)
  RETURNING id
)
INSERT INTO refund_lines (refund_id, line_id, quantity)
SELECT refund.id, line_id, quantity FROM refund, unnest($8::uuid[], $9::int[]) AS part (line_id, quantity)
"""

_BY_ID = """
SELECT refund.*, (
  SELECT coalesce(json_agg(part ORDER BY part.id), '[]') FROM refund_lines AS part WHERE part.refund_id = refund.id
) AS lines
FROM refunds AS refund WHERE refund.id = $1
"""

_GIVE_BACK = """
UPDATE orders SET refunded_minor = refunded_minor + $2, updated_at = clock_timestamp() WHERE id = $1 RETURNING updated_at
"""


async def refundable(order: LockedOrder) -> Refundable:
    """A locked order as far as giving money back goes."""
    pending: int = await db.fetch_value(
        "SELECT coalesce(sum(amount_minor), 0)::bigint FROM refunds WHERE order_id = $1 AND status = 'PENDING'", order.id
    )
    rows = await db.fetch(_LINES, order.id)
    lines = [RefundableLine(row["id"], row["unit_price_minor"], row["left"]) for row in rows]
    given = order.refunded_minor + pending
    return Refundable(order.status, order.is_captured, order.currency, order.total_minor, given, lines)


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
        user_id,
        [piece.line_id for piece in refund.pieces],
        [piece.quantity for piece in refund.pieces],
    )


async def refund_by_id(refund_id: UUID) -> Refund:
    """A refund that is known to exist."""
    row = await db.fetch_row(_BY_ID, refund_id)
    assert row is not None, f"the saga of refund {refund_id} has lost it"
    pieces = _pieces(orjson.loads(row["lines"]))
    return Refund(row["id"], row["order_id"], row["amount_minor"], row["reason"], row["is_restocking"], pieces)


async def refund_of_cancelled(saga: Saga) -> Refund:
    """What is given back of an order that is being undone: all that was not given back yet. Nobody refunds it meanwhile."""
    refunded: int = await db.fetch_value("SELECT refunded_minor FROM orders WHERE id = $1", saga.order.id)
    reason = saga.cancellation.message if saga.cancellation else "The order could not be completed."
    return Refund(saga.order.id, saga.order.id, saga.order.total_minor - refunded, reason, is_restocking=True, pieces=())


async def set_refund_status(refund_id: UUID, status: RefundStatus) -> None:
    """Records what became of a refund."""
    await db.execute("UPDATE refunds SET status = $2, updated_at = clock_timestamp() WHERE id = $1", refund_id, status)


async def note_restocked(refund_id: UUID) -> None:
    """Records that a refund's pieces are back in stock."""
    await db.execute("UPDATE refunds SET restocked_at = clock_timestamp() WHERE id = $1 AND is_restocking", refund_id)


async def count_as_given(order_id: UUID, amount_minor: int) -> datetime:
    """Adds to what was given back of a locked order, and answers when."""
    given_at: datetime = await db.fetch_value(_GIVE_BACK, order_id, amount_minor)
    return given_at


def _pieces(lines: Sequence[Mapping[str, Any]]) -> Sequence[Pieces]:
    return [Pieces(UUID(line["line_id"]), line["quantity"]) for line in lines]
