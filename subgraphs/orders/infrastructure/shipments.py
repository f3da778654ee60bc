"""Parcels in Postgres. Whoever writes one has locked its order's row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
import orjson

from shared import db
from subgraphs.orders.domain.order import OrderedLine, PlacedOrder
from subgraphs.orders.domain.refund import Pieces
from subgraphs.orders.domain.shipment import Shipment, ShipmentStatus, Shippable, ShippableLine
from subgraphs.orders.infrastructure.moves import LockedOrder

# What is in a parcel whose money is still being taken is packed: nobody else may send it.
_LEFT = """
SELECT line.id, greatest(0, line.quantity - (
    SELECT coalesce(sum(part.quantity), 0) FROM shipment_lines AS part WHERE part.line_id = line.id
  ) - (
    SELECT coalesce(sum(part.quantity), 0) FROM refund_lines AS part JOIN refunds AS refund ON refund.id = part.refund_id
    WHERE part.line_id = line.id AND refund.status <> 'FAILED'
  ))::int AS left
FROM order_lines AS line WHERE line.order_id = $1 ORDER BY line.position
"""

_UNDECIDED = "SELECT status FROM shipments WHERE order_id = $1 AND status IN ('PENDING', 'REFUSED')"

_INSERT = """
WITH shipment AS (
  INSERT INTO shipments (id, order_id, status, carrier, tracking_code, user_id) VALUES ($1, $2, $3, $4, $5, $6) RETURNING id
)
INSERT INTO shipment_lines (shipment_id, line_id, quantity)
SELECT shipment.id, line_id, quantity FROM shipment, unnest($7::uuid[], $8::int[]) AS part (line_id, quantity)
"""

_BY_ID = """
SELECT shipment.*, (
  SELECT json_agg(part ORDER BY part.id) FROM shipment_lines AS part WHERE part.shipment_id = shipment.id
) AS lines
FROM shipments AS shipment WHERE shipment.id = $1
"""

_PLACED = """
SELECT id, number, customer_id, email, currency, total_minor,
  (SELECT json_agg(line ORDER BY position) FROM order_lines AS line WHERE line.order_id = placed.id) AS lines
FROM orders AS placed WHERE id = $1
"""


@dataclass(frozen=True, slots=True)
class StoredShipment:
    """A parcel and what has become of it."""

    shipment: Shipment
    status: ShipmentStatus


async def shippable(order: LockedOrder) -> Shippable:
    """A locked order as far as sending goes."""
    undecided = await db.fetch_value(_UNDECIDED, order.id)
    lines = [ShippableLine(row["id"], row["left"]) for row in await db.fetch(_LEFT, order.id)]
    return Shippable(order.status, lines, ShipmentStatus(undecided) if undecided else None)


async def insert_shipment(shipment: Shipment, status: ShipmentStatus) -> None:
    """Adds a parcel with its lines."""
    await db.execute(
        _INSERT,
        shipment.id,
        shipment.order_id,
        status,
        shipment.carrier,
        shipment.tracking_code,
        shipment.user_id,
        [piece.line_id for piece in shipment.pieces],
        [piece.quantity for piece in shipment.pieces],
    )


async def shipment_by_id(shipment_id: UUID) -> StoredShipment | None:
    """A parcel, or None."""
    row = await db.fetch_row(_BY_ID, shipment_id)
    return _shipment(row) if row is not None else None


async def set_shipment_status(shipment_id: UUID, status: ShipmentStatus) -> None:
    """Records what became of a parcel that is not delivered."""
    await db.execute("UPDATE shipments SET status = $2 WHERE id = $1", shipment_id, status)


async def set_delivered(shipment_id: UUID) -> None:
    """Records that a parcel reached the buyer."""
    await db.execute(
        "UPDATE shipments SET status = $2, delivered_at = clock_timestamp() WHERE id = $1", shipment_id, ShipmentStatus.DELIVERED
    )


async def set_captured(order_id: UUID) -> None:
    """Records that a locked order's money was taken."""
    await db.execute("UPDATE orders SET captured_at = clock_timestamp() WHERE id = $1", order_id)


async def touch(order_id: UUID) -> datetime:
    """Records that something of a locked order changed, and answers when."""
    changed_at: datetime = await db.fetch_value(
        "UPDATE orders SET updated_at = clock_timestamp() WHERE id = $1 RETURNING updated_at", order_id
    )
    return changed_at


async def are_all_delivered(order_id: UUID) -> bool:
    """Whether no parcel of an order is on its way."""
    on_its_way: bool = await db.fetch_value(
        "SELECT EXISTS (SELECT FROM shipments WHERE order_id = $1 AND status = $2)", order_id, ShipmentStatus.SHIPPED
    )
    return not on_its_way


async def placed_order(order_id: UUID) -> PlacedOrder:
    """The part of an order that never changes; the order is known to exist."""
    row = await db.fetch_row(_PLACED, order_id)
    assert row is not None
    lines = [_line(line) for line in orjson.loads(row["lines"])]
    money = (row["currency"], row["total_minor"])
    return PlacedOrder(row["id"], row["number"], row["customer_id"], row["email"], *money, lines)


def _line(line: Mapping[str, Any]) -> OrderedLine:
    ids = (UUID(line["id"]), UUID(line["variant_id"]))
    return OrderedLine(*ids, line["sku"], line["title"], line["quantity"], line["unit_price_minor"])


def _shipment(row: asyncpg.Record) -> StoredShipment:
    pieces: Sequence[Pieces] = [Pieces(UUID(part["line_id"]), part["quantity"]) for part in orjson.loads(row["lines"])]
    texts = (row["carrier"], row["tracking_code"])
    return StoredShipment(Shipment(row["id"], row["order_id"], *texts, pieces, row["user_id"]), ShipmentStatus(row["status"]))
