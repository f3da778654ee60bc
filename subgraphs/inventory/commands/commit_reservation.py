"""Sells the units held for an order."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from subgraphs.inventory.domain.ports import InventoryWork
from subgraphs.inventory.domain.promise import InsufficientStock, WaitingLine, promise
from subgraphs.inventory.domain.rejections import ReservationNotFound
from subgraphs.inventory.domain.reservation import CommitStep, Reservation
from subgraphs.inventory.domain.stock import Cause, Change, Movement, MovementKind


@dataclass(frozen=True, slots=True)
class CommitReservation:
    """``attempt`` counts the attempts at an order from 1."""

    order_id: UUID
    attempt: int = 1


@dataclass(frozen=True, slots=True)
class Committed:
    """The units are sold.

    ``waiting`` are the lines of which units are still to come, where these were promised anew.
    """

    waiting: Sequence[WaitingLine] = ()


@dataclass(frozen=True, slots=True)
class HoldExpired:
    """The hold had expired, and the units are not all there any more: nothing was sold."""


async def commit_reservation(command: CommitReservation, work: InventoryWork) -> Committed | HoldExpired:
    """Sells what is held, or what is there when the hold has expired.

    Raises:
        ReservationNotFound, ReservationReleased, AttemptOver, AttemptWithoutReservation
    """
    reservation = await work.reservations.lock(command.order_id)
    if reservation is None:
        raise ReservationNotFound(command.order_id)
    match reservation.commit_step(command.attempt):
        case CommitStep.SELL_HELD:
            await work.reservations.commit_held(command.order_id)
            return Committed()
        case CommitStep.SELL_ANEW:
            return await _sell_anew(reservation, work)
        case CommitStep.NOTHING:
            return Committed()


async def _sell_anew(reservation: Reservation, work: InventoryWork) -> Committed | HoldExpired:
    order_id = reservation.order_id
    promised = promise(await work.reservations.demands(order_id), reservation.stock, work.fill)
    if isinstance(promised, InsufficientStock):
        return HoldExpired()
    waiting = await work.reservations.commit_anew(order_id, promised)
    cause = Cause("order paid after its hold expired", order_id=order_id)
    movements = [
        Movement(MovementKind.SOLD, taken.variant_id, taken.warehouse_id, -taken.quantity, 0, cause)
        for taken in promised.allocations
    ]
    await work.stock.save(reservation.stock, Change(movements, promised.waiting_by_variant))
    return Committed(waiting)
