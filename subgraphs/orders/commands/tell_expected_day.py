"""Tells those who wait for pieces of a variant that these are expected on another day than they were."""

from datetime import UTC, datetime
from uuid import UUID

from shared.ids import new_id
from shared.persistence.outbox import publish
from subgraphs.orders.domain.events import expected_day_changed
from subgraphs.orders.infrastructure.orders import placed_orders
from subgraphs.orders.infrastructure.waiting import orders_waiting_for, still_to_come_of

_BATCH = 200  # as many orders as are in memory at once


async def tell_expected_day(variant_id: UUID) -> None:
    """Publishes an event of each order that is confirmed and waits for the variant. Call it in a transaction."""
    order_ids, now = await orders_waiting_for(variant_id), datetime.now(UTC)
    for first in range(0, len(order_ids), _BATCH):
        waiting = await still_to_come_of(order_ids[first : first + _BATCH])
        orders = await placed_orders([*waiting])
        await publish(*(expected_day_changed(new_id(), order, [*waiting[order.id].values()], now) for order in orders))
