"""Disputes in Postgres."""

from uuid import UUID

from shared.money import Money
from shared.persistence import db
from subgraphs.payments.domain.dispute import KnownDispute
from subgraphs.payments.domain.payment import Payment
from subgraphs.payments.domain.provider import Dispute, DisputeOutcome

_KNOWN = """
SELECT id, outcome, fee_minor, evidence_due_at FROM disputes
WHERE payment_id = :payment_id AND provider_reference = :reference
"""
_PAYMENT_OF = "SELECT payment_id FROM disputes WHERE id = :id"
_TOLD = "SELECT * FROM disputes WHERE id = :id"
_SAVE = """
INSERT INTO disputes
  (id, payment_id, provider_reference, outcome, amount_minor, fee_minor, reason, evidence_due_at, closed_at)
VALUES (:id, :payment_id, :reference, :outcome::text, :amount_minor, :fee_minor, :reason, :evidence_due_at,
  CASE WHEN :outcome::text <> 'OPENED' THEN now() END)
ON CONFLICT (payment_id, provider_reference) DO UPDATE SET outcome = excluded.outcome, fee_minor = excluded.fee_minor,
  evidence_due_at = excluded.evidence_due_at,
  closed_at = CASE WHEN disputes.outcome = excluded.outcome THEN disputes.closed_at ELSE excluded.closed_at END
"""
_HAS_OPEN = "SELECT EXISTS (SELECT FROM disputes WHERE payment_id = :payment_id AND outcome = 'OPENED')"


class PostgresDisputes:
    """The port DisputeRepository; the only writer of ``disputes``."""

    async def known(self, payment_id: UUID, reference: str) -> KnownDispute | None:
        row = await db.fetch_row(_KNOWN, payment_id=payment_id, reference=reference)
        return KnownDispute(**{**row, "outcome": DisputeOutcome(row["outcome"])}) if row else None

    async def payment_of(self, dispute_id: UUID) -> UUID | None:
        payment_id: UUID | None = await db.fetch_value(_PAYMENT_OF, id=dispute_id)
        return payment_id

    async def told(self, dispute_id: UUID, payment: Payment) -> Dispute:
        row = await db.fetch_row(_TOLD, id=dispute_id)
        assert row is not None, "a dispute is never deleted"
        return Dispute(
            row["provider_reference"],
            payment.reference,
            DisputeOutcome(row["outcome"]),
            Money(row["amount_minor"], payment.currency),
            row["fee_minor"],
            row["reason"],
            row["evidence_due_at"],
        )

    async def save(self, payment_id: UUID, told: Dispute, known: KnownDispute) -> None:
        await db.execute(
            _SAVE,
            id=known.id,
            payment_id=payment_id,
            reference=told.reference,
            outcome=known.outcome,
            amount_minor=told.amount.minor,
            fee_minor=known.fee_minor,
            reason=told.reason,
            evidence_due_at=known.evidence_due_at,
        )

    async def has_open(self, payment_id: UUID) -> bool:
        found: bool = await db.fetch_value(_HAS_OPEN, payment_id=payment_id)
        return found
