"""Refunds in Postgres: the intent first, the provider's reference once it has given the money back."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import asyncpg

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
    row = await db.fetch_row("SELECT * FROM refunds WHERE payment_id = $1 AND idempotency_key = $2", payment_id, key)
    return _stored_refund(row) if row else None


async def outstanding_refunds(payment_id: UUID) -> Sequence[StoredRefund]:
    """The refunds that were begun and not finished."""
    rows = await db.fetch("SELECT * FROM refunds WHERE payment_id = $1 AND provider_reference IS NULL ORDER BY id", payment_id)
    return [_stored_refund(row) for row in rows]


async def outstanding_minor(payment_id: UUID) -> int:
    """How much of a payment is about to be given back."""
    return sum(refund.amount_minor for refund in await outstanding_refunds(payment_id))


def _stored_refund(row: asyncpg.Record) -> StoredRefund:
    is_done = row["provider_reference"] is not None
    return StoredRefund(row["id"], row["amount_minor"], is_done, was_asked=True)


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
