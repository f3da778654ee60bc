"""Gives back the pieces held for an order."""

from collections import Counter
from uuid import UUID

from subgraphs.inventory.commands.hand_over import write_and_hand_over
from subgraphs.inventory.domain.reservation import ReservationState, must_give_back
from subgraphs.inventory.domain.stock import Cause, Change, Movement, MovementKind
from subgraphs.inventory.infrastructure.reservations import (
    GivenBack,
    StoredReservation,
    bar,
    end_reservation,
    locked_reservation,
)


async def release_reservation(order_id: UUID) -> None:
    """Gives back what is held; afterwards nothing can be held for this order any more. Call it in a transaction.

    A release that overtakes its reservation leaves a released one behind, so that the late one is refused. One of an expired
    reservation bars a late commit from taking the pieces again.

    Raises:
        FailedPrecondition: when the pieces are sold.
    """
    reservation = await locked_reservation(order_id)
    if reservation is None:
        if await bar(order_id):
            return
        reservation = await locked_reservation(order_id)
    assert reservation is not None
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
