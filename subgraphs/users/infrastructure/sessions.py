"""Sessions and their refresh tokens in Postgres.

A token itself is never stored; expiry is judged by the database's clock.
"""

import secrets
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from shared.ids import new_id
from shared.persistence import db
from subgraphs.users.domain.openid import Delegation
from subgraphs.users.domain.tokens import (
    ACCESS_TOKEN_LIFETIME,
    REFRESH_GRACE,
    REFRESH_TOKEN_LIFETIME,
    EndedSession,
    Origin,
    RefreshToken,
    Session,
)
from subgraphs.users.infrastructure.sealing import hashed, sealed, unsealed

_RANDOM_BYTES = 32
_LATELY = ACCESS_TOKEN_LIFETIME + timedelta(seconds=30)
_BEGIN = """
WITH session AS (
  INSERT INTO sessions (id, user_id, device, place, client_id, scope, created_at)
  VALUES (:id, :user_id, :device, :place, :client_id::uuid, :scope,
    coalesce(:authenticated_at::timestamptz, clock_timestamp()))
  RETURNING id, user_id, created_at
)
INSERT INTO refresh_tokens (token_hash, session_id, expires_at)
SELECT :token_hash, session.id, clock_timestamp() + :lifetime::interval FROM session
RETURNING expires_at, (SELECT created_at FROM session) AS authenticated_at, :client_id::uuid AS client_id,
  :scope AS scope
"""
# One statement: of two that come with the same token at once, the second waits for the first and then finds it used.
_ROTATE = """
WITH moment AS MATERIALIZED (SELECT clock_timestamp() AS now),
used AS (
  UPDATE refresh_tokens AS token SET used_at = moment.now, sealed_successor = :sealed
  FROM sessions AS session, moment
  WHERE token.token_hash = :used_hash AND token.used_at IS NULL AND token.expires_at > moment.now
    AND session.id = token.session_id AND session.ended_at IS NULL
    AND session.client_id IS NOT DISTINCT FROM :client_id::uuid
  RETURNING session.id, session.user_id, session.created_at AS authenticated_at, session.client_id, session.scope
),
kept AS (
  UPDATE sessions SET last_used_at = moment.now, device = coalesce(:device::text, device),
    place = coalesce(:place::text, place)
  FROM moment, used WHERE sessions.id = used.id
),
following AS (
  INSERT INTO refresh_tokens (token_hash, session_id, expires_at)
  SELECT :token_hash, used.id, moment.now + :lifetime::interval FROM used, moment RETURNING expires_at
)
SELECT used.id, used.user_id, used.authenticated_at, used.client_id, used.scope, following.expires_at
FROM used, following
"""
_REPEATED = """
SELECT session.id, session.user_id, session.created_at AS authenticated_at, session.client_id, session.scope,
  token.sealed_successor, token.used_at + :lifetime::interval AS expires_at
FROM refresh_tokens AS token JOIN sessions AS session ON session.id = token.session_id
WHERE token.token_hash = :token_hash AND token.used_at > clock_timestamp() - :grace::interval
  AND token.sealed_successor IS NOT NULL AND session.ended_at IS NULL
  AND session.client_id IS NOT DISTINCT FROM :client_id::uuid
"""
_END_OF_USED = """
UPDATE sessions SET ended_at = clock_timestamp() WHERE ended_at IS NULL AND id = (
  SELECT session_id FROM refresh_tokens
  WHERE token_hash = :token_hash AND used_at <= clock_timestamp() - :grace::interval
) RETURNING id, user_id, ended_at
"""
_END = """
UPDATE sessions SET ended_at = clock_timestamp() WHERE id = :id AND user_id = :user_id AND ended_at IS NULL
RETURNING id, user_id, ended_at
"""
_END_ALL = """
UPDATE sessions SET ended_at = clock_timestamp()
WHERE user_id = :user_id AND ended_at IS NULL AND id IS DISTINCT FROM :but::uuid
RETURNING id, user_id, ended_at
"""
_WERE_AT = """
SELECT EXISTS (SELECT 1 FROM sessions WHERE user_id = :user_id AND place::inet <<= :network::text::inet) AS were
"""
_ENDED_LATELY = "SELECT id FROM sessions WHERE ended_at > clock_timestamp() - :lately::interval"
_FORGET_SUCCESSORS = """
UPDATE refresh_tokens SET sealed_successor = NULL
WHERE sealed_successor IS NOT NULL AND used_at < clock_timestamp() - :grace::interval
"""
_FORGET_TOKENS = "DELETE FROM refresh_tokens WHERE expires_at < clock_timestamp()"
_FORGET_SESSIONS = """
DELETE FROM sessions AS session WHERE NOT EXISTS (SELECT 1 FROM refresh_tokens WHERE session_id = session.id)
"""


