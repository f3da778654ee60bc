"""Payments and their ledger in Postgres: this and ``leases.py`` write payments, this alone movements and postings."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

import asyncpg

from shared.ids import new_id
from shared.json import dumps
from shared.persistence import db, outbox
from subgraphs.payments.domain.ledger import Movement, postings
from subgraphs.payments.domain.payment import Change, Payment
from subgraphs.payments.domain.progress import Standing
from subgraphs.payments.domain.provider import Action, Decline
from subgraphs.payments.domain.provider import Change as ProviderChange
from subgraphs.payments.domain.status import PaymentStatus
from subgraphs.payments.infrastructure import payment_statements as sql

_NOBODY = UUID(int=0)
_AMOUNTS = ("amount_minor", "held_minor", "captured_minor", "refunded_minor", "disputed_minor", "paid_outside_minor")


class PostgresPayments:
    """The port PaymentRepository."""

    async def bar(self, order_id: UUID, order_attempt: int) -> bool:
        inserted = await db.execute(
            sql.BAR, id=new_id(), order_id=order_id, order_attempt=order_attempt, nobody=_NOBODY
        )
        return inserted == 1

    async def lock(self, payment_id: UUID) -> Payment:
        return _found(await db.fetch_row(sql.LOCK, id=payment_id))

    async def current(self, payment_id: UUID) -> Payment:
        return _found(await db.fetch_row(sql.CURRENT, id=payment_id))

    async def id_of_intent(self, provider: str, reference: str, payment_id: UUID | None) -> UUID | None:
        found: UUID | None = await db.fetch_value(
            sql.ID_OF_INTENT, provider=provider, reference=reference, id=payment_id
        )
        return found

    async def record(self, payment: Payment, change: Change, ending: UUID | None = None) -> Payment | None:
        row = await db.fetch_row(
            sql.RECORD,
            id=payment.id,
            version=payment.version,
            ending=ending,
            **_columns(change),
            **_ledger(change.movements),
            events=outbox.as_json(change.events),
        )
        return payment_of(row) if row is not None else None

    async def count_attempt(self, payment: Payment) -> None:
        await db.execute(sql.COUNT_ATTEMPT, id=payment.id, attempt=payment.attempt)

    async def follow_in(self, payment_id: UUID, seconds: float) -> None:
        await db.execute(sql.FOLLOW_IN, id=payment_id, seconds=seconds)

    async def follow_next(self, payment: Payment, seconds: float | None) -> None:
        await db.execute(sql.FOLLOW_NEXT, id=payment.id, follow_at=payment.follow_at, seconds=seconds)

    async def follow_changed(self, provider: str, changes: Collection[ProviderChange]) -> int:
        return await db.execute(
            sql.FOLLOW_CHANGED,
            provider=provider,
            references=[change.reference for change in changes],
            intents=[change.intent_reference for change in changes],
            failures=[change.is_failure for change in changes],
            outcomes=[change.outcome for change in changes],
        )

    async def attach_customer(self, order_id: UUID, user_id: UUID) -> None:
        await db.execute(sql.ATTACH_CUSTOMER, order_id=order_id, user_id=user_id)


def payment_of(row: asyncpg.Record) -> Payment:
    """The payment of a row."""
    amounts = {name: row[name] for name in _AMOUNTS}
    secret, url = row["action_client_secret"], row["action_redirect_url"]
    return Payment(
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


def _found(row: asyncpg.Record | None) -> Payment:
    assert row is not None, "payments are never deleted"
    return payment_of(row)


def _columns(change: Change) -> dict[str, Any]:
    standing, decline, action = change.standing, change.decline, change.action or Action()
    return {
        "reference": change.reference,
        "status": standing.status,
        **{name: getattr(standing, name) for name in _AMOUNTS if name != "amount_minor"},
        "decline_code": decline.code if decline else None,
        "decline_message": decline.message if decline else None,
        "client_secret": action.client_secret,
        "redirect_url": action.redirect_url,
        "follow_in": change.follow_in,
    }


def _ledger(movements: Sequence[Movement]) -> dict[str, str]:
    numbered = [(new_id(), movement) for movement in movements]
    entries = [{"id": number, "kind": each.kind, "amount_minor": each.amount_minor} for number, each in numbered]
    lines = [
        {"movement_id": number, "account": line.account, "amount_minor": line.amount_minor}
        for number, movement in numbered
        for line in postings(movement)
    ]
    return {"movements": dumps(entries).decode(), "postings": dumps(lines).decode()}
