"""Puts sold pieces back into stock."""

from collections import Counter
from collections.abc import Sequence
from uuid import UUID

from shared.errors import NotFound
from subgraphs.inventory.commands.hand_over import write_and_hand_over
from subgraphs.inventory.domain.promise import WaitingLine
from subgraphs.inventory.domain.reservation import require_same_attempt, require_sold
from subgraphs.inventory.domain.returning import Return, Unwaited, Wanted, plan_drop, plan_return
from subgraphs.inventory.domain.stock import Cause, Change, Movement, MovementKind
from subgraphs.inventory.infrastructure.reservations import StoredReservation, locked_reservation
from subgraphs.inventory.infrastructure.returns import record_drop, record_return, sold_holds, sold_lines
from subgraphs.inventory.infrastructure.stock import write


async def return_stock(order_id: UUID, wanted: Sequence[Wanted], attempt: int = 1) -> Sequence[WaitingLine]:
    """Puts pieces back into the warehouses that they came from, or all that is left when ``wanted`` is empty.

    Call it in a transaction. Pieces that the order still waited for, it waits for no longer; answers the lines of which that is so.

    Raises:
        NotFound: when this attempt at the order has no reservation.
        FailedPrecondition: when nothing was sold, less than is to come back, or the attempt is over; then nothing is returned.
    """
    reservation = await _sold(order_id, attempt)
    coming = plan_return(await sold_lines(order_id), await sold_holds(order_id), wanted)
    unwaited = await record_return(order_id, coming)
    await write_and_hand_over(reservation.stock, _returned(order_id, coming), unwaited)
    return unwaited


async def drop_waiting(order_id: UUID, refunded: Sequence[Wanted], attempt: int = 1) -> Sequence[WaitingLine]:
    """Of pieces that were refunded and stay out of stock, ends the waiting for those that never came; answers their lines.

    Call it in a transaction.

    Raises:
        NotFound: when this attempt at the order has no reservation.
        FailedPrecondition: when nothing was sold, or the attempt is over.
    """
    reservation = await _sold(order_id, attempt)
    dropped = plan_drop(await sold_lines(order_id), refunded)
    if not dropped:
        return ()
    unwaited = await record_drop(order_id, dropped)
    await write(reservation.stock, Change((), _unwaited(dropped)), unwaited)
    return unwaited


async def _sold(order_id: UUID, attempt: int) -> StoredReservation:
    reservation = await locked_reservation(order_id)
    if reservation is None:
        raise NotFound("The order has no reservation.", ("order_id",))
    require_same_attempt(reservation.attempt, attempt)
    require_sold(reservation.state)
    return reservation


def _returned(order_id: UUID, coming: Return) -> Change:
    cause = Cause("order returned", order_id=order_id)
    movements = [
        Movement(MovementKind.RETURNED, hold.variant_id, hold.warehouse_id, pieces, 0, cause) for hold, pieces in coming.restocked
    ]
    return Change(movements, _unwaited(coming.unwaited))


def _unwaited(lines: Sequence[Unwaited]) -> Counter[UUID]:
    waiting: Counter[UUID] = Counter()
    for its in lines:
        waiting[its.variant_id] -= its.quantity
    return waiting
