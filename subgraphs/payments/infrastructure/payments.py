"""Payments in Postgres."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import asyncpg

from shared.ids import new_id
from shared.money import Money
from shared.persistence import db
from subgraphs.payments.domain.payment import PaymentStatus
from subgraphs.payments.domain.ports import Action, Decline, NewPayment
from subgraphs.payments.domain.progress import Standing

_LOCK = "SELECT * FROM payments WHERE id = $1 FOR UPDATE"
_NOBODY = UUID(int=0)
_AMOUNTS = ("amount_minor", "held_minor", "captured_minor", "refunded_minor", "disputed_minor", "paid_outside_minor")


@dataclass(frozen=True, slots=True)
class StoredPayment:
    """A payment as it was when it was read; ``provider_reference`` is None until the provider is known to know of it."""

    id: UUID
    order_id: UUID
    order_attempt: int
    customer_id: UUID
    provider: str
    provider_reference: str | None
    method: str
    customer_reference: str | None
    attempt: int
    authorization_key: str
    currency: str
    standing: Standing
    decline: Decline | None
    action: Action | None
    version: int
    created_at: datetime
    follow_at: datetime | None

    @property
    def status(self) -> PaymentStatus:
        """What has become of it."""
        return self.standing.status

    @property
    def amount(self) -> Money:
        """What it is about."""
        return Money(self.standing.amount_minor, self.currency)

    @property
    def reference(self) -> str:
        """The provider's reference of a payment that has one."""
        assert self.provider_reference is not None, f"the provider does not know payment {self.id}"
        return self.provider_reference

    @property
    def beginning(self) -> NewPayment:
        """What the provider was, or is to be, sent."""
        return NewPayment(
            self.id, self.order_id, self.amount, self.method, self.customer_reference, self.attempt, self.order_attempt
        )


def stored_payment(row: asyncpg.Record) -> StoredPayment:
    """The payment of a row."""
    amounts = {name: row[name] for name in _AMOUNTS}
    secret, url = row["action_client_secret"], row["action_redirect_url"]
    return StoredPayment(
        id=row["id"],
        order_id=row["order_id"],
        order_attempt=row["order_attempt"],
        customer_id=row["customer_id"],
        provider=row["provider"],
        provider_reference=row["provider_reference"],
        method=row["method"],
        customer_reference=row["customer_reference"],
        attempt=row["attempt"],
        authorization_key=row["authorization_key"],
        currency=row["currency"],
        standing=Standing(PaymentStatus(row["status"]), **amounts),
        decline=Decline(row["decline_code"], row["decline_message"]) if row["decline_code"] is not None else None,
        action=Action(secret or "", url or "") if secret or url else None,
        version=row["version"],
        created_at=row["created_at"],
        follow_at=row["follow_at"],
    )


async def insert_tombstone(order_id: UUID, order_attempt: int) -> bool:
    """Bars an attempt at an order that has no payment from ever getting one; False when it has one. XXX is "no currency"."""
    inserted = await db.execute(
        "INSERT INTO payments (id, order_id, order_attempt, customer_id, provider, amount_minor, currency, authorization_key,"
        "   status)"
        " VALUES ($1, $2, $3, $4, 'none', 0, 'XXX', '', 'VOIDED') ON CONFLICT (order_id, order_attempt) DO NOTHING",
        new_id(),
        order_id,
        order_attempt,
        _NOBODY,
    )
    return inserted == 1


async def count_attempt(payment: StoredPayment) -> None:
    """An attempt to begin failed without effect: the next one is another request."""
    await db.execute(
        "UPDATE payments SET attempt = attempt + 1 WHERE id = $1 AND attempt = $2", payment.id, payment.attempt
    )


async def locked_payment(payment_id: UUID) -> StoredPayment:
    """A payment, nobody else's to change until the transaction ends."""
    row = await db.fetch_row(_LOCK, payment_id)
    assert row is not None, "payments are never deleted"
    return stored_payment(row)


async def current_payment(payment_id: UUID) -> StoredPayment:
    """A payment as it is now."""
    row = await db.fetch_row("SELECT * FROM payments WHERE id = $1", payment_id)
    assert row is not None, "payments are never deleted"
    return stored_payment(row)


async def payment_of_intent(provider: str, reference: str, payment_id: UUID | None) -> UUID | None:
    """The payment that a provider's intent belongs to, or None when it is none of ours.

    The intent may be so new that its reference is not stored yet: then it is found by our own id, if the provider tells that.
    """
    found: UUID | None = await db.fetch_value(
        "SELECT id FROM payments WHERE provider = $1 AND (provider_reference = $2 OR (provider_reference IS NULL AND id = $3))",
        provider,
        reference,
        payment_id,
    )
    return found


async def follow_in(payment_id: UUID, seconds: float) -> None:
    """Has the provider be asked about a payment so many seconds from now."""
    await db.execute(
        "UPDATE payments SET follow_at = now() + make_interval(secs => $2) WHERE id = $1", payment_id, seconds
    )


async def follow_next(payment: StoredPayment, seconds: float | None) -> None:
    """Has the provider be asked again so many seconds from now, or not, unless somebody said when since the payment was read."""
    await db.execute(
        "UPDATE payments SET follow_at = now() + make_interval(secs => $3::float8) WHERE id = $1 AND follow_at = $2",
        payment.id,
        payment.follow_at,
        seconds,
    )
