"""Ends a session of its user's."""

from dataclasses import dataclass
from uuid import UUID

from subgraphs.users.domain.ports import UsersWork
from subgraphs.users.domain.rejections import SessionNotFound


@dataclass(frozen=True, slots=True)
class EndSession:
    """A session of a user."""

    user_id: UUID
    session_id: UUID


async def end_session(command: EndSession, work: UsersWork) -> UUID:
    """The id. A single statement.

    Raises:
        SessionNotFound: also when it has ended before.
    """
    if not await work.sessions.end(command.user_id, command.session_id):
        raise SessionNotFound
    return command.session_id


async def log_out(command: EndSession, work: UsersWork) -> UUID:
    """The id. Whoever logs out a second time, as after an answer that was lost, is logged out."""
    await work.sessions.end(command.user_id, command.session_id)
    return command.session_id
