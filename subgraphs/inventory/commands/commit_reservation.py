"""Sells the pieces held for an order."""

from collections.abc import Sequence
from uuid import UUID

from shared.errors import NotFound
from subgraphs.inventory.domain.filling import Fill
from subgraphs.inventory.domain.promise import Promise, WaitingLine, promise
from subgraphs.inventory.domain.reservation import CommitStep, commit_step, require_same_attempt
from subgraphs.inventory.domain.stock import Cause, Change, Movement, MovementKind
from subgraphs.inventory.infrastructure.reservations import (
    StoredReservation,
    demands_of,
    locked_reservation,
    sell_held,
    take_again,
)
from subgraphs.inventory.infrastructure.stock import write


async def commit_reservation(order_id: UUID, fill: Fill, attempt: int = 1) -> Sequence[WaitingLine] | None:
    """Sells the pieces; None when the hold had expired and they are not all there. Call it in a transaction.

    Answers the lines of which pieces are still to come, where these were taken anew: else that is as it was told before.

    Raises:
        NotFound: when this attempt at the order has no reservation.
        FailedPrecondition: when the reservation was released, or the attempt is over.
    """
    reservation = await locked_reservation(order_id)
    if reservation is None:
        raise NotFound("The order has no reservation.", ("order_id",))
    require_same_attempt(reservation.attempt, attempt)
    match commit_step(reservation.state):
        case CommitStep.SELL_HELD:
            await sell_held(order_id)
            return ()
        case CommitStep.TAKE_AGAIN:
            return await _sell_anew(reservation, fill)
        case CommitStep.NOTHING:
            return ()


async def _sell_anew(reservation: StoredReservation, fill: Fill) -> Sequence[WaitingLine] | None:
    promised = promise(await demands_of(reservation.order_id), reservation.stock, fill)
    if isinstance(promised, list):
        return None
    waiting = await take_again(reservation.order_id, promised)
    await write(reservation.stock, _sold(reservation.order_id, promised))
    return waiting


def _sold(order_id: UUID, promised: Promise) -> Change:
    cause = Cause("order paid after its hold expired", order_id=order_id)
    movements = [
        Movement(MovementKind.SOLD, taken.variant_id, taken.warehouse_id, -taken.quantity, 0, cause)
        for taken in promised.allocations
    ]
    return Change(movements, promised.waiting_by_variant)
