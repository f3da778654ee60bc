"""The background work of payments."""

import asyncio
import contextlib

from shared.persistence.work import UnitOfWork
from subgraphs.payments.commands.follow_due import FollowDue, follow_due
from subgraphs.payments.domain.ports import PaymentsWork

PARALLEL = 8
POLL_SECONDS = 1.0


class Following:
    """Follows payments up that are due. Any number of processes may: each takes leases that no other has."""

    def __init__(self, work: UnitOfWork[PaymentsWork]) -> None:
        self._work = work

    async def run(self, stop: asyncio.Event) -> None:
        """Until ``stop`` is set."""
        while not stop.is_set():
            if not await self.sweep():
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), POLL_SECONDS)

    async def sweep(self) -> int:
        """Follows up some of the payments that are due, side by side; answers how many."""
        return await self._work.perform_alone(follow_due, FollowDue(PARALLEL))
