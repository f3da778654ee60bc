"""Throws expired carts away."""

import asyncio
import contextlib

from subgraphs.orders.infrastructure.carts import delete_expired_carts

_EVERY_SECONDS = 60.0
_BATCH = 100  # with up to a hundred lines each


async def expire_carts(stop: asyncio.Event) -> None:
    """Looks once a minute until ``stop`` is set. Several replicas may: each takes carts that no other has in hand."""
    while not stop.is_set():
        await sweep_carts(stop)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), _EVERY_SECONDS)


async def sweep_carts(stop: asyncio.Event) -> None:
    """Throws all carts away that are expired now, in short transactions, so that nobody waits long for a lock."""
    while not stop.is_set() and await delete_expired_carts(_BATCH) == _BATCH:
        pass
