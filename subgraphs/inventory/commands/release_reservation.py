"""Gives back the pieces held for an order."""

from collections import Counter
from uuid import UUID

from subgraphs.inventory.commands.hand_over import write_and_hand_over
from subgraphs.inventory.domain.reservation import ReservationState, is_at_its_end, must_give_back
from subgraphs.inventory.domain.stock import Cause, Change, Movement, MovementKind
from subgraphs.inventory.infrastructure.reservations import (
    GivenBack,
    StoredReservation,
    bar,
    bar_next,
    clear,
    end_reservation,
    locked_reservation,
)
from subgraphs.inventory.infrastructure.returns import returnable_pieces


async def release_reservation(order_id: UUID, attempt: int = 1) -> None:
    """Gives back what is held; afterwards nothing can be held for this attempt any more. Call it in a transaction.

    A release that overtakes its reservation leaves a released one behind, so that the late one is refused. One of an expired
    reservation bars a late commit from taking the pieces again. One of an earlier attempt, which is over, does nothing.

    Raises:
        FailedPrecondition: when the pieces are sold.
    """
    reservation = await locked_reservation(order_id)
    if reservation is None:
        if await bar(order_id, attempt):
            return
        reservation = await locked_reservation(order_id)
    assert reservation is not None
    if attempt == reservation.attempt:
        await _release(reservation)
    elif attempt > reservation.attempt:
        await _bar_later(reservation, attempt)


async def _bar_later(reservation: StoredReservation, attempt: int) -> None:
    """A later attempt that reserved nothing: what an earlier one still held, nobody wants any more either."""
    if not is_at_its_end(reservation.state, await returnable_pieces(reservation.order_id)):
        await _release(reservation)
    await clear(reservation.order_id)
    await bar_next(reservation.order_id, attempt)


async def _release(reservation: StoredReservation) -> None:
    order_id = reservation.order_id
    if must_give_back(reservation.state):
        await give_back(reservation, MovementKind.RELEASED, "order cancelled")
    else:
        await end_reservation(order_id, ReservationState.RELEASED)


async def give_back(reservation: StoredReservation, kind: MovementKind, reason: str) -> None:
    """Ends a held reservation as ``kind`` says, and makes its pieces available again, to those first who wait for them."""
    given = await end_reservation(reservation.order_id, ReservationState(kind))
    change = _given_back(given, kind, Cause(reason, order_id=reservation.order_id))
    await write_and_hand_over(reservation.stock, change, given.lines)


def _given_back(given: GivenBack, kind: MovementKind, cause: Cause) -> Change:
    waiting: Counter[UUID] = Counter()
    for variant_id, pieces in given.waited:
        waiting[variant_id] -= pieces
    movements = [Movement(kind, variant_id, warehouse_id, 0, -pieces, cause) for variant_id, warehouse_id, pieces in given.held]
    return Change(movements, waiting)
