"""What notifications hears of, and does about it."""

from shared.events.handlers import EventHandler
from subgraphs.notifications.messages import order_cancelled, order_confirmed, welcome
from subgraphs.notifications.outgoing import add_message
from subgraphs.notifications.payloads import OrderCancelled, OrderConfirmed, UserRegistered

USERS_TOPIC = "users.user.v1"
ORDERS_TOPIC = "orders.order.v1"


async def greet(user: UserRegistered) -> None:
    """Welcomes who registered."""
    await add_message(welcome(user), user.user_id, user.email)


async def tell_confirmed(order: OrderConfirmed) -> None:
    """Tells the buyer that the order is paid."""
    await add_message(order_confirmed(order), order.customer_id, order.email, order.order_id)


async def tell_cancelled(order: OrderCancelled) -> None:
    """Tells the buyer that the order did not come about."""
    await add_message(order_cancelled(order), order.customer_id, order.email, order.order_id)


HANDLERS = (
    EventHandler(USERS_TOPIC, "mercato.users.UserRegistered", UserRegistered, greet),
    EventHandler(ORDERS_TOPIC, "mercato.orders.OrderConfirmed", OrderConfirmed, tell_confirmed),
    EventHandler(ORDERS_TOPIC, "mercato.orders.OrderCancelled", OrderCancelled, tell_cancelled),
)
