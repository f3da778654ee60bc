"""Makes the units held for an order available again."""

from dataclasses import dataclass
from uuid import UUID

from subgraphs.inventory.commands.saving import save_and_allocate
from subgraphs.inventory.domain.ports import InventoryWork
from subgraphs.inventory.domain.reservation import Reservation, ReservationState
from subgraphs.inventory.domain.stock import Cause, MovementKind


@dataclass(frozen=True, slots=True)
class ReleaseReservation:
    """``attempt`` counts the attempts at an order from 1."""

    order_id: UUID
    attempt: int = 1


async def release_reservation(command: ReleaseReservation, work: InventoryWork) -> None:
    """Releases what is held; afterwards nothing can be held for this attempt any more.

    A release that overtakes its reservation leaves a released one behind, so that the late one is
    rejected. One of an expired reservation bars a late commit from taking the units again. One of an
    earlier attempt, which is over, does nothing.

    Raises:
        ReservationCommitted
    """
    reservation = await work.reservations.lock(command.order_id)
    if reservation is None:
        if await work.reservations.bar(command.order_id, command.attempt):
            return
        reservation = await work.reservations.lock(command.order_id)
    assert reservation is not None
    if command.attempt == reservation.stage.attempt:
        await _release(reservation, work)
    elif command.attempt > reservation.stage.attempt:
        await _bar_later(reservation, command.attempt, work)


async def end_hold(reservation: Reservation, kind: MovementKind, reason: str, work: InventoryWork) -> None:
    """Ends a held reservation as ``kind`` says; its units are available again, to those first who wait for them."""
    ended = await work.reservations.end(reservation.order_id, ReservationState(kind))
    change = ended.change(kind, Cause(reason, order_id=reservation.order_id))
    await save_and_allocate(work, reservation.stock, change, ended.lines)


async def _bar_later(reservation: Reservation, attempt: int, work: InventoryWork) -> None:
    """A later attempt that reserved nothing: what an earlier one still held, nobody wants any more either."""
    sold = await work.reservations.sold_lines(reservation.order_id)
    if not reservation.stage.is_at_its_end(sum(line.returnable for line in sold)):
        await _release(reservation, work)
    await work.reservations.bar_later(reservation.order_id, attempt)


async def _release(reservation: Reservation, work: InventoryWork) -> None:
    if reservation.holds_units():
        await end_hold(reservation, MovementKind.RELEASED, "order cancelled", work)
    else:
        await work.reservations.end(reservation.order_id, ReservationState.RELEASED)
