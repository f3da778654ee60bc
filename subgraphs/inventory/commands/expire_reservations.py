"""Ends holds whose time is over."""

import asyncio
import contextlib
import logging
from uuid import UUID

from shared import db
from subgraphs.inventory.commands.release_reservation import give_back
from subgraphs.inventory.domain.reservation import ReservationState
from subgraphs.inventory.infrastructure.reservations import locked_reservation, overdue_orders, set_state
from subgraphs.inventory.infrastructure.stock import MovementKind

logger = logging.getLogger(__name__)

_EVERY_SECONDS = 5.0
_BATCH = 100


async def expire_reservations(stop: asyncio.Event) -> None:
    """Looks every five seconds until ``stop`` is set. Several replicas may: each reservation is judged under its lock."""
    while not stop.is_set():
        for order_id in await overdue_orders(_BATCH):
            async with db.transaction():
                reservation = await locked_reservation(order_id)
                if reservation and reservation.state is ReservationState.HELD:
                    await expire_reservation(order_id)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), _EVERY_SECONDS)


async def expire_reservation(order_id: UUID) -> None:
    """Gives back the pieces of a locked reservation that is overdue."""
    logger.info("the hold of order %s expired", order_id)
    await give_back(order_id, MovementKind.EXPIRED, "hold expired")
    await set_state(order_id, ReservationState.EXPIRED)
