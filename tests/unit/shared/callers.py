"""Callers of requests, as tests need them."""

import asyncio

from starlette.types import Message

from shared.runtime.callers import Caller


def waiting_caller(seconds: float = 30.0) -> Caller:
    """Somebody who waits for the answer."""
    return Caller(_never, seconds)


async def _never() -> Message:
    await asyncio.Event().wait()
    return {}
