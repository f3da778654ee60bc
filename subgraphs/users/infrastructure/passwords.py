"""Password hashes: Argon2id (RFC 9106).

Off the event loop and only a few at a time, since each takes much memory and a core.
"""

import asyncio
import base64
import contextlib
import secrets
import unicodedata
from collections.abc import AsyncIterator
from dataclasses import dataclass

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from shared.errors import RateLimited
from shared.runtime.callers import while_caller_waits

# Routers wait ten seconds for an answer: what gets its slot later may not be answered in time.
_LONGEST_WAIT_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Argon2Cost:
    """How dear a guess is."""

    passes: int
    memory_kib: int
    lanes: int


class Argon2Passwords:
    """Makes and checks password hashes, so many ``at_once`` while so many are ``waiting``.

    Its methods are called in a ``slot``.
    """

    def __init__(
        self, cost: Argon2Cost, at_once: int, waiting: int = 100, longest_wait_seconds: float = _LONGEST_WAIT_SECONDS
    ) -> None:
        self._hasher = PasswordHasher(time_cost=cost.passes, memory_cost=cost.memory_kib, parallelism=cost.lanes)
        self._cost = cost
        self._nobodys = hash_of_nothing(cost)
        self._slots = asyncio.Semaphore(at_once)
        self._most_waiting = waiting
        self._waiting = 0
        self._longest_wait_seconds = longest_wait_seconds

    @contextlib.asynccontextmanager
    async def slot(self) -> AsyncIterator[None]:
        """Waits for a slot, as long as the request's caller does.

        Raises:
            RateLimited: at once, when as many wait already as may;
                after five seconds, while the caller can still be told.
            CallerGone, Unavailable: when the caller goes, or has waited too long, before there is one.
        """
        if self._waiting >= self._most_waiting:
            raise _too_many()
        self._waiting += 1
        try:
            with while_caller_waits():
                async with asyncio.timeout(self._longest_wait_seconds):
                    await self._slots.acquire()
        except TimeoutError:
            raise _too_many() from None
        finally:
            self._waiting -= 1
        try:
            yield
        finally:
            self._slots.release()

    async def hash(self, password: str) -> str:
        """A new hash."""
        return await asyncio.to_thread(self._hasher.hash, _composed(password))

    async def matches(self, password: str, password_hash: str | None) -> bool:
        """Whether a password is the one of a hash. Without a hash it takes as long, and is not."""
        return await asyncio.to_thread(self._matches, password, password_hash or self._nobodys)

    def is_outdated(self, password_hash: str) -> bool:
        """Whether a hash was made at another cost than today's."""
        return self._hasher.check_needs_rehash(password_hash)

    def hash_of_nothing(self) -> str:
        """A hash that no password has. It takes no time, and no slot."""
        return hash_of_nothing(self._cost)

    def _matches(self, password: str, password_hash: str) -> bool:
        try:
            return self._hasher.verify(password_hash, _composed(password))
        except (VerificationError, InvalidHashError):
            return False


def _too_many() -> RateLimited:
    return RateLimited("Too many people log in or register at this moment; try again in a moment.")


def _composed(password: str) -> str:
    """The same characters typed on different keyboards can come as different code points; NFKC makes them one."""
    return unicodedata.normalize("NFKC", password)


def hash_of_nothing(cost: Argon2Cost) -> str:
    """A hash that no password has and that is checked like any other: salt and digest are random."""
    salt, digest = _encoded(secrets.token_bytes(16)), _encoded(secrets.token_bytes(32))
    return f"$argon2id$v=19$m={cost.memory_kib},t={cost.passes},p={cost.lanes}${salt}${digest}"


def _encoded(data: bytes) -> str:
    return base64.b64encode(data).decode().rstrip("=")
