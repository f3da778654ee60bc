"""The status that follows from what became of an order's units and money."""

from collections.abc import Sequence
from uuid import UUID

from subgraphs.orders.commands.locked import known_order
from subgraphs.orders.domain.order import Cause, OrderStatus
from subgraphs.orders.domain.ports import OrdersWork
from subgraphs.orders.domain.standing import status_of, transitions_between


async def update_status(order_id: UUID, cause: Cause, work: OrdersWork) -> Sequence[OrderStatus]:
    """Gives an order that status, and tells its status transitions; each has a line of its history."""
    order = await known_order(order_id, work)
    following = transitions_between(order.status, status_of(await work.orders.standing(order_id)))
    for status in following:
        order = await work.orders.set_status(order, status, cause)
    return following


async def update_status_with_note(order_id: UUID, cause: Cause, work: OrdersWork) -> None:
    """The same; without a status transition there is a line of the history all the same."""
    if not await update_status(order_id, cause, work):
        await work.orders.note(await known_order(order_id, work), cause)
