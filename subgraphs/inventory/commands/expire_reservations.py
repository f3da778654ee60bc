"""Ends holds whose time is over."""

import asyncio
import contextlib
import logging
from uuid import UUID

from shared.persistence import db
from subgraphs.inventory.commands.release_reservation import give_back
from subgraphs.inventory.domain.reservation import ReservationState
from subgraphs.inventory.domain.stock import MovementKind
from subgraphs.inventory.infrastructure.reservations import locked_reservation, overdue_orders

logger = logging.getLogger(__name__)

_EVERY_SECONDS = 5.0
_BATCH = 100


async def expire_reservations(stop: asyncio.Event) -> None:
    """Looks every five seconds until ``stop`` is set. Several replicas may: each reservation is judged under its lock."""
    while not stop.is_set():
        await sweep_overdue()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), _EVERY_SECONDS)


async def sweep_overdue() -> int:
    """Ends the holds that are overdue now, a hundred at most, each in a transaction of its own; answers how many it ended."""
    return sum([await _expire_if_overdue(order_id) for order_id in await overdue_orders(_BATCH)])


async def _expire_if_overdue(order_id: UUID) -> bool:
    async with db.transaction():
        reservation = await locked_reservation(order_id)
        if reservation is None or reservation.state is not ReservationState.HELD or not reservation.is_overdue:
            return False
        logger.info("the hold of order %s expired", order_id)
        await give_back(reservation, MovementKind.EXPIRED, "hold expired")
        return True
