"""What payments' own books say, for audits."""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

import asyncpg
import orjson

from shared.persistence import db
from subgraphs.payments.domain.records import Books, OrderBooks
from subgraphs.payments.domain.status import PaymentStatus, needs_provider

_PAGE = 500
_AFTER_ALL = 2**31 - 1  # attempts at an order
# A payment of nothing only bars its order. One with a lease, or young, may be about to change.
_SELECT = """
SELECT payment.*,
  payment.lease IS NULL AND coalesce(greatest(payment.created_at, moved.last_at), payment.created_at)
    <= now() - make_interval(secs => $1) AND payment.status NOT IN ('PENDING', 'REQUIRES_ACTION') AS is_settled,
  coalesce(moved.accounts, '{}') AS accounts
FROM payments AS payment LEFT JOIN LATERAL (
  SELECT json_object_agg(account, balance) AS accounts, max(last_at) AS last_at FROM (
    SELECT posting.account, sum(posting.amount_minor) AS balance, max(movement.created_at) AS last_at
    FROM movements AS movement JOIN postings AS posting ON posting.movement_id = movement.id
    WHERE movement.payment_id = payment.id GROUP BY posting.account
  ) AS balances
) AS moved ON true
WHERE payment.amount_minor > 0
"""
_OF_ORDERS = (
    f"{_SELECT} AND (payment.order_id, payment.order_attempt) > ($2, $3)"
    f" ORDER BY payment.order_id, payment.order_attempt LIMIT {_PAGE}"
)
_OF_REFERENCES = f"{_SELECT} AND payment.provider = $2 AND payment.provider_reference = ANY($3::text[])"
_BEGUN_SINCE = (
    f"{_SELECT} AND payment.provider = $2 AND payment.created_at >= $3 AND payment.id > $4"
    f" ORDER BY payment.id LIMIT {_PAGE}"
)

_WITHOUT_PROVIDER = (
    "SELECT provider, status, count(*) AS payments FROM payments"
    " WHERE provider <> ALL($1::text[]) AND status = ANY($2::text[]) GROUP BY provider, status"
)


class PostgresBooks:
    """The port OwnBooks."""

    async def by_order(self, after: UUID, settle_seconds: float) -> AsyncIterator[OrderBooks]:
        """The payments of all orders after this one, by order id."""
        payments: list[Books] = []
        async for books in _of_orders(after, settle_seconds):
            if payments and payments[0].order_id != books.order_id:
                yield OrderBooks(payments[0].order_id, payments)
                payments = []
            payments.append(books)
        if payments:
            yield OrderBooks(payments[0].order_id, payments)

    async def of_references(
        self, provider: str, references: Sequence[str], settle_seconds: float
    ) -> Mapping[str, Books]:
        """The payments that have one of these references at their provider."""
        rows = await db.fetch(_OF_REFERENCES, settle_seconds, provider, references)
        return {row["provider_reference"]: _books(row) for row in rows}

    async def begun_since(self, provider: str, since: datetime, settle_seconds: float) -> AsyncIterator[Books]:
        """A provider's payments begun since then."""
        after = UUID(int=0)
        while rows := await db.fetch(_BEGUN_SINCE, settle_seconds, provider, since, after):
            for row in rows:
                yield _books(row)
            after = rows[-1]["id"]


async def count_without_provider(configured: Collection[str]) -> Mapping[tuple[str, PaymentStatus], int]:
    """How many payments are at providers that are not among these, and may have money there; by provider and status."""
    statuses = [status for status in PaymentStatus if needs_provider(status)]
    rows = await db.fetch(_WITHOUT_PROVIDER, list(configured), statuses)
    return {(row["provider"], PaymentStatus(row["status"])): row["payments"] for row in rows}


async def _of_orders(after: UUID, settle_seconds: float) -> AsyncIterator[Books]:
    attempt = _AFTER_ALL
    while rows := await db.fetch(_OF_ORDERS, settle_seconds, after, attempt):
        for row in rows:
            yield _books(row)
        after, attempt = rows[-1]["order_id"], rows[-1]["order_attempt"]


def _books(row: asyncpg.Record) -> Books:
    return Books(
        payment_id=row["id"],
        order_id=row["order_id"],
        provider=row["provider"],
        reference=row["provider_reference"],
        status=PaymentStatus(row["status"]),
        currency=row["currency"],
        amount_minor=row["amount_minor"],
        held_minor=row["held_minor"],
        captured_minor=row["captured_minor"],
        refunded_minor=row["refunded_minor"],
        disputed_minor=row["disputed_minor"],
        paid_outside_minor=row["paid_outside_minor"],
        ledger=orjson.loads(row["accounts"]),
        is_settled=row["is_settled"],
        attempt=row["order_attempt"],
    )
