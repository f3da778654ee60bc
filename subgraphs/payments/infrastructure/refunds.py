"""Refunds in Postgres: the intent first, the provider's reference once it has given the money back."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

import asyncpg

from shared.ids import new_id
from shared.persistence import db

# In the place of the provider's reference of a refund that it was not asked for.
_NOTHING = "none"
_OUTSIDE = "outside"


@dataclass(frozen=True, slots=True)
class StoredRefund:
    """A refund that was asked for; ``was_asked`` tells that an earlier attempt may have reached the provider.

    ``is_remaining`` is one of all that was left, ``refunded_minor`` what was given back of the payment in all once it was done, by
    the provider or outside of it.
    """

    id: UUID
    key: str
    amount_minor: int
    is_remaining: bool
    is_done: bool
    was_asked: bool
    refunded_minor: int | None


async def refund_of_key(payment_id: UUID, key: str) -> StoredRefund | None:
    """The refund that an earlier attempt with this key began."""
    row = await db.fetch_row("SELECT * FROM refunds WHERE payment_id = $1 AND idempotency_key = $2", payment_id, key)
    return _stored_refund(row) if row else None


async def outstanding_refunds(payment_id: UUID) -> Sequence[StoredRefund]:
    """The refunds that were begun and not finished."""
    rows = await db.fetch(
        "SELECT * FROM refunds WHERE payment_id = $1 AND provider_reference IS NULL ORDER BY id", payment_id
    )
    return [_stored_refund(row) for row in rows]


async def outstanding_minor(payment_id: UUID) -> int:
    """How much of a payment is about to be given back."""
    return sum(refund.amount_minor for refund in await outstanding_refunds(payment_id))


def _stored_refund(row: asyncpg.Record) -> StoredRefund:
    return StoredRefund(
        id=row["id"],
        key=row["idempotency_key"],
        amount_minor=row["amount_minor"],
        is_remaining=row["is_remaining"],
        is_done=row["provider_reference"] is not None,
        was_asked=True,
        refunded_minor=row["refunded_minor"],
    )


async def insert_refund(payment_id: UUID, key: str, amount_minor: int, is_remaining: bool = False) -> StoredRefund:
    """Begins a refund."""
    refund = StoredRefund(
        new_id(), key, amount_minor, is_remaining, is_done=False, was_asked=False, refunded_minor=None
    )
    await db.execute(
        "INSERT INTO refunds (id, payment_id, idempotency_key, amount_minor, is_remaining) VALUES ($1, $2, $3, $4, $5)",
        refund.id,
        payment_id,
        key,
        amount_minor,
        is_remaining,
    )
    return refund


async def begin_rest(payment_id: UUID, key: str, amount_minor: int, refunded_minor: int) -> StoredRefund:
    """The refund of all that is left, in the place of all that were not finished; one of nothing is done at once.

    One that an earlier attempt with this key began goes on, unless another amount is left by now.
    """
    begun = await refund_of_key(payment_id, key)
    if begun is not None and (begun.is_done or begun.amount_minor == amount_minor > 0):
        return begun
    await db.execute("DELETE FROM refunds WHERE payment_id = $1 AND provider_reference IS NULL", payment_id)
    refund = await insert_refund(payment_id, key, amount_minor, is_remaining=True)
    if amount_minor:
        return refund
    await complete_refund(refund.id, _NOTHING, refunded_minor)
    return replace(refund, is_done=True, refunded_minor=refunded_minor)


async def insert_paid_outside(
    payment_id: UUID, key: str, amount_minor: int, is_remaining: bool, paid_outside: str, refunded_minor: int
) -> StoredRefund:
    """A refund that the shop has paid outside of the provider, by what ``paid_outside`` says: done at once."""
    refund = StoredRefund(
        new_id(), key, amount_minor, is_remaining, is_done=True, was_asked=False, refunded_minor=refunded_minor
    )
    await db.execute(
        "INSERT INTO refunds (id, payment_id, idempotency_key, amount_minor, is_remaining, provider_reference, refunded_minor,"
        " paid_outside) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        refund.id,
        payment_id,
        key,
        amount_minor,
        is_remaining,
        _OUTSIDE,
        refunded_minor,
        paid_outside,
    )
    return refund


async def give_up_refunds(refunds: Sequence[StoredRefund]) -> None:
    """Forgets refunds that were not finished: whoever comes with a key of theirs begins anew, with what is left then."""
    ids = [refund.id for refund in refunds]
    await db.execute("DELETE FROM refunds WHERE id = ANY($1::uuid[]) AND provider_reference IS NULL", ids)


async def complete_refund(refund_id: UUID, provider_reference: str, refunded_minor: int) -> bool:
    """Records that money was given back, and how much that makes in all; False when that is recorded already."""
    updated = await db.execute(
        "UPDATE refunds SET provider_reference = $2, refunded_minor = $3 WHERE id = $1 AND provider_reference IS NULL",
        refund_id,
        provider_reference,
        refunded_minor,
    )
    return updated == 1


async def withdraw_refund(refund_id: UUID) -> None:
    """Forgets a refund that the provider refused, or that nobody will ask for any more."""
    await db.execute("DELETE FROM refunds WHERE id = $1 AND provider_reference IS NULL", refund_id)
