"""Disputes in Postgres. Whoever writes one has locked its order's row."""

from uuid import UUID

from shared.ids import new_id
from shared.persistence import db
from shared.persistence.sql import values_of
from subgraphs.orders.domain.dispute import Dispute, DisputeStatus, Hold
from subgraphs.orders.infrastructure.rows import holds_of

# What happened before the latest that is known changes nothing. A decision is the last word, until there is another
# one.
_SAVE = """
INSERT INTO disputes AS known (id, order_id, reference, amount_minor, reason, status, evidence_due_at, opened_at,
  told_at)
VALUES (:id, :order_id, :reference, :amount_minor, :reason, :status, :evidence_due_at, :happened_at, :happened_at)
ON CONFLICT (order_id, reference) DO UPDATE SET status = excluded.status,
  amount_minor = excluded.amount_minor, reason = coalesce(nullif(excluded.reason, ''), known.reason),
  evidence_due_at = CASE WHEN excluded.status = 'OPEN' THEN excluded.evidence_due_at ELSE known.evidence_due_at END,
  told_at = greatest(known.told_at, excluded.told_at)
WHERE CASE known.status WHEN 'OPEN' THEN excluded.status <> 'OPEN' OR excluded.told_at >= known.told_at
  ELSE excluded.status NOT IN ('OPEN', known.status) AND excluded.told_at >= known.told_at END
RETURNING id
"""
_STATUS = "SELECT status FROM disputes WHERE order_id = :order_id AND reference = :reference"


class PostgresDisputes:
    """The port Disputes, in the task's transaction."""

    async def save(self, dispute: Dispute) -> bool:
        return await db.fetch_row(_SAVE, id=new_id(), **values_of(dispute)) is not None

    async def status(self, order_id: UUID, reference: str) -> DisputeStatus | None:
        status: str | None = await db.fetch_value(_STATUS, order_id=order_id, reference=reference)
        return DisputeStatus(status) if status else None

    async def hold(self, order_id: UUID) -> Hold | None:
        return (await holds_of([order_id])).get(order_id)
