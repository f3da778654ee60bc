"""Confirmed orders that wait for units, in Postgres."""

from collections.abc import Sequence
from uuid import UUID

from subgraphs.orders.domain.order import PlacedOrder
from subgraphs.orders.domain.waiting import StillToCome
from subgraphs.orders.infrastructure.shipments import placed_orders
from subgraphs.orders.infrastructure.waiting import orders_waiting_for, still_to_come_of


class PostgresWaitingOrders:
    """The port WaitingOrders, in the task's transaction."""

    async def of_variant(self, variant_id: UUID) -> Sequence[UUID]:
        return await orders_waiting_for(variant_id)

    async def by_ids(self, order_ids: Sequence[UUID]) -> Sequence[tuple[PlacedOrder, Sequence[StillToCome]]]:
        waiting = await still_to_come_of(order_ids)
        return [(order, [*waiting[order.id].values()]) for order in await placed_orders([*waiting])]
