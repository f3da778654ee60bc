"""Shipments in Postgres. Whoever writes one has locked its order's row."""

from uuid import UUID

import asyncpg

from shared.persistence import db
from subgraphs.orders.domain.shipment import Shipment, Shippable, StoredShipment
from subgraphs.orders.domain.shipment_status import ShipmentStatus
from subgraphs.orders.infrastructure.rows import shippables_of
from subgraphs.orders.infrastructure.saga_statements import END_STUCK_SHIPMENT, ENDED_SHIPMENT
from subgraphs.orders.infrastructure.stored import units_of

_ADD = """
WITH shipment AS (
  INSERT INTO shipments (id, order_id, status, carrier, tracking_code, user_id)
  VALUES (:id, :order_id, :status, :carrier, :tracking_code, :user_id) RETURNING id
)
INSERT INTO shipment_lines (shipment_id, line_id, quantity)
SELECT shipment.id, line_id, quantity FROM shipment, unnest(:line_ids::uuid[], :quantities::int[]) AS part (line_id,
  quantity)
"""
_BY_ID = """
SELECT shipment.*, (
  SELECT json_agg(part ORDER BY part.id) FROM shipment_lines AS part WHERE part.shipment_id = shipment.id
) AS lines
FROM shipments AS shipment WHERE shipment.id = :id
"""
_SET_STATUS = """
UPDATE shipments SET status = :status, delivered_at = CASE WHEN :is_delivered THEN clock_timestamp()
  ELSE delivered_at END
WHERE id = :id
"""
_END_OPEN = f"""
WITH {ENDED_SHIPMENT}
UPDATE shipments SET status = '{ShipmentStatus.REFUSED}' FROM ended WHERE shipments.id = ended.id
"""  # noqa: S608 - constants


class PostgresShipments:
    """The port Shipments, in the task's transaction."""

    async def shippable(self, order_id: UUID) -> Shippable:
        return (await shippables_of([order_id]))[order_id]

    async def add(self, shipment: Shipment, status: ShipmentStatus) -> None:
        await db.execute(
            _ADD,
            id=shipment.id,
            order_id=shipment.order_id,
            status=status,
            carrier=shipment.carrier,
            tracking_code=shipment.tracking_code,
            user_id=shipment.user_id,
            line_ids=[its.line_id for its in shipment.units],
            quantities=[its.quantity for its in shipment.units],
        )

    async def by_id(self, shipment_id: UUID) -> StoredShipment | None:
        row = await db.fetch_row(_BY_ID, id=shipment_id)
        return _stored_shipment(row) if row else None

    async def set_status(self, shipment_id: UUID, status: ShipmentStatus) -> None:
        is_delivered = status is ShipmentStatus.DELIVERED
        await db.execute(_SET_STATUS, id=shipment_id, status=status, is_delivered=is_delivered)

    async def end_stuck(self, order_id: UUID) -> None:
        await db.execute(END_STUCK_SHIPMENT, order_id=order_id)

    async def end_open(self, order_id: UUID) -> None:
        await db.execute(_END_OPEN, order_id=order_id)


def _stored_shipment(row: asyncpg.Record) -> StoredShipment:
    told = (row["carrier"], row["tracking_code"], units_of(row["lines"]), row["user_id"])
    return StoredShipment(Shipment(row["id"], row["order_id"], *told), ShipmentStatus(row["status"]))
