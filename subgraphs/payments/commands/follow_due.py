"""Follows up payments that are due."""

import asyncio
from dataclasses import dataclass

from subgraphs.payments.commands.follow_up import follow_up
from subgraphs.payments.domain.ports import PaymentsWork


@dataclass(frozen=True, slots=True)
class FollowDue:
    """So many payments at most."""

    limit: int


async def follow_due(command: FollowDue, work: PaymentsWork) -> int:
    """Follows them up side by side, each by a lease that nobody else has; answers how many there were."""
    leases = await work.leases.due(command.limit)
    await asyncio.gather(*(follow_up(lease, work) for lease in leases))
    return len(leases)
