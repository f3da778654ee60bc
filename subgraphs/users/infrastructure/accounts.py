"""Accounts in Postgres."""

from datetime import timedelta

from shared.email import comparable
from shared.ids import new_id
from shared.persistence import db
from subgraphs.users.domain.account import Credentials, NewAccount, Opened

_NEW = timedelta(minutes=15)
_ADD = """
INSERT INTO users (id, email, comparable_email, name, password_hash)
VALUES (:id, :email, :comparable_email, :name, :password_hash)
ON CONFLICT (comparable_email) DO NOTHING RETURNING id AS user_id, created_at AS opened_at
"""
_BY_EMAIL = """
SELECT id AS user_id, password_hash, created_at > now() - :new::interval AS is_new
FROM users WHERE comparable_email = :comparable_email
"""
_REPLACE_HASH = "UPDATE users SET password_hash = :new_hash WHERE id = :id AND password_hash = :old_hash"


class PostgresAccounts:
    """The only writer of ``users``."""

    async def add(self, account: NewAccount) -> Opened | None:
        """Opens an account; None when the address has one already."""
        row = await db.fetch_row(
            _ADD,
            id=new_id(),
            email=account.email,
            comparable_email=comparable(account.email),
            name=account.name,
            password_hash=account.password_hash,
        )
        return Opened(**row) if row else None

    async def by_email(self, email: str) -> Credentials | None:
        """The account that has this address, whatever its case and the blanks around it."""
        row = await db.fetch_row(_BY_EMAIL, comparable_email=comparable(email), new=_NEW)
        return Credentials(**row) if row else None

    async def replace_hash(self, credentials: Credentials, password_hash: str) -> None:
        """Stores another hash of the same password, unless the password was changed meanwhile."""
        old_hash = credentials.password_hash
        await db.execute(_REPLACE_HASH, id=credentials.user_id, old_hash=old_hash, new_hash=password_hash)