class PostgresSessions:
    """The only writer of ``sessions`` and ``refresh_tokens``."""

    async def begin(
        self, user_id: UUID, origin: Origin, delegation: Delegation | None = None
    ) -> tuple[Session, RefreshToken]:
        """Begins a session, a client's if it was delegated, and answers it with its first refresh token."""
        token, session_id = _new_token(), new_id()
        row = await db.fetch_row(
            _BEGIN,
            id=session_id,
            user_id=user_id,
            device=origin.device,
            place=origin.place,
            client_id=delegation.client_id if delegation else None,
            scope=delegation.scope if delegation else "",
            authenticated_at=delegation.authenticated_at if delegation else None,
            token_hash=hashed(token),
            lifetime=REFRESH_TOKEN_LIFETIME,
        )
        assert row is not None, "a row that was inserted is returned"
        return _session({**row, "id": session_id, "user_id": user_id}), RefreshToken(token, row["expires_at"])

    async def rotate(
        self, token: str, origin: Origin, client_id: UUID | None = None
    ) -> tuple[Session, RefreshToken] | None:
        """Uses a token up and answers its session with the next one; None when it is not good (any more)."""
        following = _new_token()
        row = await db.fetch_row(
            _ROTATE,
            used_hash=hashed(token),
            sealed=sealed(following, token),
            token_hash=hashed(following),
            device=origin.device,
            place=origin.place,
            client_id=client_id,
            lifetime=REFRESH_TOKEN_LIFETIME,
        )
        return (_session(row), RefreshToken(following, row["expires_at"])) if row else None

    async def repeated(self, token: str, client_id: UUID | None = None) -> tuple[Session, RefreshToken] | None:
        """What a token was exchanged for within REFRESH_GRACE before; None when it was not, or its session ended."""
        given = {"token_hash": hashed(token), "grace": REFRESH_GRACE, "lifetime": REFRESH_TOKEN_LIFETIME}
        row = await db.fetch_row(_REPEATED, **given, client_id=client_id)
        if row is None:
            return None
        return _session(row), RefreshToken(unsealed(row["sealed_successor"], token), row["expires_at"])

    async def end_of_used(self, token: str) -> EndedSession | None:
        """Ends the session of a token that was used longer before; answers the session if this ended it."""
        row = await db.fetch_row(_END_OF_USED, token_hash=hashed(token), grace=REFRESH_GRACE)
        return EndedSession(**row) if row else None

    async def end(self, user_id: UUID, session_id: UUID) -> EndedSession | None:
        """Ends a session; None when the user has none such that goes on."""
        row = await db.fetch_row(_END, id=session_id, user_id=user_id)
        return EndedSession(**row) if row else None

    async def end_all(self, user_id: UUID, but: UUID | None) -> Sequence[EndedSession]:
        """Ends all sessions of a user but this one; those that went on until then."""
        return [EndedSession(**row) for row in await db.fetch(_END_ALL, user_id=user_id, but=but)]

    async def were_at(self, user_id: UUID, network: str) -> bool:
        """Whether a session of the user was begun or last used from a network, such as 192.0.2.7/32."""
        row = await db.fetch_row(_WERE_AT, user_id=user_id, network=network)
        assert row is not None, "EXISTS is true or false"
        return bool(row["were"])

    async def ended_lately(self) -> Sequence[UUID]:
        """Those that ended so lately that access tokens of theirs may still be good."""
        return [row["id"] for row in await db.fetch(_ENDED_LATELY, lately=_LATELY)]

    async def forget_expired(self) -> None:
        """Forgets expired tokens, sessions that have no others, and what was kept for repetitions."""
        await db.execute(_FORGET_SUCCESSORS, grace=REFRESH_GRACE)
        await db.execute(_FORGET_TOKENS)
        await db.execute(_FORGET_SESSIONS)


def _session(row: Any) -> Session:
    return Session(*(row[name] for name in ("id", "user_id", "authenticated_at", "client_id", "scope")))


def _new_token() -> str:
    return secrets.token_urlsafe(_RANDOM_BYTES)
