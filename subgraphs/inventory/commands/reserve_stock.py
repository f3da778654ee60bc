"""Holds all lines of an order, or none of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from subgraphs.inventory.domain.filling import Demand
from subgraphs.inventory.domain.ports import InventoryWork
from subgraphs.inventory.domain.promise import InsufficientStock, Reserved, promise
from subgraphs.inventory.domain.rejections import ReservationExists
from subgraphs.inventory.domain.reservation import NewReservation


@dataclass(frozen=True, slots=True)
class ReserveStock:
    """``attempt`` counts the attempts at an order from 1; the hold ends after ``ttl_seconds``."""

    order_id: UUID
    demands: Sequence[Demand]
    ttl_seconds: int
    attempt: int = 1


async def reserve_stock(command: ReserveStock, work: InventoryWork) -> Reserved | InsufficientStock:
    """When the hold ends and what is waited for, or the shortages for which nothing was held.

    Where back-orders are allowed, what is not there is waited for.
    An attempt after the first takes the place of the one before.

    Raises:
        ReservationExists, AttemptBegun, EarlierAttemptHasUnits
    """
    is_next = command.attempt > 1 and await _takes_the_place(command, work)
    stock = await work.stock.lock(demand.variant_id for demand in command.demands)
    promised = promise(command.demands, stock, work.fill)
    if isinstance(promised, InsufficientStock):
        return promised
    new = NewReservation(command.order_id, command.attempt, command.demands, promised, command.ttl_seconds)
    if is_next:
        return await work.reservations.replace(stock, new)
    reserved = await work.reservations.add(stock, new)
    if reserved is None:
        raise ReservationExists(command.order_id)
    return reserved


async def _takes_the_place(command: ReserveStock, work: InventoryWork) -> bool:
    """Whether an earlier attempt at the order has a reservation, which is at its end and locked from now on."""
    stage = await work.reservations.lock_stage(command.order_id)
    if stage is None:
        return False
    stage.require_before(command.attempt)
    sold = await work.reservations.sold_lines(command.order_id)
    stage.require_end(sum(line.returnable for line in sold))
    return True
