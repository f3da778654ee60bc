"""Refunds in Postgres: the intent first, the provider's reference once it has given the money back;
and those that failed.
"""

from collections.abc import Sequence
from uuid import UUID

import asyncpg

from shared.ids import new_id
from shared.persistence import db
from subgraphs.payments.domain.paid_outside import PaidOutside
from subgraphs.payments.domain.provider import ProviderRefund
from subgraphs.payments.domain.refund import Refund

# In the place of the provider's reference of a refund that it was not asked for.
_NOTHING = "none"
_OUTSIDE = "outside"

_OF_KEY = "SELECT * FROM refunds WHERE payment_id = :payment_id AND idempotency_key = :key"
_UNFINISHED = "SELECT * FROM refunds WHERE payment_id = :payment_id AND provider_reference IS NULL ORDER BY id"
_ADD = """
INSERT INTO refunds
  (id, payment_id, idempotency_key, amount_minor, is_remaining, provider_reference, refunded_minor, paid_outside)
VALUES (:id, :payment_id, :key, :amount_minor, :is_remaining, :reference, :refunded_minor, :paid_outside)
"""
_COMPLETE = """
UPDATE refunds SET provider_reference = :reference, refunded_minor = :refunded_minor
WHERE id = :id AND provider_reference IS NULL
"""
_GIVE_UP = "DELETE FROM refunds WHERE id = ANY(:ids::uuid[]) AND provider_reference IS NULL"
_GIVE_UP_ALL = "DELETE FROM refunds WHERE payment_id = :payment_id AND provider_reference IS NULL"
_FAILURES = "SELECT provider_reference FROM refund_failures WHERE payment_id = :payment_id"
_ADD_FAILURE = """
INSERT INTO refund_failures (id, payment_id, provider_reference, amount_minor, reason)
VALUES (:id, :payment_id, :reference, :amount_minor, :reason)
"""
_HAS_FAILURES = "SELECT EXISTS (SELECT FROM refund_failures WHERE payment_id = :payment_id)"
_KEYS_OF = """
SELECT provider_reference, idempotency_key FROM refunds
WHERE payment_id = :payment_id AND provider_reference = ANY(:references::text[])
"""


class PostgresRefunds:
    """The port RefundRepository; the only writer of ``refunds`` and ``refund_failures``."""

    async def of_key(self, payment_id: UUID, key: str) -> Refund | None:
        row = await db.fetch_row(_OF_KEY, payment_id=payment_id, key=key)
        return _refund(row) if row else None

    async def unfinished(self, payment_id: UUID) -> Sequence[Refund]:
        return [_refund(row) for row in await db.fetch(_UNFINISHED, payment_id=payment_id)]

    async def add(self, payment_id: UUID, refund: Refund) -> None:
        await _add(payment_id, refund, _NOTHING if refund.is_done else None, None)

    async def add_paid_outside(self, payment_id: UUID, paid: PaidOutside, repaid_minor: int) -> Refund:
        refund = Refund(new_id(), paid.key, paid.amount_minor, paid.is_rest, is_done=True, refunded_minor=repaid_minor)
        await _add(payment_id, refund, _OUTSIDE, paid.how)
        return refund

    async def complete(self, refund_id: UUID, reference: str, repaid_minor: int) -> bool:
        return await db.execute(_COMPLETE, id=refund_id, reference=reference, refunded_minor=repaid_minor) == 1

    async def give_up(self, refunds: Sequence[Refund]) -> None:
        await db.execute(_GIVE_UP, ids=[refund.id for refund in refunds])

    async def give_up_all(self, payment_id: UUID) -> None:
        await db.execute(_GIVE_UP_ALL, payment_id=payment_id)

    async def failures_among(self, payment_id: UUID, failed: Sequence[ProviderRefund]) -> Sequence[ProviderRefund]:
        known = {row["provider_reference"] for row in await db.fetch(_FAILURES, payment_id=payment_id)}
        return [refund for refund in failed if refund.reference not in known]

    async def add_failure(self, payment_id: UUID, failed: ProviderRefund) -> None:
        await db.execute(
            _ADD_FAILURE,
            id=new_id(),
            payment_id=payment_id,
            reference=failed.reference,
            amount_minor=failed.amount_minor,
            reason=failed.failure,
        )

    async def has_failures(self, payment_id: UUID) -> bool:
        found: bool = await db.fetch_value(_HAS_FAILURES, payment_id=payment_id)
        return found

    async def keys_of(self, payment_id: UUID, refunds: Sequence[ProviderRefund]) -> dict[str, str]:
        references = [refund.reference for refund in refunds]
        rows = await db.fetch(_KEYS_OF, payment_id=payment_id, references=references)
        return {row["provider_reference"]: row["idempotency_key"] for row in rows}


async def _add(payment_id: UUID, refund: Refund, reference: str | None, how: str | None) -> None:
    await db.execute(
        _ADD,
        id=refund.id,
        payment_id=payment_id,
        key=refund.key,
        amount_minor=refund.amount_minor,
        is_remaining=refund.is_remaining,
        reference=reference,
        refunded_minor=refund.refunded_minor,
        paid_outside=how,
    )


def _refund(row: asyncpg.Record) -> Refund:
    return Refund(
        id=row["id"],
        key=row["idempotency_key"],
        amount_minor=row["amount_minor"],
        is_remaining=row["is_remaining"],
        is_done=row["provider_reference"] is not None,
        was_asked=True,
        refunded_minor=row["refunded_minor"],
    )
