"""Holds all lines of an order, or none of them."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from shared.errors import FailedPrecondition
from subgraphs.inventory.domain.reservation import ReservationState
from subgraphs.inventory.domain.stock import Demand, Shortage, allocate, shortages
from subgraphs.inventory.infrastructure.reservations import insert_holds, insert_reservation
from subgraphs.inventory.infrastructure.stock import Change, MovementKind, apply_changes, locked_levels


async def reserve_stock(order_id: UUID, demands: Sequence[Demand], ttl_seconds: int) -> datetime | list[Shortage]:
    """Answers when the hold ends, or the shortages for which nothing was held. Call it in a transaction.

    Raises:
        FailedPrecondition: when the order has a reservation already, or had one that was released.
    """
    levels = await locked_levels(demand.variant_id for demand in demands)
    if missing := shortages(demands, levels):
        return missing
    expires_at = await insert_reservation(order_id, ReservationState.HELD, ttl_seconds)
    if expires_at is None:
        raise FailedPrecondition("The order has a reservation already, or had one that was released.", ("order_id",))
    allocations = allocate(demands, levels)
    await insert_holds(order_id, allocations)
    changes = [Change(taken.variant_id, taken.warehouse_id, on_hand=0, held=taken.quantity) for taken in allocations]
    await apply_changes(MovementKind.HELD, changes, "order placed", order_id)
    return expires_at
