"""What notifications receives, and whom it tells of it."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from uuid import UUID

from shared.events.handlers import EventHandler, Payload
from shared.persistence.work import UnitOfWork
from subgraphs.notifications.commands.attach_customer import AttachCustomer, attach_customer
from subgraphs.notifications.commands.queue_message import QueueMessage, queue_message
from subgraphs.notifications.domain.message import About, Message
from subgraphs.notifications.domain.ports import NotificationsWork
from subgraphs.notifications.entrypoints import messages
from subgraphs.notifications.entrypoints.payloads import (
    Order,
    OrderCancelled,
    OrderConfirmed,
    OrderCustomerAttached,
    OrderExpected,
    OrderRefunded,
    OrderShipped,
    OrderWithShipment,
    UserRegistered,
)

USERS_TOPIC = "users.user.v1"
ORDERS_TOPIC = "orders.order.v1"


class Received:
    """Has a message sent about each event that somebody wants to know of."""

    def __init__(self, work: UnitOfWork[NotificationsWork]) -> None:
        self._work = work

    def handlers(self) -> Sequence[EventHandler]:
        """What is done by each type of event."""
        return (
            EventHandler(USERS_TOPIC, "mercato.users.UserRegistered", UserRegistered, self._registered),
            _of_order("OrderPaymentActionRequired", Order, self._action_required),
            _of_order("OrderConfirmed", OrderConfirmed, self._confirmed),
            _of_order("OrderExpectedDayChanged", OrderExpected, self._expected),
            _of_order("OrderCancelled", OrderCancelled, self._cancelled),
            _of_order("OrderShipped", OrderShipped, self._shipped),
            _of_order("OrderDelivered", OrderWithShipment, self._delivered),
            _of_order("OrderRefunded", OrderRefunded, self._refunded),
            _of_order("OrderCustomerAttached", OrderCustomerAttached, self._attached),
        )

    async def _registered(self, user: UserRegistered) -> None:
        await self._queue(messages.welcome(user), user.email, About(user.user_id, user.user_id, link_id=user.link_id))

    async def _action_required(self, order: Order) -> None:
        """Asks the buyer to confirm the payment."""
        await self._tell(order, messages.order_payment_action_required(order), order.attempt_id)

    async def _confirmed(self, order: OrderConfirmed) -> None:
        """The order is paid, or its price held; and what of it follows later."""
        await self._tell(order, messages.order_confirmed(order), order.order_id)

    async def _expected(self, order: OrderExpected) -> None:
        """When the rest of the order is expected now."""
        await self._tell(order, messages.order_expected(order), order.change_id)

    async def _cancelled(self, order: OrderCancelled) -> None:
        """The order did not come about, or was taken back."""
        await self._tell(order, messages.order_cancelled(order), order.attempt_id)

    async def _shipped(self, order: OrderShipped) -> None:
        """What is on its way, and with whom."""
        await self._tell(order, messages.order_shipped(order), order.shipment.shipment_id)

    async def _delivered(self, order: OrderWithShipment) -> None:
        """What arrived."""
        await self._tell(order, messages.order_delivered(order), order.shipment.shipment_id)

    async def _refunded(self, order: OrderRefunded) -> None:
        """How much comes back, and why; of what the buyer's own bank took only what is not sent any more over it."""
        if order.parts or not order.is_by_bank:
            await self._tell(order, messages.order_refunded(order), order.refund.refund_id)

    async def _attached(self, order: OrderCustomerAttached) -> None:
        await self._work.perform(attach_customer, AttachCustomer(order.order_id, order.customer_id))

    async def _tell(self, order: Order, message: Message, source_id: UUID) -> None:
        await self._queue(message, order.email, About(source_id, order.customer_id, order.order_id))

    async def _queue(self, message: Message, recipient: str, about: About) -> None:
        await self._work.perform(queue_message, QueueMessage(message, recipient, about))


def _of_order(name: str, payload: type[Payload], handle: Callable[[Any], Awaitable[None]]) -> EventHandler:
    return EventHandler(ORDERS_TOPIC, f"mercato.orders.{name}", payload, handle)
