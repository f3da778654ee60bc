"""Idempotency keys; source: Stripe's API reference, "Idempotent requests"."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from tests.doubles.stripe.errors import StripeError, key_in_use, key_reused

_KEPT_KEYS = 200_000
_LONGEST_KEY = 255


@dataclass
class Answer:
    """A status and a body; ``is_kept`` is False when the request was rejected before its work began."""

    status: int
    body: bytes
    is_kept: bool = True
    is_replayed: bool = False


@dataclass
class _Kept:
    fingerprint: tuple[str, str]
    answer: Answer | None = None


class Keys:
    """The answers of the requests that carried a key."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, _Kept] = OrderedDict()

    async def once(self, key: str | None, path: str, body: str, work: Callable[[], Awaitable[Answer]]) -> Answer:
        """The first answer to a key.

        Raises:
            StripeError: when the key came with another request before, or its first request is still at work.
        """
        if key is None:
            return await work()
        if len(key) > _LONGEST_KEY:
            raise StripeError(400, is_kept=False, message=f"Idempotency keys are up to {_LONGEST_KEY} characters long.")
        if (kept := self._kept.get(key)) is not None:
            return _replayed(key, kept, (path, body))
        return await self._first(key, _Kept((path, body)), work)

    async def _first(self, key: str, kept: _Kept, work: Callable[[], Awaitable[Answer]]) -> Answer:
        self._kept[key] = kept
        if len(self._kept) > _KEPT_KEYS:
            self._kept.popitem(last=False)
        try:
            kept.answer = answer = await work()
        except asyncio.CancelledError:
            del self._kept[key]
            raise
        if not answer.is_kept:
            del self._kept[key]
        return answer


def _replayed(key: str, kept: _Kept, fingerprint: tuple[str, str]) -> Answer:
    if kept.fingerprint != fingerprint:
        raise key_reused(key)
    if kept.answer is None:
        raise key_in_use(key)
    return Answer(kept.answer.status, kept.answer.body, is_replayed=True)
