"""Forgets sessions whose time is over."""

import asyncio
import contextlib

from subgraphs.users.infrastructure.sessions import delete_expired

_EVERY_SECONDS = 3600.0


async def expire_sessions(stop: asyncio.Event) -> None:
    """Every hour until ``stop`` is set; nothing waits for it, since an expired token is refused anyway."""
    while not stop.is_set():
        await delete_expired()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), _EVERY_SECONDS)
