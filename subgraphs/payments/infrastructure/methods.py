"""Buyers' cards in Postgres. Those of one user change one at a time, by a lock on the user."""

from uuid import UUID

import asyncpg

from shared.ids import new_id
from shared.persistence import db
from subgraphs.payments.domain.methods import SavedMethod
from subgraphs.payments.domain.provider import StoredCard

_COLUMNS = "id, user_id, provider, reference, customer_reference, is_default"
_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"
_OF_USER = f"SELECT {_COLUMNS} FROM saved_methods WHERE id = :id AND user_id = :user_id"  # noqa: S608 - a constant
_BY_REFERENCE = f"""
SELECT {_COLUMNS} FROM saved_methods WHERE provider = :provider AND reference = :reference
"""  # noqa: S608 - a constant
_BY_FINGERPRINT = f"""
SELECT {_COLUMNS} FROM saved_methods WHERE user_id = :user_id AND provider = :provider AND fingerprint = :fingerprint
"""  # noqa: S608 - a constant
_COUNT = "SELECT count(*) FROM saved_methods WHERE user_id = :user_id"
_ADD = f"""
INSERT INTO saved_methods AS kept (id, user_id, provider, reference, customer_reference, brand, last_digits,
  expires_month, expires_year, fingerprint, is_default)
VALUES (:id, :user_id, :provider, :reference, :customer_reference, :brand, :last_digits, :expires_month, :expires_year,
  :fingerprint, false)
ON CONFLICT (provider, reference) DO UPDATE SET reference = kept.reference RETURNING {_COLUMNS}
"""  # noqa: S608 - a constant
_RENEW = "UPDATE saved_methods SET expires_month = :expires_month, expires_year = :expires_year WHERE id = :id"
_REMOVE = "DELETE FROM saved_methods WHERE id = :id"
_END_DEFAULT = "UPDATE saved_methods SET is_default = false WHERE user_id = :user_id AND is_default AND id <> :id"
_SET_DEFAULT = "UPDATE saved_methods SET is_default = true WHERE user_id = :user_id AND id = :id"
_HAS_DEFAULT = "SELECT true FROM saved_methods WHERE user_id = :user_id AND is_default"
_SET_LATEST_DEFAULT = """
UPDATE saved_methods SET is_default = true
WHERE id = (SELECT id FROM saved_methods WHERE user_id = :user_id ORDER BY created_at DESC, id DESC LIMIT 1)
"""
_CUSTOMER = "SELECT reference FROM provider_customers WHERE user_id = :user_id AND provider = :provider"
_KEEP_CUSTOMER = """
INSERT INTO provider_customers AS kept (user_id, provider, reference) VALUES (:user_id, :provider, :reference)
ON CONFLICT (user_id, provider) DO UPDATE SET reference = kept.reference RETURNING reference
"""


class PostgresMethods:
    """The port MethodRepository; the only writer of ``saved_methods`` and ``provider_customers``."""

    async def lock(self, user_id: UUID) -> None:
        await db.execute(_LOCK, name=f"saved_methods:{user_id}")

    async def of_user(self, user_id: UUID, method_id: UUID) -> SavedMethod | None:
        return _method(await db.fetch_row(_OF_USER, id=method_id, user_id=user_id))

    async def by_reference(self, provider: str, reference: str) -> SavedMethod | None:
        return _method(await db.fetch_row(_BY_REFERENCE, provider=provider, reference=reference))

    async def by_fingerprint(self, user_id: UUID, provider: str, fingerprint: str | None) -> SavedMethod | None:
        return _method(await db.fetch_row(_BY_FINGERPRINT, user_id=user_id, provider=provider, fingerprint=fingerprint))

    async def count(self, user_id: UUID) -> int:
        count: int = await db.fetch_value(_COUNT, user_id=user_id)
        return count

    async def add(self, user_id: UUID, provider: str, customer_reference: str, card: StoredCard) -> SavedMethod:
        row = await db.fetch_row(
            _ADD,
            id=new_id(),
            user_id=user_id,
            provider=provider,
            reference=card.reference,
            customer_reference=customer_reference,
            brand=card.brand,
            last_digits=card.last_digits,
            expires_month=card.expires_month,
            expires_year=card.expires_year,
            fingerprint=card.fingerprint,
        )
        assert row is not None
        return SavedMethod(**row)

    async def renew(self, method_id: UUID, card: StoredCard) -> None:
        await db.execute(_RENEW, id=method_id, expires_month=card.expires_month, expires_year=card.expires_year)

    async def remove(self, method_id: UUID) -> bool:
        return await db.execute(_REMOVE, id=method_id) == 1

    async def make_default(self, user_id: UUID, method_id: UUID) -> None:
        await db.execute(_END_DEFAULT, user_id=user_id, id=method_id)
        await db.execute(_SET_DEFAULT, user_id=user_id, id=method_id)

    async def ensure_default(self, user_id: UUID) -> None:
        if not await db.fetch_value(_HAS_DEFAULT, user_id=user_id):
            await db.execute(_SET_LATEST_DEFAULT, user_id=user_id)

    async def customer_reference(self, user_id: UUID, provider: str) -> str | None:
        reference: str | None = await db.fetch_value(_CUSTOMER, user_id=user_id, provider=provider)
        return reference

    async def keep_customer(self, user_id: UUID, provider: str, reference: str) -> str:
        kept: str = await db.fetch_value(_KEEP_CUSTOMER, user_id=user_id, provider=provider, reference=reference)
        return kept


def _method(row: asyncpg.Record | None) -> SavedMethod | None:
    return SavedMethod(**row) if row else None
