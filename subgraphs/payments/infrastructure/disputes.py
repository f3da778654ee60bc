"""Disputes in Postgres."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.ids import new_id
from shared.money import Money
from shared.persistence import db
from subgraphs.payments.domain.ports import Dispute, DisputeOutcome
from subgraphs.payments.infrastructure.payments import StoredPayment


@dataclass(frozen=True, slots=True)
class StoredDispute:
    """What is known of a dispute; its fee in the minor unit of the payment's currency."""

    id: UUID
    outcome: DisputeOutcome
    fee_minor: int
    evidence_due_at: datetime | None


async def dispute_of(payment_id: UUID, reference: str) -> StoredDispute | None:
    """A dispute of a locked payment, or None when it is new."""
    row = await db.fetch_row(
        "SELECT id, outcome, fee_minor, evidence_due_at FROM disputes WHERE payment_id = $1 AND provider_reference = $2",
        payment_id,
        reference,
    )
    if row is None:
        return None
    return StoredDispute(row["id"], DisputeOutcome(row["outcome"]), row["fee_minor"], row["evidence_due_at"])


async def disputed_payment(dispute_id: UUID) -> UUID | None:
    """The payment that a dispute is about."""
    payment_id: UUID | None = await db.fetch_value("SELECT payment_id FROM disputes WHERE id = $1", dispute_id)
    return payment_id


async def kept_dispute(dispute_id: UUID, payment: StoredPayment) -> Dispute:
    """A dispute of a locked payment as the provider told it last."""
    row = await db.fetch_row("SELECT * FROM disputes WHERE id = $1", dispute_id)
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


def begun_dispute() -> StoredDispute:
    """What is known of a dispute before anything is."""
    return StoredDispute(new_id(), DisputeOutcome.OPENED, 0, None)


async def keep_dispute(payment_id: UUID, told: Dispute, now: StoredDispute) -> None:
    """Writes what is known of a dispute of a locked payment."""
    await db.execute(
        "INSERT INTO disputes (id, payment_id, provider_reference, outcome, amount_minor, fee_minor, reason, evidence_due_at,"
        " closed_at) VALUES ($1, $2, $3, $4::text, $5, $6, $7, $8, CASE WHEN $4::text <> 'OPENED' THEN now() END)"
        " ON CONFLICT (payment_id, provider_reference) DO UPDATE SET outcome = excluded.outcome, fee_minor = excluded.fee_minor,"
        " evidence_due_at = excluded.evidence_due_at, "
        " closed_at = CASE WHEN disputes.outcome = excluded.outcome THEN disputes.closed_at ELSE excluded.closed_at END",
        now.id,
        payment_id,
        told.reference,
        now.outcome,
        told.amount.minor,
        now.fee_minor,
        told.reason,
        now.evidence_due_at,
    )


async def has_open_dispute(payment_id: UUID) -> bool:
    """Whether a bank has yet to decide about a payment."""
    found: bool = await db.fetch_value(
        "SELECT EXISTS (SELECT FROM disputes WHERE payment_id = $1 AND outcome = 'OPENED')", payment_id
    )
    return found
