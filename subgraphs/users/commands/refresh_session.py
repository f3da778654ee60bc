"""Exchanges a refresh token for new tokens."""

import logging
from dataclasses import dataclass, field

from subgraphs.users.domain.ports import UsersWork
from subgraphs.users.domain.rejections import RefreshTokenInvalid
from subgraphs.users.domain.tokens import TokenPair

logger = logging.getLogger(__name__)

_LONGEST_TOKEN = 200  # ours have 43 characters


@dataclass(frozen=True, slots=True)
class RefreshSession:
    """A refresh token, as it came."""

    refresh_token: str = field(repr=False)


async def refresh_session(command: RefreshSession, work: UsersWork) -> TokenPair:
    """The session's next tokens. What comes a second time soon is answered as the first time.

    Two tabs do so, and whoever missed an answer. A token that comes later was stolen, and so its session ends.

    Raises:
        RefreshTokenInvalid
    """
    token = command.refresh_token
    if len(token) > _LONGEST_TOKEN:
        raise RefreshTokenInvalid
    exchanged = await work.sessions.rotate(token) or await work.sessions.repeated(token)
    if exchanged is None:
        await _end_if_reused(token, work)
        raise RefreshTokenInvalid
    session, refresh = exchanged
    return TokenPair(work.access_tokens.issue(session), refresh)


async def _end_if_reused(token: str, work: UsersWork) -> None:
    ended = await work.sessions.end_of_used(token)
    if ended is not None:
        logger.warning("a refresh token came a second time: session %s is ended", ended)
