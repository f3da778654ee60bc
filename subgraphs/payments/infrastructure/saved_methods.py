"""Buyers' cards in Postgres. Those of one user change one at a time, by a lock on the user."""

from dataclasses import dataclass
from uuid import UUID

import asyncpg

from shared.ids import new_id
from shared.persistence import db
from subgraphs.payments.domain.ports import StoredCard

_SET_DEFAULT = "UPDATE saved_methods SET is_default = true WHERE user_id = $1 AND id = $2"
_SET_LATEST_DEFAULT = (
    "UPDATE saved_methods SET is_default = true"
    " WHERE id = (SELECT id FROM saved_methods WHERE user_id = $1 ORDER BY created_at DESC, id DESC LIMIT 1)"
)


@dataclass(frozen=True, slots=True)
class SavedMethod:
    """A card, and whose it is at the provider that keeps it."""

    id: UUID
    user_id: UUID
    provider: str
    reference: str
    customer_reference: str
    is_default: bool


async def saved_method(method_id: UUID, user_id: UUID) -> SavedMethod | None:
    """A card of the user's, or None when it is nobody's or somebody else's."""
    row = await db.fetch_row("SELECT * FROM saved_methods WHERE id = $1 AND user_id = $2", method_id, user_id)
    return _saved_method(row) if row else None


async def saved_by_reference(provider: str, reference: str) -> SavedMethod | None:
    """The card that the provider knows by this reference, whosever it is."""
    row = await db.fetch_row("SELECT * FROM saved_methods WHERE provider = $1 AND reference = $2", provider, reference)
    return _saved_method(row) if row else None


async def saved_by_fingerprint(user_id: UUID, provider: str, fingerprint: str | None) -> SavedMethod | None:
    """The user's card with this fingerprint, which is never None in a row that is found."""
    row = await db.fetch_row(
        "SELECT * FROM saved_methods WHERE user_id = $1 AND provider = $2 AND fingerprint = $3",
        user_id,
        provider,
        fingerprint,
    )
    return _saved_method(row) if row else None


async def lock_methods_of(user_id: UUID) -> None:
    """Nobody else changes the user's cards until the transaction ends."""
    await db.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", f"saved_methods:{user_id}")


async def count_methods(user_id: UUID) -> int:
    """How many cards the user keeps."""
    count: int = await db.fetch_value("SELECT count(*) FROM saved_methods WHERE user_id = $1", user_id)
    return count


async def insert_method(user_id: UUID, provider: str, customer_reference: str, card: StoredCard) -> SavedMethod:
    """Keeps a card; one that is kept already stays as it is."""
    row = await db.fetch_row(
        "INSERT INTO saved_methods AS kept (id, user_id, provider, reference, customer_reference, brand, last_digits,"
        " expires_month, expires_year, fingerprint, is_default) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, false)"
        " ON CONFLICT (provider, reference) DO UPDATE SET reference = kept.reference RETURNING *",
        new_id(),
        user_id,
        provider,
        card.reference,
        customer_reference,
        card.brand,
        card.last_digits,
        card.expires_month,
        card.expires_year,
        card.fingerprint,
    )
    assert row is not None
    return _saved_method(row)


async def renew_method(method_id: UUID, card: StoredCard) -> None:
    """A kept card expires when its successor of the same number does."""
    await db.execute(
        "UPDATE saved_methods SET expires_month = $2, expires_year = $3 WHERE id = $1",
        method_id,
        card.expires_month,
        card.expires_year,
    )


async def make_default(user_id: UUID, method_id: UUID) -> None:
    """The card becomes the user's only default."""
    await db.execute(
        "UPDATE saved_methods SET is_default = false WHERE user_id = $1 AND is_default AND id <> $2", user_id, method_id
    )
    await db.execute(_SET_DEFAULT, user_id, method_id)


async def delete_method(method_id: UUID) -> bool:
    """Forgets a card; False when it was forgotten before."""
    return await db.execute("DELETE FROM saved_methods WHERE id = $1", method_id) == 1


async def ensure_default(user_id: UUID) -> None:
    """When no card of the user's is the default, the one that was added last becomes it."""
    if not await db.fetch_value("SELECT true FROM saved_methods WHERE user_id = $1 AND is_default", user_id):
        await db.execute(_SET_LATEST_DEFAULT, user_id)


async def customer_reference_of(user_id: UUID, provider: str) -> str | None:
    """How a provider knows a user, or None before they kept a card there."""
    reference: str | None = await db.fetch_value(
        "SELECT reference FROM provider_customers WHERE user_id = $1 AND provider = $2", user_id, provider
    )
    return reference


async def keep_customer(user_id: UUID, provider: str, reference: str) -> str:
    """Keeps how a provider knows a user; answers what is kept, which an earlier call may have told."""
    kept: str = await db.fetch_value(
        "INSERT INTO provider_customers AS kept (user_id, provider, reference) VALUES ($1, $2, $3)"
        " ON CONFLICT (user_id, provider) DO UPDATE SET reference = kept.reference RETURNING reference",
        user_id,
        provider,
        reference,
    )
    return kept


def _saved_method(row: asyncpg.Record) -> SavedMethod:
    return SavedMethod(
        id=row["id"],
        user_id=row["user_id"],
        provider=row["provider"],
        reference=row["reference"],
        customer_reference=row["customer_reference"],
        is_default=row["is_default"],
    )
