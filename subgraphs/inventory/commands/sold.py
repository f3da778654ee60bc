"""Reservations that were sold: what returns begin with."""

from uuid import UUID

from subgraphs.inventory.domain.ports import InventoryWork
from subgraphs.inventory.domain.rejections import ReservationNotFound
from subgraphs.inventory.domain.reservation import Reservation


async def locked_sold(order_id: UUID, attempt: int, work: InventoryWork) -> Reservation:
    """The locked reservation of an attempt, which was committed.

    Raises:
        ReservationNotFound, AttemptOver, AttemptWithoutReservation, NothingSold
    """
    reservation = await work.reservations.lock(order_id)
    if reservation is None:
        raise ReservationNotFound(order_id)
    reservation.require_sold(attempt)
    return reservation
