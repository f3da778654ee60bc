"""Puts sold pieces back into stock."""

from collections import Counter
from collections.abc import Sequence
from uuid import UUID

from shared.errors import NotFound
from subgraphs.inventory.commands.hand_over import write_and_hand_over
from subgraphs.inventory.domain.reservation import require_sold
from subgraphs.inventory.domain.returning import Return, Wanted, plan_return
from subgraphs.inventory.domain.stock import Cause, Change, Movement, MovementKind
from subgraphs.inventory.infrastructure.reservations import locked_reservation
from subgraphs.inventory.infrastructure.returns import record_return, sold_holds, sold_lines


async def return_stock(order_id: UUID, wanted: Sequence[Wanted]) -> None:
    """Puts pieces back into the warehouses that they came from, or all that is left when ``wanted`` is empty.

    Call it in a transaction. Pieces that the order still waited for, it waits for no longer.

    Raises:
        NotFound: when the order has no reservation.
        FailedPrecondition: when nothing was sold, or less than is to come back; then nothing is returned.
    """
    reservation = await locked_reservation(order_id)
    if reservation is None:
        raise NotFound("The order has no reservation.", ("order_id",))
    require_sold(reservation.state)
    coming = plan_return(await sold_lines(order_id), await sold_holds(order_id), wanted)
    await record_return(order_id, coming)
    await write_and_hand_over(reservation.stock, _returned(order_id, coming))


def _returned(order_id: UUID, coming: Return) -> Change:
    cause = Cause("order returned", order_id=order_id)
    waiting: Counter[UUID] = Counter()
    for its in coming.unwaited:
        waiting[its.variant_id] -= its.quantity
    movements = [
        Movement(MovementKind.RETURNED, hold.variant_id, hold.warehouse_id, pieces, 0, cause) for hold, pieces in coming.restocked
    ]
    return Change(movements, waiting)
