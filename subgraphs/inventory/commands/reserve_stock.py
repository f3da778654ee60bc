"""Holds all lines of an order, or none of them."""

from collections.abc import Sequence
from uuid import UUID

from shared.errors import FailedPrecondition
from subgraphs.inventory.domain.filling import Demand, Fill
from subgraphs.inventory.domain.promise import Promise, Reserved, Shortage, promise
from subgraphs.inventory.domain.stock import Cause, Change, Movement, MovementKind
from subgraphs.inventory.infrastructure.reservations import NewReservation, insert_reservation
from subgraphs.inventory.infrastructure.stock import locked_stock


async def reserve_stock(order_id: UUID, demands: Sequence[Demand], ttl_seconds: int, fill: Fill) -> Reserved | list[Shortage]:
    """Answers when the hold ends and what is waited for, or the shortages for which nothing was held. Call it in a transaction.

    Where back-orders are allowed, what is not there is waited for.

    Raises:
        FailedPrecondition: when the order has a reservation already, or had one that was released.
    """
    stock = await locked_stock(demand.variant_id for demand in demands)
    promised = promise(demands, stock, fill)
    if isinstance(promised, list):
        return promised
    new = NewReservation(order_id, demands, promised, ttl_seconds)
    reserved = await insert_reservation(stock, _held(order_id, promised), new)
    if reserved is None:
        raise FailedPrecondition("The order has a reservation already, or had one that was released.", ("order_id",))
    return reserved


def _held(order_id: UUID, promised: Promise) -> Change:
    cause = Cause("order placed", order_id=order_id)
    movements = [
        Movement(MovementKind.HELD, taken.variant_id, taken.warehouse_id, 0, taken.quantity, cause)
        for taken in promised.allocations
    ]
    return Change(movements, promised.waiting_by_variant)
