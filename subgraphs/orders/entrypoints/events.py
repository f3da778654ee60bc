"""What others tell of orders; the contracts are ``schema/events/{inventory,payments,users}.yaml``."""

from collections.abc import Sequence
from uuid import UUID

from shared.events.handlers import EventHandler, Payload
from shared.persistence.work import UnitOfWork
from subgraphs.orders.commands.record_waiting import RecordWaiting, record_waiting
from subgraphs.orders.domain.ports import OrdersWork
from subgraphs.orders.domain.waiting import WaitingUnits
from subgraphs.orders.entrypoints.payment_events import PaymentEvents
from subgraphs.orders.entrypoints.user_events import UserEvents

_STOCK = "inventory.stock.v1"


class WaitingLine(Payload):
    """How many units of a line are still to come."""

    line_id: UUID
    waiting: int
    version: int


class BackorderChanged(Payload):
    """An order waits for fewer units than before."""

    order_id: UUID
    lines: Sequence[WaitingLine]


class BackorderEvents:
    """What inventory tells of units that orders wait for."""

    def __init__(self, work: UnitOfWork[OrdersWork]) -> None:
        self._work = work

    def handlers(self) -> Sequence[EventHandler]:
        """What is done with which event."""
        return (EventHandler(_STOCK, "mercato.inventory.BackorderChanged", BackorderChanged, self._changed),)

    async def _changed(self, event: BackorderChanged) -> None:
        waiting = [WaitingUnits(line.line_id, line.waiting, line.version) for line in event.lines]
        await self._work.perform(record_waiting, RecordWaiting(event.order_id, waiting))


def handlers(work: UnitOfWork[OrdersWork]) -> Sequence[EventHandler]:
    """What is done with them."""
    return (*BackorderEvents(work).handlers(), *PaymentEvents(work).handlers(), *UserEvents(work).handlers())
