"""Orders, locked: what nearly all changes begin with."""

import logging
from uuid import UUID

from subgraphs.orders.domain.order import Order
from subgraphs.orders.domain.ports import OrdersWork
from subgraphs.orders.domain.rejections import OrderNotFound

logger = logging.getLogger(__name__)


async def locked_order(order_id: UUID, work: OrdersWork) -> Order:
    """An order that somebody named.

    Raises:
        OrderNotFound
    """
    order = await work.orders.lock(order_id)
    if order is None:
        raise OrderNotFound(order_id)
    return order


async def known_order(order_id: UUID, work: OrdersWork) -> Order:
    """An order that is known to exist."""
    order = await work.orders.lock(order_id)
    assert order is not None, "orders are never deleted"
    return order


async def paid_order(order_id: UUID, attempt: int, work: OrdersWork) -> Order | None:
    """The order of a payment; None, and a warning, for one that orders does not have, or that was tried again since.

    What becomes of the money of an earlier attempt is between payments and the provider: the order is paid by its last
    one.
    """
    order = await work.orders.lock(order_id)
    if order is None:
        logger.warning("payments tells of order %s, which is unknown here", order_id)
        return None
    if attempt != order.attempt:
        logger.warning(
            "payments tells of attempt %s at order %s, which is at attempt %s", attempt, order.id, order.attempt
        )
        return None
    return order
