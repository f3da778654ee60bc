"""Remembers how many units can be bought; buyers who wait for units are told when these are expected on another day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from uuid import UUID

from shared.days import today
from shared.ids import new_id
from subgraphs.orders.domain.cart_ports import CartWork
from subgraphs.orders.domain.catalogue import KnownStock
from subgraphs.orders.domain.events import expected_day_changed

_BATCH = 200  # as many orders as are in memory at once


@dataclass(frozen=True, slots=True)
class FollowStock:
    """What is told of a variant's stock."""

    variant_id: UUID
    version: int
    stock: KnownStock


async def follow_stock(command: FollowStock, work: CartWork) -> None:
    """Remembers it. A version that is not newer than the known one changes nothing."""
    days = await work.catalogue.save_stock(command.variant_id, command.version, command.stock)
    if days.differ(today()):
        await _tell(await work.waiting_orders.of_variant(command.variant_id), work)


async def _tell(order_ids: Sequence[UUID], work: CartWork) -> None:
    """Publishes an event of each order; those of a batch are written before the next one is read."""
    now = datetime.now(UTC)
    for first in range(0, len(order_ids), _BATCH):
        await work.transaction(partial(_tell_some, order_ids[first : first + _BATCH], now))


async def _tell_some(order_ids: Sequence[UUID], now: datetime, work: CartWork) -> None:
    waiting_orders = await work.waiting_orders.by_ids(order_ids)
    work.events.record(*(expected_day_changed(new_id(), order, waiting, now) for order, waiting in waiting_orders))
