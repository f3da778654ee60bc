"""Ends the sessions of a user."""

from dataclasses import dataclass
from uuid import UUID

from subgraphs.users.domain.ports import UsersWork


@dataclass(frozen=True, slots=True)
class EndSessions:
    """All of a user, or all but the one ``kept``."""

    user_id: UUID
    kept: UUID | None


async def end_sessions(command: EndSessions, work: UsersWork) -> int:
    """How many went on until now. A single statement."""
    return await work.sessions.end_all(command.user_id, command.kept)
