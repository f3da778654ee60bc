"""Publishes once more what an order waits for, as when others lost what they were told."""

import logging
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from subgraphs.inventory.domain.events import backorders_changed
from subgraphs.inventory.domain.ports import InventoryWork
from subgraphs.inventory.domain.rejections import ReservationNotFound

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class TellBackorder:
    """What each line of the order waits for now, nothing included, is its latest word."""

    order_id: UUID


async def tell_backorder(command: TellBackorder, work: InventoryWork) -> None:
    """Publishes it.

    Raises:
        ReservationNotFound
    """
    if await work.reservations.lock(command.order_id) is None:
        raise ReservationNotFound(command.order_id)
    lines = await work.reservations.waiting_lines(command.order_id)
    work.events.record(*backorders_changed(lines, datetime.now(UTC)))
    units = sum(line.quantity for line in lines)
    logger.info("order %s waits for %d units; this is published again", command.order_id, units)
