"""Sessions that were revoked while access tokens of theirs were still good: a small list in Valkey.

Users writes it, and every process that answers GraphQL reads it. Each keeps a copy that is at most a second old, for
what can't hurt; what can, asks the list itself. It is a sorted set of session ids by the time at which each was added,
in microseconds of Valkey's own clock; what is older than any access token falls out of it.
"""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Iterable
from typing import Any
from uuid import UUID

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from shared.errors import Unauthenticated, Unavailable
from shared.telemetry.failures import described

logger = logging.getLogger(__name__)

OUTAGES = (RedisError, OSError, TimeoutError)

_KEY = "revoked-sessions"
_KEPT_SECONDS = 660  # access tokens last ten minutes, and clocks may differ by one
_LOOK_SECONDS = 0.4  # with a look that takes as long as it may, a copy is not a second old
_PATIENCE_SECONDS = 0.5
_OVERLAP_MICROSECONDS = 60_000_000  # each look goes back so far: another server's clock may be behind
_MICROSECONDS = 1_000_000
_ADD = """
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
for index = 2, #ARGV do
  redis.call('ZADD', KEYS[1], 'NX', string.format('%.0f', now), ARGV[index])
end
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', string.format('(%.0f', now - ARGV[1] * 1000000))
redis.call('EXPIRE', KEYS[1], ARGV[1])
"""
_ENDED = "The session of this access token has ended; log in again."


class RevokedSessions:
    """The list itself. Each call raises one of ``OUTAGES`` when Valkey is away."""

    def __init__(self, redis_url: str) -> None:
        once = Retry(NoBackoff(), 1)  # a connection that was closed meanwhile is no outage
        self._valkey = Redis.from_url(redis_url, socket_connect_timeout=_PATIENCE_SECONDS, retry=once)

    async def add(self, session_ids: Iterable[UUID]) -> None:
        """Puts sessions on the list, for as long as an access token of theirs can be good."""
        members = [session_id.bytes for session_id in session_ids]
        if members:
            await _soon(self._valkey.eval(_ADD, 1, _KEY, _KEPT_SECONDS, *members))

    async def holds(self, session_id: UUID) -> bool:
        """Whether a session is on the list now."""
        return await _soon(self._valkey.zscore(_KEY, session_id.bytes)) is not None

    async def added_since(self, microseconds: int) -> list[tuple[UUID, int]]:
        """What was added then or later, and when."""
        found = await _soon(self._valkey.zrange(_KEY, microseconds, "+inf", byscore=True, withscores=True))
        return [(UUID(bytes=member), int(added)) for member, added in found]

    async def close(self) -> None:
        """Ends the connections."""
        await self._valkey.aclose()


class Revocations:
    """What one process knows of the list."""

    def __init__(self, revoked: RevokedSessions) -> None:
        self._revoked = revoked
        self._copy: dict[UUID, int] = {}
        self._newest = 0
        self._is_away = False

    async def follow(self, stop: asyncio.Event) -> None:
        """Keeps the copy up to date until ``stop`` is set; while Valkey is away, it stays as it was."""
        while not stop.is_set():
            await self._look()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), _LOOK_SECONDS)
        await self._revoked.close()

    def require_live(self, session_id: UUID) -> None:
        """Returns while nobody has revoked a session, as was known a second ago.

        Raises:
            Unauthenticated: when it was revoked.
        """
        if session_id in self._copy:
            raise Unauthenticated(_ENDED)

    async def require_live_now(self, session_id: UUID) -> None:
        """The same, as is known now: for what moves money or stock, and what only staff may do.

        Raises:
            Unauthenticated: when it was revoked.
            Unavailable: when nobody knows, since Valkey is away.
        """
        try:
            is_revoked = await self._revoked.holds(session_id)
        except OUTAGES as error:
            logger.warning("whether a session was revoked can't be asked, Valkey is away: %s", described(error))
            message = "Whether your session goes on can't be checked at the moment; nothing was done, try again."
            raise Unavailable(message) from error
        if is_revoked:
            raise Unauthenticated(_ENDED)

    async def _look(self) -> None:
        try:
            added = await self._revoked.added_since(self._newest - _OVERLAP_MICROSECONDS)
        except OUTAGES as error:
            if not self._is_away:
                logger.warning("revoked sessions are known as of now, Valkey is away: %s", described(error))
            self._is_away = True
            return
        if self._is_away:
            logger.info("revoked sessions are known again")
        self._is_away = False
        self._learn(added)

    def _learn(self, added: Iterable[tuple[UUID, int]]) -> None:
        self._copy.update(added)
        self._newest = max(self._copy.values(), default=0)
        oldest = self._newest - _KEPT_SECONDS * _MICROSECONDS
        self._copy = {session_id: at for session_id, at in self._copy.items() if at >= oldest}


async def _soon(answer: Awaitable[Any]) -> Any:
    """The answer of Valkey, which comes soon or is not waited for."""
    return await asyncio.wait_for(answer, _PATIENCE_SECONDS)
