"""Confirmed orders that wait for units, in Postgres."""

from collections.abc import Sequence
from uuid import UUID

from shared.persistence import db
from subgraphs.orders.domain.order import OrderStatus, PlacedOrder
from subgraphs.orders.domain.waiting import StillToCome
from subgraphs.orders.infrastructure.rows import placed_orders, still_to_come_of

_STATUSES = (OrderStatus.CONFIRMED, OrderStatus.PARTIALLY_SHIPPED)

_OF_VARIANT = """
SELECT DISTINCT line.order_id FROM order_lines AS line JOIN orders ON orders.id = line.order_id
WHERE line.variant_id = :variant_id AND line.waiting > 0 AND orders.status = ANY(:statuses::text[])
ORDER BY line.order_id
"""


class PostgresWaitingOrders:
    """The port WaitingOrders, in the task's transaction."""

    async def of_variant(self, variant_id: UUID) -> Sequence[UUID]:
        rows = await db.fetch(_OF_VARIANT, variant_id=variant_id, statuses=_STATUSES)
        return [row["order_id"] for row in rows]

    async def by_ids(self, order_ids: Sequence[UUID]) -> Sequence[tuple[PlacedOrder, Sequence[StillToCome]]]:
        waiting = await still_to_come_of(order_ids)
        return [(order, [*waiting[order.id].values()]) for order in await placed_orders([*waiting])]
