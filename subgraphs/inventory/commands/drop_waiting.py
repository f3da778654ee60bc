"""Ends the waiting for refunded units that never came and stay out of stock."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from subgraphs.inventory.commands.sold import locked_sold
from subgraphs.inventory.domain.ports import InventoryWork
from subgraphs.inventory.domain.promise import WaitingLine
from subgraphs.inventory.domain.returning import Wanted, plan_drop, unwaited_change


@dataclass(frozen=True, slots=True)
class DropWaiting:
    """``refunded`` is what was refunded and does not come back."""

    order_id: UUID
    refunded: Sequence[Wanted]
    attempt: int = 1


async def drop_waiting(command: DropWaiting, work: InventoryWork) -> Sequence[WaitingLine]:
    """The lines that wait for fewer units now.

    Raises:
        ReservationNotFound, AttemptOver, AttemptWithoutReservation, NothingSold
    """
    reservation = await locked_sold(command.order_id, command.attempt, work)
    dropped = plan_drop(await work.reservations.sold_lines(command.order_id), command.refunded)
    if not dropped:
        return ()
    unwaited = await work.reservations.record_drop(command.order_id, dropped)
    await work.stock.save(reservation.stock, unwaited_change(dropped), unwaited)
    return unwaited
