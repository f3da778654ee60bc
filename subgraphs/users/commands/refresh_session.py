"""Exchanges a refresh token for new tokens."""

import logging

from shared.errors import UserError, UserErrors
from subgraphs.users.domain.tokens import TokenPair
from subgraphs.users.infrastructure.access_tokens import AccessTokens
from subgraphs.users.infrastructure.sessions import end_session_of_used, rotate

logger = logging.getLogger(__name__)

_LONGEST_TOKEN = 200  # ours have 43 characters


async def refresh_session(refresh_token: str, tokens: AccessTokens) -> TokenPair:
    """Answers the session's next tokens. A token that comes a second time was stolen, and so its session ends.

    Raises:
        UserErrors: REFRESH_TOKEN_INVALID.
    """
    if len(refresh_token) > _LONGEST_TOKEN:
        raise _not_good()
    rotated = await rotate(refresh_token)
    if rotated is None:
        await _end_if_reused(refresh_token)
        raise _not_good()
    user_id, refresh = rotated
    return TokenPair(tokens.issue(user_id), refresh)


def _not_good() -> UserErrors:
    message = "The refresh token is unknown, has ended or was used before; log in again."
    return UserErrors(UserError("REFRESH_TOKEN_INVALID", message, ("refreshToken",)))


async def _end_if_reused(refresh_token: str) -> None:
    ended = await end_session_of_used(refresh_token)
    if ended is not None:
        logger.warning("a refresh token came a second time: session %s is ended", ended)
