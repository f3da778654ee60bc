"""Refunds in Postgres: the intent first, the provider's reference once it has given the money back."""

from dataclasses import dataclass
from uuid import UUID

from shared import db
from shared.ids import new_id


@dataclass(frozen=True, slots=True)
class StoredRefund:
    """A refund that was asked for; ``was_asked`` tells that an earlier attempt may have reached the provider."""

    id: UUID
    amount_minor: int
    is_done: bool
    was_asked: bool


async def refund_of_key(payment_id: UUID, key: str) -> StoredRefund | None:
    """The refund that an earlier attempt with this key began."""
    row = await db.fetch_row(
        "SELECT id, amount_minor, provider_reference IS NOT NULL AS is_done FROM refunds"
        " WHERE payment_id = $1 AND idempotency_key = $2",
        payment_id,
        key,
    )
    return StoredRefund(row["id"], row["amount_minor"], row["is_done"], was_asked=True) if row else None


async def requested_minor(payment_id: UUID) -> int:
    """How much of a locked payment was given back or is about to be."""
    total: int = await db.fetch_value(
        "SELECT coalesce(sum(amount_minor), 0)::bigint FROM refunds WHERE payment_id = $1", payment_id
    )
    return total


async def insert_refund(payment_id: UUID, key: str, amount_minor: int) -> StoredRefund:
    """Begins a refund."""
    refund = StoredRefund(new_id(), amount_minor, is_done=False, was_asked=False)
    await db.execute(
        "INSERT INTO refunds (id, payment_id, idempotency_key, amount_minor) VALUES ($1, $2, $3, $4)",
        refund.id,
        payment_id,
        key,
        amount_minor,
    )
    return refund


async def complete_refund(refund_id: UUID, provider_reference: str) -> bool:
    """Records that money was given back; False when that is recorded already."""
    updated = await db.execute(
        "UPDATE refunds SET provider_reference = $2 WHERE id = $1 AND provider_reference IS NULL", refund_id, provider_reference
    )
    return updated == 1


async def withdraw_refund(refund_id: UUID) -> None:
    """Forgets a refund that the provider refused."""
    await db.execute("DELETE FROM refunds WHERE id = $1 AND provider_reference IS NULL", refund_id)
