"""A start that waits for what is away: the process lives, says what it waits for, and goes on when it comes."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack

from shared.persistence.migration import NOT_YET
from shared.runtime.health import Health
from shared.runtime.outages import OUTAGES, in_one_line

logger = logging.getLogger(__name__)

_FIRST_PAUSE_SECONDS = 0.2
_LONGEST_PAUSE_SECONDS = 5.0


@contextlib.asynccontextmanager
async def opened_when_there(
    open_resources: Callable[[], AbstractAsyncContextManager[None]], health: Health, stop: asyncio.Event
) -> AsyncIterator[bool]:
    """Opens resources, again and again while something that they need is away; False when ``stop`` came first."""

    async def open_all() -> None:
        try:
            await stack.enter_async_context(open_resources())
        except OUTAGES as error:
            health.waiting_for = in_one_line(error)
            raise

    async with AsyncExitStack() as stack:
        yield await succeeds("not started", open_all, stop)


async def succeeds(what: str, attempt: Callable[[], Awaitable[object]], stop: asyncio.Event) -> bool:
    """Attempts it with growing pauses while something is away or not migrated; False when ``stop`` came first."""
    pause = _FIRST_PAUSE_SECONDS
    while not stop.is_set():
        try:
            await attempt()
            return True
        except NOT_YET as error:
            logger.warning("%s, trying again in %.1f s: %s", what, pause, in_one_line(error))
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), pause)
        pause = min(pause * 2, _LONGEST_PAUSE_SECONDS)
    return False
