"""What was issued to clients of the OpenID provider, in Postgres: sessions of machines, and what others are worth."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from shared.ids import new_id
from shared.persistence import db
from subgraphs.users.domain.openid import ClientToken
from subgraphs.users.domain.tokens import ACCESS_TOKEN_LIFETIME, EndedSession, Session
from subgraphs.users.infrastructure.sealing import hashed

_LATELY = ACCESS_TOKEN_LIFETIME + timedelta(seconds=30)
_REFRESHABLE = """
SELECT session.id AS session_id, session.user_id, session.client_id, session.scope, token.expires_at,
  session.ended_at IS NULL AND token.used_at IS NULL AND token.expires_at > clock_timestamp() AS is_good
FROM refresh_tokens AS token JOIN sessions AS session ON session.id = token.session_id
WHERE token.token_hash = :token_hash AND session.client_id IS NOT NULL
"""
_IS_LIVE = """
SELECT EXISTS (SELECT 1 FROM sessions WHERE id = :id AND ended_at IS NULL)
  OR EXISTS (SELECT 1 FROM machine_sessions WHERE id = :id AND ended_at IS NULL)
"""
_END_ALL = """
UPDATE sessions SET ended_at = clock_timestamp() WHERE client_id = :client_id AND ended_at IS NULL
RETURNING id, user_id, ended_at
"""
_BEGIN_MACHINES = "INSERT INTO machine_sessions (id, client_id) VALUES (:id, :client_id) RETURNING created_at"
_END_MACHINES = """
UPDATE machine_sessions SET ended_at = clock_timestamp()
WHERE client_id = :client_id AND ended_at IS NULL AND (:id::uuid IS NULL OR id = :id) RETURNING id
"""
_ENDED_LATELY = "SELECT id FROM machine_sessions WHERE ended_at > clock_timestamp() - :lately::interval"
_FORGET_MACHINES = "DELETE FROM machine_sessions WHERE created_at < clock_timestamp() - :lately::interval"


class PostgresClientTokens:
    """The only writer of ``machine_sessions``; it ends the ``sessions`` of a client that is removed."""

    async def of_refresh_token(self, token: str) -> ClientToken | None:
        """What a refresh token of any client is worth."""
        row = await db.fetch_row(_REFRESHABLE, token_hash=hashed(token))
        return ClientToken(**row) if row else None

    async def is_live(self, session_id: UUID) -> bool:
        """Whether a session, a machine's too, has not ended."""
        return bool(await db.fetch_value(_IS_LIVE, id=session_id))

    async def end_all(self, client_id: UUID) -> Sequence[EndedSession]:
        """Ends all sessions of a client's users; those that went on until then."""
        return [EndedSession(**row) for row in await db.fetch(_END_ALL, client_id=client_id)]

    async def begin_machines(self, client_id: UUID) -> Session:
        """Begins a session of a machine; it lasts as long as an access token."""
        session_id = new_id()
        begun_at = await db.fetch_value(_BEGIN_MACHINES, id=session_id, client_id=client_id)
        return Session(session_id, client_id, begun_at, client_id)

    async def end_machines(self, client_id: UUID, session_id: UUID | None = None) -> Sequence[UUID]:
        """Ends one or all sessions of a machine; those that went on until then."""
        return [row["id"] for row in await db.fetch(_END_MACHINES, client_id=client_id, id=session_id)]

    async def machines_ended_lately(self) -> Sequence[UUID]:
        """Sessions of machines that ended so lately that access tokens of theirs may still be good."""
        return [row["id"] for row in await db.fetch(_ENDED_LATELY, lately=_LATELY)]

    async def forget_machines(self) -> None:
        """Forgets sessions of machines whose tokens have ended."""
        await db.execute(_FORGET_MACHINES, lately=_LATELY)
