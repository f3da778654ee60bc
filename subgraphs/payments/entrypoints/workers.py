"""The background work of payments."""

import asyncio
import contextlib

from subgraphs.payments.commands.ask_provider import Providers
from subgraphs.payments.commands.follow_up import follow_up
from subgraphs.payments.infrastructure.leases import due_payments

PARALLEL = 8
POLL_SECONDS = 1.0


async def follow_payments(providers: Providers, stop: asyncio.Event) -> None:
    """Follows up until ``stop`` is set. Any number of processes may: each takes turns that no other has."""
    while not stop.is_set():
        if not await follow_due(providers):
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), POLL_SECONDS)


async def follow_due(providers: Providers) -> int:
    """Follows up some of the payments that are due, side by side; answers how many."""
    turns = await due_payments(PARALLEL)
    await asyncio.gather(*(follow_up(turn, providers) for turn in turns))
    return len(turns)
