"""Orders as far as money and stock go, for audits: a page is one statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import asyncpg
import orjson

from shared.persistence import db

_PAGE = """
SELECT placed.id, placed.attempt, placed.number, placed.status, placed.currency, placed.total_minor,
  placed.refunded_minor,
  placed.captured_at IS NOT NULL AS is_captured,
  coalesce(greatest(placed.updated_at, saga.updated_at), placed.updated_at) AS changed_at,
  coalesce(saga.is_open, false) AS is_open, coalesce(saga.is_stuck, false) AS is_stuck,
  (SELECT json_agg(json_build_array(line.id, line.variant_id, line.quantity, coalesce(back.units, 0),
    coalesce(back.kept, 0),
      line.waiting) ORDER BY line.position)
    FROM order_lines AS line LEFT JOIN LATERAL (
      SELECT sum(part.quantity) FILTER (WHERE refund.restocked_at IS NOT NULL) AS units,
        sum(part.quantity) FILTER (
          WHERE (refund.status = 'DONE' OR refund.keeps_out OR refund.times_back > 0) AND NOT refund.is_restocking
        ) AS kept
      FROM refund_lines AS part JOIN refunds AS refund ON refund.id = part.refund_id WHERE part.line_id = line.id
    ) AS back ON true WHERE line.order_id = placed.id) AS lines
FROM orders AS placed LEFT JOIN LATERAL (
  SELECT max(updated_at) AS updated_at, bool_or(due_at IS NOT NULL) AS is_open, bool_or(step = 'STUCK') AS is_stuck
  FROM sagas WHERE sagas.order_id = placed.id
) AS saga ON true
WHERE placed.id > $1 ORDER BY placed.id LIMIT $2
"""


@dataclass(frozen=True, slots=True)
class AuditedLine:
    """A line: how many units were ordered, how many of them returned into stock, stay out for good, and are still to
    come.
    """

    id: UUID
    variant_id: UUID
    quantity: int
    restocked: int
    kept_out: int
    waiting: int


@dataclass(frozen=True, slots=True)
class AuditedOrder:
    """An order; amounts in the currency's minor unit. ``is_open``: something is under way, so that all of it may
    change.
    """

    id: UUID
    attempt: int
    number: str
    status: str
    currency: str
    total_minor: int
    refunded_minor: int
    is_captured: bool
    is_open: bool
    is_stuck: bool
    changed_at: datetime
    lines: Sequence[AuditedLine]


async def orders_after(order_id: UUID, limit: int) -> Sequence[AuditedOrder]:
    """The next orders by id."""
    return [_order(row) for row in await db.fetch(_PAGE, order_id, limit)]


def _order(row: asyncpg.Record) -> AuditedOrder:
    lines = [AuditedLine(UUID(line[0]), UUID(line[1]), *line[2:]) for line in orjson.loads(row["lines"])]
    return AuditedOrder(
        id=row["id"],
        attempt=row["attempt"],
        number=row["number"],
        status=row["status"],
        currency=row["currency"],
        total_minor=row["total_minor"],
        refunded_minor=row["refunded_minor"],
        is_captured=row["is_captured"],
        is_open=row["is_open"],
        is_stuck=row["is_stuck"],
        changed_at=row["changed_at"],
        lines=lines,
    )
