"""Shipments in Postgres. Whoever writes one has locked its order's row."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from uuid import UUID

import asyncpg

from shared.persistence import db
from subgraphs.orders.domain.order import OrderStatus
from subgraphs.orders.domain.shipment import Shipment, ShipmentState, Shippable, ShippableLine, StoredShipment
from subgraphs.orders.domain.shipment_status import ShipmentStatus
from subgraphs.orders.infrastructure.disputes import holds_of
from subgraphs.orders.infrastructure.saga_statements import END_STUCK_SHIPMENT, ENDED_SHIPMENT
from subgraphs.orders.infrastructure.stored import units_of
from subgraphs.orders.infrastructure.waiting import EXPECTED_FROM, LEFT, expected_day

# What is in a shipment whose money is still being taken is packed: nobody else may ship it.
_LEFT = f"""
SELECT line.order_id, line.id, {LEFT} AS left, line.waiting, {EXPECTED_FROM} AS expected_from
FROM order_lines AS line WHERE line.order_id = ANY(:order_ids::uuid[]) ORDER BY line.position
"""  # noqa: S608 - constants
_STATUSES = """
SELECT placed.id, placed.status, undecided.status AS undecided,
  CASE WHEN placed.captured_at IS NULL THEN placed.authorization_ended END AS authorization_ended
FROM orders AS placed LEFT JOIN shipments AS undecided
  ON undecided.order_id = placed.id AND undecided.status IN ('PENDING', 'REFUSED') AND placed.captured_at IS NULL
WHERE placed.id = ANY(:order_ids::uuid[])
"""
_STATES = "SELECT order_id, id, status FROM shipments WHERE order_id = ANY(:order_ids::uuid[]) ORDER BY created_at, id"

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


async def shippables_of(order_ids: Sequence[UUID]) -> Mapping[UUID, Shippable]:
    """Some orders as far as shipping goes."""
    lines: defaultdict[UUID, list[ShippableLine]] = defaultdict(list)
    for row in await db.fetch(_LEFT, order_ids=order_ids):
        day = expected_day(row["expected_from"])
        lines[row["order_id"]].append(ShippableLine(row["id"], row["left"], row["waiting"], day))
    holds = await holds_of(order_ids)
    return {
        row["id"]: Shippable(
            status=OrderStatus(row["status"]),
            lines=lines[row["id"]],
            undecided=ShipmentStatus(row["undecided"]) if row["undecided"] else None,
            hold=holds.get(row["id"]),
            authorization_ended=row["authorization_ended"],
        )
        for row in await db.fetch(_STATUSES, order_ids=order_ids)
    }


async def shipment_states_of(order_ids: Sequence[UUID]) -> Mapping[UUID, Sequence[ShipmentState]]:
    """The shipments of some orders, oldest first."""
    found: defaultdict[UUID, list[ShipmentState]] = defaultdict(list)
    for row in await db.fetch(_STATES, order_ids=order_ids):
        found[row["order_id"]].append(ShipmentState(row["id"], ShipmentStatus(row["status"])))
    return found


def _stored_shipment(row: asyncpg.Record) -> StoredShipment:
    told = (row["carrier"], row["tracking_code"], units_of(row["lines"]), row["user_id"])
    return StoredShipment(Shipment(row["id"], row["order_id"], *told), ShipmentStatus(row["status"]))
