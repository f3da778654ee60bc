"""The background work of inventory, beside the ends of holds."""

import asyncio
import contextlib

from shared.days import today
from subgraphs.inventory.infrastructure.metrics import LATE
from subgraphs.inventory.queries.lateness import late_pieces

_EVERY_SECONDS = 60.0


async def measure_lateness(stop: asyncio.Event) -> None:
    """Counts what is late once a minute until ``stop`` is set: no buyer is told a day that is over, staff have to name another."""
    while not stop.is_set():
        LATE.set(await late_pieces(today()))
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), _EVERY_SECONDS)
