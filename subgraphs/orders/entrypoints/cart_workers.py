"""What happens to carts by itself."""

import asyncio
import contextlib

from shared.persistence.work import UnitOfWork
from subgraphs.orders.commands.expire_carts import ExpireCarts, expire_carts
from subgraphs.orders.domain.cart_ports import CartWork

_EVERY_SECONDS = 60.0
_BATCH = 100  # with up to a hundred lines each


class CartExpiry:
    """Removes expired carts. Several replicas may: each takes carts that no other has locked."""

    def __init__(self, work: UnitOfWork[CartWork]) -> None:
        self._work = work

    async def run(self, stop: asyncio.Event) -> None:
        """Looks once a minute until ``stop`` is set."""
        while not stop.is_set():
            await self.sweep(stop)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), _EVERY_SECONDS)

    async def sweep(self, stop: asyncio.Event) -> None:
        """Removes all carts that are expired now, in short transactions, so that nobody waits long for a lock."""
        while not stop.is_set() and await self._work.perform_alone(expire_carts, ExpireCarts(_BATCH)) == _BATCH:
            pass
