"""Disputes in Postgres. Whoever writes one has locked its order's row."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from uuid import UUID

import asyncpg

from shared.ids import new_id
from shared.persistence import db
from subgraphs.orders.domain.dispute import Dispute, DisputeStatus, Hold, hold_of

_OF_ORDERS = """
SELECT dispute.*, placed.currency FROM disputes AS dispute JOIN orders AS placed ON placed.id = dispute.order_id
WHERE dispute.order_id = ANY($1::uuid[]) AND dispute.status = 'OPEN' ORDER BY dispute.opened_at
"""

# What happened before the latest that is known changes nothing. A decision is the last word, until there is another one.
_KEEP = """
INSERT INTO disputes AS known (id, order_id, reference, amount_minor, reason, status, evidence_due_at, opened_at, told_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8)
ON CONFLICT (order_id, reference) DO UPDATE SET status = excluded.status,
  amount_minor = excluded.amount_minor, reason = coalesce(nullif(excluded.reason, ''), known.reason),
  evidence_due_at = CASE WHEN excluded.status = 'OPEN' THEN excluded.evidence_due_at ELSE known.evidence_due_at END,
  told_at = greatest(known.told_at, excluded.told_at)
WHERE CASE known.status WHEN 'OPEN' THEN excluded.status <> 'OPEN' OR excluded.told_at >= known.told_at
  ELSE excluded.status NOT IN ('OPEN', known.status) AND excluded.told_at >= known.told_at END
RETURNING id
"""


async def keep_dispute(dispute: Dispute) -> bool:
    """Writes what is told of a dispute; False when that is old news."""
    row = await db.fetch_row(
        _KEEP,
        new_id(),
        dispute.order_id,
        dispute.reference,
        dispute.amount_minor,
        dispute.reason,
        dispute.status,
        dispute.evidence_due_at,
        dispute.happened_at,
    )
    return row is not None


async def decision_on(order_id: UUID, reference: str) -> DisputeStatus | None:
    """How a dispute of a locked order stands; None when it is new."""
    query = "SELECT status FROM disputes WHERE order_id = $1 AND reference = $2"
    status: str | None = await db.fetch_value(query, order_id, reference)
    return DisputeStatus(status) if status else None


async def holds_of(order_ids: Sequence[UUID]) -> Mapping[UUID, Hold]:
    """Why nothing may leave, of those orders that are held."""
    waiting: defaultdict[tuple[UUID, str], list[Dispute]] = defaultdict(list)
    for row in await db.fetch(_OF_ORDERS, order_ids):
        waiting[row["order_id"], row["currency"]].append(_dispute(row))
    holds = {order_id: hold_of(disputes, currency) for (order_id, currency), disputes in waiting.items()}
    return {order_id: hold for order_id, hold in holds.items() if hold}


async def hold_on(order_id: UUID) -> Hold | None:
    """Why nothing of an order may leave, if it is held."""
    return (await holds_of([order_id])).get(order_id)


DUES = ("later", "soon", "over")


async def count_held() -> Mapping[str, int]:
    """How many disputes are open, by whether evidence is due later, within three days (``soon``), or was (``over``)."""
    rows = await db.fetch(
        "SELECT CASE WHEN evidence_due_at <= now() THEN 'over' WHEN evidence_due_at <= now() + interval '3 days' THEN 'soon'"
        " ELSE 'later' END AS due, count(*) AS disputes FROM disputes WHERE status = 'OPEN' GROUP BY 1"
    )
    return {row["due"]: row["disputes"] for row in rows}


def _dispute(row: asyncpg.Record) -> Dispute:
    words = (row["reference"], row["amount_minor"], row["reason"])
    return Dispute(row["order_id"], *words, DisputeStatus(row["status"]), row["evidence_due_at"], row["opened_at"])
