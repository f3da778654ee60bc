"""Accounts in Postgres, as their owners change them."""

from typing import Any
from uuid import UUID

from shared.email import comparable
from shared.persistence import db
from subgraphs.users.domain.profile import Profile

_PROFILE = "SELECT id AS user_id, email, name, email_verified_at IS NOT NULL AS is_verified FROM users WHERE "
_RENAME = "UPDATE users SET name = :name WHERE id = :id"
_SET_PASSWORD = "UPDATE users SET password_hash = :hash WHERE id = :id"  # noqa: S105 - SQL
_VERIFY = "UPDATE users SET email_verified_at = clock_timestamp() WHERE id = :id AND email_verified_at IS NULL"
# A lock until the transaction ends, of what need not be in any table yet.
_LOCK_ADDRESS = "SELECT pg_advisory_xact_lock(hashtextextended('users.email:' || :email::text, 0))"
_MOVE = """
UPDATE users SET email = :email, comparable_email = :comparable_email, email_verified_at = clock_timestamp()
WHERE id = :id AND NOT EXISTS (SELECT FROM users WHERE comparable_email = :comparable_email AND id <> :id)
"""


class PostgresProfiles:
    """Writes what changes in ``users``; accounts are opened by PostgresAccounts."""

    async def of(self, user_id: UUID) -> Profile | None:
        """An account's."""
        return _profile(await db.fetch_row(f"{_PROFILE} id = :id", id=user_id))

    async def lock(self, user_id: UUID) -> Profile | None:
        """The same, and nobody else's to change until the transaction ends."""
        return _profile(await db.fetch_row(f"{_PROFILE} id = :id FOR NO KEY UPDATE", id=user_id))

    async def by_email(self, email: str) -> Profile | None:
        """The account that has this address."""
        return _profile(await db.fetch_row(f"{_PROFILE} comparable_email = :email", email=comparable(email)))

    async def rename(self, user_id: UUID, name: str) -> None:
        """Gives a locked account another name."""
        await db.execute(_RENAME, id=user_id, name=name)

    async def password_hash(self, user_id: UUID) -> str | None:
        """What a password is checked against; None when the account is gone."""
        found: str | None = await db.fetch_value("SELECT password_hash FROM users WHERE id = :id", id=user_id)
        return found

    async def set_password(self, user_id: UUID, password_hash: str) -> None:
        """Gives a locked account another password."""
        await db.execute(_SET_PASSWORD, id=user_id, hash=password_hash)

    async def verify(self, user_id: UUID) -> bool:
        """Remembers that a locked account's address was proved; False when it was before."""
        return await db.execute(_VERIFY, id=user_id) == 1

    async def lock_addresses(self, *emails: str) -> None:
        """Has nobody else take or give up these addresses until the transaction ends.

        In one order for all, so that no two wait for each other.
        """
        for email in sorted({comparable(email) for email in emails}):
            await db.fetch_value(_LOCK_ADDRESS, email=email)

    async def move(self, user_id: UUID, email: str) -> bool:
        """Gives a locked account another address, which was proved; False when another account has it."""
        return await db.execute(_MOVE, id=user_id, email=email, comparable_email=comparable(email)) == 1


def _profile(row: Any) -> Profile | None:
    return Profile(**row) if row else None
