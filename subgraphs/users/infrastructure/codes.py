"""Authorization codes in Postgres. A code itself is never stored; expiry is judged by the database's clock."""

import secrets
from typing import Any
from uuid import UUID

from shared.persistence import db
from shared.persistence.sql import values_of
from subgraphs.users.domain.openid import CODE_LIFETIME, Code, NewCode
from subgraphs.users.domain.tokens import ACCESS_TOKEN_LIFETIME
from subgraphs.users.infrastructure.sealing import hashed

_RANDOM_BYTES = 32
_COLUMNS = "client_id, user_id, redirect_uri, scope, code_challenge, nonce, authenticated_at"
_ISSUE = """
INSERT INTO authorization_codes (code_hash, client_id, user_id, redirect_uri, scope, code_challenge, nonce)
VALUES (:code_hash, :client_id, :user_id, :redirect_uri, :scope, :code_challenge, :nonce)
"""
_FIND = f"""
SELECT {_COLUMNS} FROM authorization_codes WHERE code_hash = :code_hash AND client_id = :client_id
  AND (used_at IS NOT NULL OR authenticated_at > clock_timestamp() - :lifetime::interval)
"""  # noqa: S608 - a constant
# One statement: of two that come with the same code at once, the second waits for the first and then finds it used.
_CLAIM = f"""
UPDATE authorization_codes SET used_at = clock_timestamp()
WHERE code_hash = :code_hash AND client_id = :client_id AND used_at IS NULL
  AND authenticated_at > clock_timestamp() - :lifetime::interval
  AND EXISTS (SELECT 1 FROM oauth_clients WHERE id = :client_id AND removed_at IS NULL)
RETURNING {_COLUMNS}
"""  # noqa: S608 - a constant
_BIND = "UPDATE authorization_codes SET session_id = :session_id WHERE code_hash = :code_hash"
_SESSION_OF_USED = """
SELECT user_id, session_id FROM authorization_codes
WHERE code_hash = :code_hash AND client_id = :client_id AND session_id IS NOT NULL
"""
_FORGET = "DELETE FROM authorization_codes WHERE authenticated_at < clock_timestamp() - :kept::interval"
_KEPT = 6 * ACCESS_TOKEN_LIFETIME


class PostgresCodes:
    """The only writer of ``authorization_codes``."""

    async def issue(self, granted: NewCode) -> str:
        """A code that is good once, for CODE_LIFETIME."""
        code = secrets.token_urlsafe(_RANDOM_BYTES)
        await db.execute(_ISSUE, code_hash=hashed(code), **values_of(granted))
        return code

    async def find(self, code: str, client_id: UUID) -> Code | None:
        """What a code of the client is worth; None when it expired unused. One that was used is still found."""
        row = await db.fetch_row(_FIND, code_hash=hashed(code), client_id=client_id, lifetime=CODE_LIFETIME)
        return _code(row)

    async def claim(self, code: str, client_id: UUID) -> Code | None:
        """Uses a code up; None when it is not good (any more). Of two at once, one finds it used."""
        row = await db.fetch_row(_CLAIM, code_hash=hashed(code), client_id=client_id, lifetime=CODE_LIFETIME)
        return _code(row)

    async def bind(self, code: str, session_id: UUID) -> None:
        """Remembers the session that a code was exchanged for."""
        await db.execute(_BIND, code_hash=hashed(code), session_id=session_id)

    async def session_of_used(self, code: str, client_id: UUID) -> tuple[UUID, UUID] | None:
        """The user and the session that a code was exchanged for."""
        row = await db.fetch_row(_SESSION_OF_USED, code_hash=hashed(code), client_id=client_id)
        return (row["user_id"], row["session_id"]) if row else None

    async def forget_expired(self) -> None:
        """Forgets codes that nobody has any use for, an hour after they were issued."""
        await db.execute(_FORGET, kept=_KEPT)


def _code(row: Any) -> Code | None:
    return Code(**row) if row else None
