"""Sessions and their refresh tokens in Postgres.

A token itself is never stored; expiry is judged by the database's clock.
"""

import hashlib
import secrets
from uuid import UUID

from shared.ids import new_id
from shared.persistence import db
from subgraphs.users.domain.tokens import REFRESH_TOKEN_LIFETIME, RefreshToken

_RANDOM_BYTES = 32
_BEGIN = """
WITH begun AS (INSERT INTO sessions (id, user_id) VALUES (:id, :user_id) RETURNING id)
INSERT INTO refresh_tokens (token_hash, session_id, expires_at)
SELECT :token_hash, begun.id, clock_timestamp() + :lifetime::interval FROM begun RETURNING expires_at
"""
# One statement: of two that come with the same token at once, the second waits for the first and then finds it used.
_ROTATE = """
WITH used AS (
  UPDATE refresh_tokens AS token SET used_at = clock_timestamp() FROM sessions AS session
  WHERE token.token_hash = :used_hash AND token.used_at IS NULL AND token.expires_at > clock_timestamp()
    AND session.id = token.session_id AND session.ended_at IS NULL
  RETURNING session.id, session.user_id
)
INSERT INTO refresh_tokens (token_hash, session_id, expires_at)
SELECT :token_hash, used.id, clock_timestamp() + :lifetime::interval FROM used
RETURNING expires_at, (SELECT user_id FROM used) AS user_id
"""
_END_OF_USED = """
UPDATE sessions SET ended_at = clock_timestamp() WHERE ended_at IS NULL
  AND id = (SELECT session_id FROM refresh_tokens WHERE token_hash = :token_hash AND used_at IS NOT NULL) RETURNING id
"""
_FORGET_TOKENS = "DELETE FROM refresh_tokens WHERE expires_at < clock_timestamp()"
_FORGET_SESSIONS = """
DELETE FROM sessions AS session WHERE NOT EXISTS (SELECT 1 FROM refresh_tokens WHERE session_id = session.id)
"""


class PostgresSessions:
    """The only writer of ``sessions`` and ``refresh_tokens``."""

    async def begin(self, user_id: UUID) -> RefreshToken:
        """Begins a session and answers its first refresh token."""
        token = _new_token()
        expires_at = await db.fetch_value(
            _BEGIN, id=new_id(), user_id=user_id, token_hash=_hash(token), lifetime=REFRESH_TOKEN_LIFETIME
        )
        return RefreshToken(token, expires_at)

    async def rotate(self, token: str) -> tuple[UUID, RefreshToken] | None:
        """Uses a token up and answers whose it was and the next one; None when it is not good (any more)."""
        following = _new_token()
        row = await db.fetch_row(
            _ROTATE, used_hash=_hash(token), token_hash=_hash(following), lifetime=REFRESH_TOKEN_LIFETIME
        )
        return (row["user_id"], RefreshToken(following, row["expires_at"])) if row else None

    async def end_of_used(self, token: str) -> UUID | None:
        """Ends the session of a token that was used before; answers the session if this ended it."""
        ended: UUID | None = await db.fetch_value(_END_OF_USED, token_hash=_hash(token))
        return ended

    async def forget_expired(self) -> None:
        """Forgets expired tokens, and sessions that have no others."""
        await db.execute(_FORGET_TOKENS)
        await db.execute(_FORGET_SESSIONS)


def _new_token() -> str:
    return secrets.token_urlsafe(_RANDOM_BYTES)


def _hash(token: str) -> str:
    """SHA-256 is enough: 256 random bits can't be guessed, so a slow hash would protect nothing."""
    return hashlib.sha256(token.encode()).hexdigest()
