"""Tells once more what an order waits for, as when others lost what they were told."""

import logging
from uuid import UUID

from shared.errors import NotFound
from shared.persistence import db
from shared.persistence.outbox import publish
from subgraphs.inventory.domain.events import backorders_changed
from subgraphs.inventory.infrastructure.reservations import locked_reservation
from subgraphs.inventory.infrastructure.waiting import lines_of

logger = logging.getLogger(__name__)


async def tell_backorder(order_id: UUID) -> None:
    """Publishes what each line of an order waits for now, nothing included, as the latest word.

    Raises:
        NotFound: when the order has no reservation.
    """
    async with db.transaction():
        if await locked_reservation(order_id) is None:
            raise NotFound("The order has no reservation.", ("order",))
        lines = await lines_of(order_id)
        await publish(*backorders_changed(lines, await db.fetch_value("SELECT clock_timestamp()")))
    logger.info("told of order %s that it waits for %d pieces", order_id, sum(line.quantity for line in lines))
