"""Has an order that waits for its buyer ask payments now."""

from dataclasses import dataclass
from uuid import UUID

from subgraphs.orders.domain.ports import OrdersWork


@dataclass(frozen=True, slots=True)
class WakeOrder:
    """An order of whose payment something became."""

    order_id: UUID


async def wake_order(command: WakeOrder, work: OrdersWork) -> None:
    """What payments answers then counts, not what was told."""
    await work.sagas.wake(command.order_id)
