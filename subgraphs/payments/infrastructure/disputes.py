"""Disputes in Postgres."""

from dataclasses import dataclass
from uuid import UUID

from shared import db
from shared.ids import new_id
from subgraphs.payments.domain.ports import Dispute, DisputeOutcome


@dataclass(frozen=True, slots=True)
class StoredDispute:
    """What is known of a dispute; its fee in the minor unit of the payment's currency."""

    outcome: DisputeOutcome
    fee_minor: int


async def dispute_of(payment_id: UUID, reference: str) -> StoredDispute | None:
    """A dispute of a locked payment, or None when it is new."""
    row = await db.fetch_row(
        "SELECT outcome, fee_minor FROM disputes WHERE payment_id = $1 AND provider_reference = $2", payment_id, reference
    )
    return StoredDispute(DisputeOutcome(row["outcome"]), row["fee_minor"]) if row else None


async def keep_dispute(payment_id: UUID, dispute: Dispute, outcome: DisputeOutcome, fee_minor: int) -> None:
    """Writes what is known of a dispute of a locked payment."""
    await db.execute(
        "INSERT INTO disputes (id, payment_id, provider_reference, outcome, amount_minor, fee_minor, reason)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7)"
        " ON CONFLICT (payment_id, provider_reference) DO UPDATE SET outcome = excluded.outcome, fee_minor = excluded.fee_minor",
        new_id(),
        payment_id,
        dispute.reference,
        outcome,
        dispute.amount.minor,
        fee_minor,
        dispute.reason,
    )
