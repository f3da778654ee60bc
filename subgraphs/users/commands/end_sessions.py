"""Ends the sessions of a user."""

from dataclasses import dataclass
from uuid import UUID

from subgraphs.users.commands.revocation import revoked
from subgraphs.users.domain.ports import UsersWork
from subgraphs.users.domain.tokens import EndReason


@dataclass(frozen=True, slots=True)
class EndSessions:
    """All of a user, or all but the one ``kept``."""

    user_id: UUID
    kept: UUID | None


async def end_sessions(command: EndSessions, work: UsersWork) -> int:
    """How many went on until now."""
    ended = await revoked(
        lambda sessions: sessions.end_all(command.user_id, command.kept), EndReason.LOGGED_OUT_EVERYWHERE, work
    )
    return len(ended)
