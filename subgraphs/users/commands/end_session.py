"""Ends a session of its user's."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from subgraphs.users.commands.revocation import End, revoked
from subgraphs.users.domain.ports import Sessions, UsersWork
from subgraphs.users.domain.rejections import SessionNotFound
from subgraphs.users.domain.tokens import EndedSession, EndReason


@dataclass(frozen=True, slots=True)
class EndSession:
    """A session of a user."""

    user_id: UUID
    session_id: UUID


async def end_session(command: EndSession, work: UsersWork) -> UUID:
    """The id.

    Raises:
        SessionNotFound: also when it has ended before.
    """
    if not await revoked(_end(command), EndReason.REVOKED, work):
        raise SessionNotFound
    return command.session_id


async def log_out(command: EndSession, work: UsersWork) -> UUID:
    """The id. Whoever logs out a second time, as after an answer that was lost, is logged out."""
    await revoked(_end(command), EndReason.LOGGED_OUT, work)
    return command.session_id


def _end(command: EndSession) -> End:
    async def end(sessions: Sessions) -> Sequence[EndedSession]:
        ended = await sessions.end(command.user_id, command.session_id)
        return [ended] if ended else []

    return end
