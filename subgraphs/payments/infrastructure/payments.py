"""Payments in Postgres."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg

from shared import db
from shared.errors import Unavailable
from shared.ids import new_id
from shared.money import Money
from subgraphs.payments.domain.payment import PaymentStatus
from subgraphs.payments.domain.ports import Decline

_LOCK = "SELECT * FROM payments WHERE id = $1 FOR UPDATE"
_SET_STATUS = (
    "UPDATE payments SET status = $2::text, decline_code = $3, decline_message = $4,"
    " captured_minor = CASE WHEN $2::text = 'CAPTURED' THEN amount_minor ELSE captured_minor END WHERE id = $1 RETURNING *"
)
_ADD_REFUNDED = (
    "UPDATE payments SET refunded_minor = refunded_minor + $2::bigint,"
    " status = CASE WHEN refunded_minor + $2::bigint = captured_minor THEN 'REFUNDED' ELSE status END WHERE id = $1 RETURNING *"
)
_NOBODY = UUID(int=0)


@dataclass(frozen=True, slots=True)
class StoredPayment:
    """A payment as it was when it was read; ``provider_reference`` is None until the provider knows of it."""

    id: UUID
    order_id: UUID
    provider: str
    provider_reference: str | None
    authorization_key: str
    status: PaymentStatus
    amount: Money
    captured_minor: int
    refunded_minor: int
    decline: Decline | None

    @property
    def reference(self) -> str:
        """The provider's reference of a payment that has one."""
        assert self.provider_reference is not None, f"the provider does not know payment {self.id}"
        return self.provider_reference


def stored_payment(row: asyncpg.Record) -> StoredPayment:
    """The payment of a row."""
    return StoredPayment(
        id=row["id"],
        order_id=row["order_id"],
        provider=row["provider"],
        provider_reference=row["provider_reference"],
        authorization_key=row["authorization_key"],
        status=PaymentStatus(row["status"]),
        amount=Money(row["amount_minor"], row["currency"]),
        captured_minor=row["captured_minor"],
        refunded_minor=row["refunded_minor"],
        decline=Decline(row["decline_code"], row["decline_message"]) if row["decline_code"] is not None else None,
    )


async def insert_payment(order_id: UUID, customer_id: UUID, provider: str, amount: Money, authorization_key: str) -> None:
    """Begins the payment of an order, unless it has one."""
    await _insert(order_id, customer_id, provider, amount, authorization_key, PaymentStatus.PENDING)


async def insert_tombstone(order_id: UUID) -> bool:
    """Bars an order that has no payment from ever getting one; False when it has one. XXX is ISO 4217's "no currency"."""
    return await _insert(order_id, _NOBODY, "none", Money(0, "XXX"), "", PaymentStatus.VOIDED)


async def _insert(order_id: UUID, customer_id: UUID, provider: str, amount: Money, key: str, status: PaymentStatus) -> bool:
    inserted = await db.execute(
        "INSERT INTO payments (id, order_id, customer_id, provider, amount_minor, currency, authorization_key, status)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (order_id) DO NOTHING",
        new_id(),
        order_id,
        customer_id,
        provider,
        amount.minor,
        amount.currency,
        key,
        status,
    )
    return inserted == 1


async def remember_reference(payment_id: UUID, reference: str) -> None:
    """Records which intent is this payment's, before any money moves by it.

    Raises:
        Unavailable: when the payment got another one, or was voided, while this one was being created.
    """
    updated = await db.execute(
        "UPDATE payments SET provider_reference = $2 WHERE id = $1 AND provider_reference IS NULL AND status = 'PENDING'",
        payment_id,
        reference,
    )
    if not updated:
        raise Unavailable("Another command has taken this payment over; try again.")


async def locked_payment(payment_id: UUID) -> StoredPayment:
    """A payment, nobody else's to change until the transaction ends."""
    return await _row(_LOCK, payment_id)


async def payment_of_reference(provider: str, reference: str) -> UUID | None:
    """The payment that a provider's intent belongs to, or None when it is none of ours."""
    payment_id: UUID | None = await db.fetch_value(
        "SELECT id FROM payments WHERE provider = $1 AND provider_reference = $2", provider, reference
    )
    return payment_id


async def set_status(payment_id: UUID, status: PaymentStatus, decline: Decline | None) -> StoredPayment:
    """Moves a locked payment on; one that is captured is captured wholly."""
    return await _row(_SET_STATUS, payment_id, status, decline.code if decline else None, decline.message if decline else None)


async def add_refunded(payment_id: UUID, amount_minor: int) -> StoredPayment:
    """Counts what was given back of a locked payment; when all of it was, it is refunded."""
    return await _row(_ADD_REFUNDED, payment_id, amount_minor)


async def _row(sql: str, payment_id: UUID, *args: Any) -> StoredPayment:
    row = await db.fetch_row(sql, payment_id, *args)
    assert row is not None, "payments are never deleted"
    return stored_payment(row)
