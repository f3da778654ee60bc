"""Holds all lines of an order, or none of them."""

from collections.abc import Sequence
from uuid import UUID

from shared.errors import FailedPrecondition
from subgraphs.inventory.domain.filling import Demand, Fill
from subgraphs.inventory.domain.promise import Promise, Reserved, Shortage, promise
from subgraphs.inventory.domain.reservation import is_at_its_end
from subgraphs.inventory.domain.stock import Cause, Change, Movement, MovementKind
from subgraphs.inventory.infrastructure.reservations import NewReservation, clear, insert_reservation, locked_stage
from subgraphs.inventory.infrastructure.returns import returnable_pieces
from subgraphs.inventory.infrastructure.stock import locked_stock


async def reserve_stock(
    order_id: UUID, demands: Sequence[Demand], ttl_seconds: int, fill: Fill, attempt: int = 1
) -> Reserved | list[Shortage]:
    """Answers when the hold ends and what is waited for, or the shortages for which nothing was held. Call it in a transaction.

    Where back-orders are allowed, what is not there is waited for. An attempt after the first takes the place of the one before.

    Raises:
        FailedPrecondition: when this attempt at the order has a reservation already, had one that was released, or is over; or
            when an earlier one still has pieces.
    """
    is_next = attempt > 1 and await _takes_the_place(order_id, attempt)
    stock = await locked_stock(demand.variant_id for demand in demands)
    promised = promise(demands, stock, fill)
    if isinstance(promised, list):
        return promised
    if is_next:
        await clear(order_id)
    new = NewReservation(order_id, demands, promised, ttl_seconds, attempt, is_next)
    reserved = await insert_reservation(stock, _held(order_id, promised), new)
    if reserved is None:
        raise FailedPrecondition("The order has a reservation already, or had one that was released.", ("order_id",))
    return reserved


async def _takes_the_place(order_id: UUID, attempt: int) -> bool:
    """Whether an earlier attempt at an order has a reservation, which is at its end and locked from now on."""
    stage = await locked_stage(order_id)
    if stage is None:
        return False
    earlier, state = stage
    if earlier >= attempt:
        raise FailedPrecondition(f"Attempt {earlier} at this order has begun; attempt {attempt} can't.", ("attempt",))
    if not is_at_its_end(state, await returnable_pieces(order_id)):
        raise FailedPrecondition(f"Attempt {earlier} at this order is {state}; release or return its pieces first.", ("attempt",))
    return True


def _held(order_id: UUID, promised: Promise) -> Change:
    cause = Cause("order placed", order_id=order_id)
    movements = [
        Movement(MovementKind.HELD, taken.variant_id, taken.warehouse_id, 0, taken.quantity, cause)
        for taken in promised.allocations
    ]
    return Change(movements, promised.waiting_by_variant)
