"""Exchanges a refresh token for new tokens."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from subgraphs.users.commands.revocation import revoked
from subgraphs.users.domain.ports import Sessions, UsersWork
from subgraphs.users.domain.rejections import RefreshTokenInvalid
from subgraphs.users.domain.tokens import (
    UNKNOWN_ORIGIN,
    EndedSession,
    EndReason,
    Origin,
    RefreshToken,
    Session,
    TokenPair,
)

logger = logging.getLogger(__name__)

_LONGEST_TOKEN = 200  # ours have 43 characters


@dataclass(frozen=True, slots=True)
class RefreshSession:
    """A refresh token, as it came, and from where; ``client_id`` is of the client that proved to be itself, if any."""

    refresh_token: str = field(repr=False)
    origin: Origin = UNKNOWN_ORIGIN
    client_id: UUID | None = None


async def refresh_session(command: RefreshSession, work: UsersWork) -> TokenPair:
    """The session's next tokens. What comes a second time soon is answered as the first time.

    Two tabs do so, and whoever missed an answer. A token that comes later was stolen, and so its session ends.

    Raises:
        RefreshTokenInvalid
    """
    token = command.refresh_token
    if len(token) > _LONGEST_TOKEN:
        raise RefreshTokenInvalid
    exchanged = await _exchanged(command, work)
    if exchanged is None:
        await _end_if_reused(token, work)
        raise RefreshTokenInvalid
    session, refresh = exchanged
    return TokenPair(work.access_tokens.issue(session), refresh)


async def _exchanged(command: RefreshSession, work: UsersWork) -> tuple[Session, RefreshToken] | None:
    rotated = await work.sessions.rotate(command.refresh_token, command.origin, command.client_id)
    exchanged = rotated or await work.sessions.repeated(command.refresh_token, command.client_id)
    if exchanged is not None:
        work.reports.refreshed(is_repeated=rotated is None)
    return exchanged


async def _end_if_reused(token: str, work: UsersWork) -> None:
    async def end(sessions: Sessions) -> Sequence[EndedSession]:
        ended = await sessions.end_of_used(token)
        return [ended] if ended else []

    for ended in await revoked(end, EndReason.REUSED, work):
        logger.warning("a refresh token came a second time: session %s is ended", ended.id)
