"""Accounts in Postgres."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from shared.email import comparable, is_email
from shared.ids import new_id
from shared.persistence import db
from subgraphs.users.domain.registration import Registration

_NEW = timedelta(minutes=15)
_BY_ADDRESS = "SELECT id AS user_id, password_hash, created_at > now() - $2::interval AS is_new FROM users WHERE comparable_email = $1"


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a log-in is checked against. An account ``is_new`` as long as whoever opened it may not have heard of it."""

    user_id: UUID
    password_hash: str
    is_new: bool


async def insert_account(account: Registration, password_hash: str) -> tuple[UUID, datetime] | None:
    """Opens an account and answers its id and when it was opened, or None when the address has one already."""
    row = await db.fetch_row(
        "INSERT INTO users (id, email, comparable_email, name, password_hash) VALUES ($1, $2, $3, $4, $5)"
        " ON CONFLICT (comparable_email) DO NOTHING RETURNING id, created_at",
        new_id(),
        account.email,
        comparable(account.email),
        account.name,
        password_hash,
    )
    return (row["id"], row["created_at"]) if row else None


async def credentials_of(email: str) -> Credentials | None:
    """What a log-in with this address is checked against, or None when it has no account."""
    return await account_of(email) if is_email(comparable(email)) else None


async def account_of(email: str) -> Credentials | None:
    """The account that has this address, whatever its case."""
    row = await db.fetch_row(_BY_ADDRESS, comparable(email), _NEW)
    return Credentials(**row) if row else None


async def replace_password_hash(credentials: Credentials, password_hash: str) -> None:
    """Stores another hash of the same password, unless the password was changed meanwhile."""
    await db.execute(
        "UPDATE users SET password_hash = $3 WHERE id = $1 AND password_hash = $2",
        credentials.user_id,
        credentials.password_hash,
        password_hash,
    )
