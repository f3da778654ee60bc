"""Ends a hold whose time is over."""

import logging
from dataclasses import dataclass
from uuid import UUID

from subgraphs.inventory.commands.release_reservation import end_hold
from subgraphs.inventory.domain.ports import InventoryWork
from subgraphs.inventory.domain.reservation import ReservationState
from subgraphs.inventory.domain.stock import MovementKind

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ExpireReservation:
    """Whether it is overdue is judged again, under its lock."""

    order_id: UUID


async def expire_reservation(command: ExpireReservation, work: InventoryWork) -> bool:
    """Whether the hold was ended now."""
    reservation = await work.reservations.lock(command.order_id)
    if reservation is None or not reservation.is_overdue or reservation.stage.state is not ReservationState.HELD:
        return False
    logger.info("the hold of order %s expired", command.order_id)
    await end_hold(reservation, MovementKind.EXPIRED, "hold expired", work)
    return True
