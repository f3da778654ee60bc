"""Gives an account the orders that were placed with its address before it was there."""

from dataclasses import dataclass
from uuid import UUID

from shared.email import comparable
from subgraphs.orders.domain.events import customer_attached
from subgraphs.orders.domain.ports import OrdersWork

MOST_ORDERS = 500  # of one address; anybody may order for it


@dataclass(frozen=True, slots=True)
class AttachGuests:
    """An account, and an address that it has proved to have."""

    user_id: UUID
    email: str


async def attach_guests(command: AttachGuests, work: OrdersWork) -> int:
    """How many orders became the account's: those of guests, the latest first. Their tokens go on opening them.

    What is an account's already stays its.
    """
    attached = await work.orders.attach_guests(comparable(command.email), command.user_id, MOST_ORDERS)
    for order_id in attached:
        work.events.record(customer_attached(await work.orders.placed(order_id), await work.orders.touch(order_id)))
    return len(attached)
