"""Reads of sessions, batched."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.persistence import db

_MOST = 100
# One that has not ended but has no token any more that is good has expired.
_SESSIONS = """
SELECT listed.* FROM unnest($1::uuid[]) AS asked (user_id), LATERAL (
  SELECT session.user_id, session.id, session.created_at, session.last_used_at, session.device, session.place
  FROM sessions AS session
  WHERE session.user_id = asked.user_id AND session.ended_at IS NULL AND EXISTS (
    SELECT 1 FROM refresh_tokens AS token
    WHERE token.session_id = session.id AND token.used_at IS NULL AND token.expires_at > clock_timestamp()
  ) ORDER BY session.last_used_at DESC, session.id DESC LIMIT $2
) AS listed
"""


@dataclass(slots=True)
class SessionView:
    """A ``Session`` as the SDL has it, but for whether it is the caller's."""

    id: UUID
    created_at: datetime
    last_used_at: datetime
    device: str | None
    place: str | None


async def sessions_of(user_ids: Sequence[UUID]) -> Mapping[UUID, list[SessionView]]:
    """The sessions of users that go on, the one used last first, in one statement."""
    sessions: dict[UUID, list[SessionView]] = {user_id: [] for user_id in user_ids}
    for user_id, *session in await db.fetch(_SESSIONS, user_ids, _MOST):
        sessions[user_id].append(SessionView(*session))
    return sessions
