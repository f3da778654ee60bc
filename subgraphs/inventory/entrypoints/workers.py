"""The background work of inventory."""

import asyncio
import contextlib

from shared.days import today
from shared.persistence.work import UnitOfWork
from subgraphs.inventory.commands.expire_reservation import ExpireReservation, expire_reservation
from subgraphs.inventory.domain.ports import InventoryWork
from subgraphs.inventory.infrastructure.metrics import LATE
from subgraphs.inventory.queries.lateness import late_units
from subgraphs.inventory.queries.overdue import overdue_orders

_SWEEP_SECONDS = 5.0
_BATCH = 100
_MEASURE_SECONDS = 60.0


class Expiry:
    """Ends holds whose time is over. Several replicas may: each reservation is judged under its lock."""

    def __init__(self, work: UnitOfWork[InventoryWork]) -> None:
        self._work = work

    async def run(self, stop: asyncio.Event) -> None:
        """Looks every five seconds until ``stop`` is set."""
        while not stop.is_set():
            await self.sweep()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), _SWEEP_SECONDS)

    async def sweep(self) -> int:
        """Ends the holds that are overdue now, a hundred at most, each by itself; answers how many it ended."""
        commands = [ExpireReservation(order_id) for order_id in await overdue_orders(_BATCH)]
        return sum([await self._work.perform(expire_reservation, command) for command in commands])


async def measure_lateness(stop: asyncio.Event) -> None:
    """Counts what is late once a minute until ``stop`` is set.

    No buyer is told a day that is over: staff have to name another.
    """
    while not stop.is_set():
        LATE.set(await late_units(today()))
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), _MEASURE_SECONDS)
