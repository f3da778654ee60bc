"""Remembers what inventory tells of units that an order waits for."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from subgraphs.orders.domain.ports import OrdersWork
from subgraphs.orders.domain.waiting import WaitingUnits


@dataclass(frozen=True, slots=True)
class RecordWaiting:
    """What lines of an order wait for."""

    order_id: UUID
    waiting: Sequence[WaitingUnits]


async def record_waiting(command: RecordWaiting, work: OrdersWork) -> None:
    """Changes nothing of a line of which a later word came before, as the answer to a command may."""
    await work.orders.save_waiting(command.order_id, command.waiting)
