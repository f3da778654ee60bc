"""What notifications hears of, and does about it."""

from uuid import UUID

from shared.events.handlers import EventHandler
from subgraphs.notifications.messages import (
    order_cancelled,
    order_confirmed,
    order_delivered,
    order_expected,
    order_payment_action_required,
    order_refunded,
    order_shipped,
    welcome,
)
from subgraphs.notifications.outgoing import About, add_message
from subgraphs.notifications.payloads import (
    Order,
    OrderCancelled,
    OrderConfirmed,
    OrderExpected,
    OrderRefunded,
    OrderShipped,
    OrderWithShipment,
    UserRegistered,
)

USERS_TOPIC = "users.user.v1"
ORDERS_TOPIC = "orders.order.v1"


async def greet(user: UserRegistered) -> None:
    """Welcomes who registered."""
    await add_message(welcome(user), user.email, About(user.user_id, user.user_id))


async def ask_for_confirmation(order: Order) -> None:
    """Asks the buyer to confirm the payment."""
    await add_message(order_payment_action_required(order), order.email, _about(order, order.attempt_id))


async def tell_confirmed(order: OrderConfirmed) -> None:
    """Tells the buyer that the order is paid, or its price held, and what of it follows later."""
    await add_message(order_confirmed(order), order.email, _about(order, order.order_id))


async def tell_expected(order: OrderExpected) -> None:
    """Tells the buyer when the rest of the order is expected now."""
    await add_message(order_expected(order), order.email, _about(order, order.change_id))


async def tell_cancelled(order: OrderCancelled) -> None:
    """Tells the buyer that the order did not come about, or was taken back."""
    await add_message(order_cancelled(order), order.email, _about(order, order.attempt_id))


async def tell_shipped(order: OrderShipped) -> None:
    """Tells the buyer what is on its way, and with whom."""
    await add_message(order_shipped(order), order.email, _about(order, order.shipment.shipment_id))


async def tell_delivered(order: OrderWithShipment) -> None:
    """Tells the buyer what arrived."""
    await add_message(order_delivered(order), order.email, _about(order, order.shipment.shipment_id))


async def tell_refunded(order: OrderRefunded) -> None:
    """Tells the buyer how much comes back, and why; of what the buyer's own bank took only what is not sent any more over it."""
    if order.is_by_bank and not order.parts:
        return
    await add_message(order_refunded(order), order.email, _about(order, order.refund.refund_id))


def _about(order: Order, source_id: UUID) -> About:
    return About(source_id, order.customer_id, order.order_id)


HANDLERS = (
    EventHandler(USERS_TOPIC, "mercato.users.UserRegistered", UserRegistered, greet),
    EventHandler(ORDERS_TOPIC, "mercato.orders.OrderPaymentActionRequired", Order, ask_for_confirmation),
    EventHandler(ORDERS_TOPIC, "mercato.orders.OrderConfirmed", OrderConfirmed, tell_confirmed),
    EventHandler(ORDERS_TOPIC, "mercato.orders.OrderExpectedDayChanged", OrderExpected, tell_expected),
    EventHandler(ORDERS_TOPIC, "mercato.orders.OrderCancelled", OrderCancelled, tell_cancelled),
    EventHandler(ORDERS_TOPIC, "mercato.orders.OrderShipped", OrderShipped, tell_shipped),
    EventHandler(ORDERS_TOPIC, "mercato.orders.OrderDelivered", OrderWithShipment, tell_delivered),
    EventHandler(ORDERS_TOPIC, "mercato.orders.OrderRefunded", OrderRefunded, tell_refunded),
)
