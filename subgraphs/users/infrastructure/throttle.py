"""Slows down who guesses passwords: failures are counted in Valkey, so that all replicas count together."""

import asyncio
import hashlib
import logging
from collections.abc import Awaitable

from limits import RateLimitItemPerMinute
from limits.aio.storage import RedisStorage
from limits.aio.strategies import MovingWindowRateLimiter
from limits.errors import StorageError

from shared.email import comparable
from shared.telemetry.failures import described

logger = logging.getLogger(__name__)

FAILURES_A_MINUTE = 10
_LIMIT = RateLimitItemPerMinute(FAILURES_A_MINUTE, namespace="users:login-failures")
_PATIENCE_SECONDS = 0.5


class ValkeyThrottle:
    """Counts failed log-ins by address. Without Valkey nobody is rejected: a shop that nobody can log into is worse."""

    def __init__(self, redis_url: str) -> None:
        storage = RedisStorage(f"async+{redis_url}", wrap_exceptions=True, implementation="redispy")
        self._window = MovingWindowRateLimiter(storage)

    async def admits(self, email: str) -> bool:
        """Whether another attempt is allowed: not after ten failures in the minute before."""
        return await _or_true(self._window.test(_LIMIT, _key(email)))

    async def count_failure(self, email: str) -> None:
        """Remembers a failed attempt."""
        await _or_true(self._window.hit(_LIMIT, _key(email)))


async def _or_true(answer: Awaitable[bool]) -> bool:
    try:
        return await asyncio.wait_for(answer, _PATIENCE_SECONDS)
    except (StorageError, TimeoutError) as error:
        logger.warning("failed log-ins are not counted, Valkey is away: %s", described(error))
        return True


def _key(email: str) -> str:
    """Valkey need not know who logs in; and a hash is short, whatever was sent as an address."""
    return hashlib.sha256(comparable(email).encode()).hexdigest()
