"""Slows down who guesses passwords: failures are counted in Valkey, so that all replicas count together."""

import asyncio
import hashlib
import logging
from collections.abc import Awaitable, Sequence

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.aio.storage import RedisStorage
from limits.aio.strategies import MovingWindowRateLimiter
from limits.errors import StorageError

from shared.email import comparable
from shared.telemetry.failures import described
from subgraphs.users.domain.tokens import Attempt

logger = logging.getLogger(__name__)

FAILURES_A_MINUTE = 10
# Whole offices share an address; who tries one password of thousands of accounts has many more.
FAILURES_OF_A_NETWORK = 30
_LIMIT = RateLimitItemPerMinute(FAILURES_A_MINUTE, namespace="users:login-failures")
_NETWORK_LIMIT = RateLimitItemPerMinute(FAILURES_OF_A_NETWORK, namespace="users:login-failures-of-network")
_PATIENCE_SECONDS = 0.5


class ValkeyThrottle:
    """Counts failed log-ins of a minute. Without Valkey nobody is rejected: a shop nobody can log into is worse.

    Where the owner of an account was before counts apart, for the account as for the network: strangers who guess do
    not shut the owner out.
    """

    def __init__(self, redis_url: str) -> None:
        storage = RedisStorage(f"async+{redis_url}", wrap_exceptions=True, implementation="redispy")
        self._window = MovingWindowRateLimiter(storage)

    async def admits(self, attempt: Attempt) -> bool:
        """Whether another attempt is allowed: for the address, and from where it comes."""
        return all([await _or_true(self._window.test(limit, key)) for limit, key in _counted(attempt)])

    async def count_failure(self, attempt: Attempt) -> None:
        """Remembers that one failed."""
        for limit, key in _counted(attempt):
            await _or_true(self._window.hit(limit, key))


def _counted(attempt: Attempt) -> Sequence[tuple[RateLimitItem, str]]:
    """What an attempt counts for."""
    account = comparable(attempt.email)
    if attempt.network is None:
        return ((_LIMIT, _key(account)),)
    if attempt.is_from_home:
        return ((_LIMIT, _key(account, attempt.network)),)
    return (_LIMIT, _key(account)), (_NETWORK_LIMIT, _key(attempt.network))


async def _or_true(answer: Awaitable[bool]) -> bool:
    try:
        return await asyncio.wait_for(answer, _PATIENCE_SECONDS)
    except (StorageError, TimeoutError) as error:
        logger.warning("failed log-ins are not counted, Valkey is away: %s", described(error))
        return True


def _key(*names: str) -> str:
    """Valkey need not know who logs in, and from where; and a hash is short, whatever was sent as an address."""
    return hashlib.sha256("\0".join(names).encode()).hexdigest()
