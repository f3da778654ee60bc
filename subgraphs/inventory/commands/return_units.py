"""Puts sold units back into stock."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from subgraphs.inventory.commands.saving import save_and_allocate
from subgraphs.inventory.commands.sold import locked_sold
from subgraphs.inventory.domain.ports import InventoryWork
from subgraphs.inventory.domain.promise import WaitingLine
from subgraphs.inventory.domain.returning import Wanted, plan_return


@dataclass(frozen=True, slots=True)
class ReturnUnits:
    """``wanted`` is what is to come back; when it is empty, all that is left."""

    order_id: UUID
    wanted: Sequence[Wanted]
    attempt: int = 1


async def return_units(command: ReturnUnits, work: InventoryWork) -> Sequence[WaitingLine]:
    """Puts units back into the warehouses that they came from.

    Units that the order still waited for, it waits for no longer; answers the lines of which that is so.

    Raises:
        ReservationNotFound, AttemptOver, AttemptWithoutReservation, NothingSold, TooManyReturned
    """
    order_id = command.order_id
    reservation = await locked_sold(order_id, command.attempt, work)
    lines, holds = await work.reservations.sold_lines(order_id), await work.reservations.sold_holds(order_id)
    coming = plan_return(lines, holds, command.wanted)
    unwaited = await work.reservations.record_return(order_id, coming)
    await save_and_allocate(work, reservation.stock, coming.change(order_id), unwaited)
    return unwaited
