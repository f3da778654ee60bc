"""Where a worker's turn begins: it claims sagas that are due."""

from collections.abc import Sequence
from dataclasses import dataclass

from subgraphs.orders.domain.fulfilment import Saga
from subgraphs.orders.domain.ports import OrdersWork


@dataclass(frozen=True, slots=True)
class ClaimDue:
    """Up to ``limit`` sagas for a worker, which nobody else claims within ``lease_seconds``."""

    worker: str
    limit: int
    lease_seconds: float


async def claim_due(command: ClaimDue, work: OrdersWork) -> Sequence[Saga]:
    """Of workers that claim at the same moment, each gets what no other has."""
    return await work.sagas.claim_due(command.worker, command.limit, command.lease_seconds)
