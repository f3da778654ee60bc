"""The events of orders that payments reads; the contract is ``schema/events/orders.yaml``."""

from collections.abc import Sequence
from uuid import UUID

from shared.events.handlers import EventHandler, Payload
from shared.persistence.work import UnitOfWork
from subgraphs.payments.commands.attach_customer import AttachCustomer, attach_customer
from subgraphs.payments.domain.ports import PaymentsWork

_TOPIC = "orders.order.v1"


class OrderCustomerAttached(Payload):
    """An order that a guest had placed became an account's."""

    order_id: UUID
    customer_id: UUID


class OrderEvents:
    """Each event becomes a command, which is a part of the transaction that remembers the event."""

    def __init__(self, work: UnitOfWork[PaymentsWork]) -> None:
        self._work = work

    def handlers(self) -> Sequence[EventHandler]:
        """What is done with which event."""
        name = "mercato.orders.OrderCustomerAttached"
        return (EventHandler(_TOPIC, name, OrderCustomerAttached, self._attached),)

    async def _attached(self, event: OrderCustomerAttached) -> None:
        await self._work.perform(attach_customer, AttachCustomer(event.order_id, event.customer_id))
