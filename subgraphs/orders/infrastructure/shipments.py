"""Parcels in Postgres. Whoever writes one has locked its order's row."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
import orjson

from shared.persistence import db
from subgraphs.orders.domain.fulfilment import Kind, Step
from subgraphs.orders.domain.order import OrderedLine, OrderStatus, PlacedOrder
from subgraphs.orders.domain.refund import Pieces
from subgraphs.orders.domain.shipment import Parcel, Shipment, ShipmentStatus, Shippable, ShippableLine
from subgraphs.orders.infrastructure.disputes import holds_of
from subgraphs.orders.infrastructure.moves import LockedOrder
from subgraphs.orders.infrastructure.waiting import EXPECTED_FROM, LEFT, expected_day

# What is in a parcel whose money is still being taken is packed: nobody else may send it.
_LEFT = f"""
SELECT line.order_id, line.id, {LEFT} AS left, line.waiting, {EXPECTED_FROM} AS expected_from
FROM order_lines AS line WHERE line.order_id = ANY($1::uuid[]) ORDER BY line.position
"""  # noqa: S608 - constants

_STATUSES = """
SELECT placed.id, placed.status, undecided.status AS undecided,
  CASE WHEN placed.captured_at IS NULL THEN placed.authorization_ended END AS authorization_ended
FROM orders AS placed LEFT JOIN shipments AS undecided
  ON undecided.order_id = placed.id AND undecided.status IN ('PENDING', 'REFUSED') AND placed.captured_at IS NULL
WHERE placed.id = ANY($1::uuid[])
"""

_PARCELS = "SELECT order_id, id, status FROM shipments WHERE order_id = ANY($1::uuid[]) ORDER BY created_at, id"

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
SELECT id, number, customer_id, email, currency, total_minor, attempt,
  (SELECT json_agg(line ORDER BY position) FROM order_lines AS line WHERE line.order_id = placed.id) AS lines
FROM orders AS placed WHERE id = ANY($1::uuid[]) ORDER BY id
"""


_GIVE_UP = f"""
UPDATE sagas SET step = '{Step.FAILED}', updated_at = clock_timestamp()
WHERE order_id = $1 AND kind = '{Kind.SHIPMENT}' AND step = '{Step.STUCK}'
"""  # noqa: S608 - constants

_END_UNDER_WAY = f"""
WITH ended AS (
  UPDATE sagas SET step = '{Step.FAILED}', due_at = NULL, leased_by = NULL, fence = fence + 1, updated_at = clock_timestamp()
  WHERE order_id = $1 AND kind = '{Kind.SHIPMENT}' AND step IN ('{Step.CAPTURE}', '{Step.STUCK}') RETURNING id
)
UPDATE shipments SET status = '{ShipmentStatus.REFUSED}' FROM ended WHERE shipments.id = ended.id
"""  # noqa: S608 - constants


@dataclass(frozen=True, slots=True)
class StoredShipment:
    """A parcel and what has become of it."""

    shipment: Shipment
    status: ShipmentStatus


async def shippable(order: LockedOrder) -> Shippable:
    """A locked order as far as sending goes."""
    return (await shippables_of([order.id]))[order.id]


async def shippables_of(order_ids: Sequence[UUID]) -> Mapping[UUID, Shippable]:
    """Some orders as far as sending goes."""
    lines: defaultdict[UUID, list[ShippableLine]] = defaultdict(list)
    for row in await db.fetch(_LEFT, order_ids):
        lines[row["order_id"]].append(_shippable_line(row))
    holds = await holds_of(order_ids)
    return {
        row["id"]: Shippable(
            OrderStatus(row["status"]),
            lines[row["id"]],
            _undecided(row),
            holds.get(row["id"]),
            row["authorization_ended"],
        )
        for row in await db.fetch(_STATUSES, order_ids)
    }


def _undecided(row: asyncpg.Record) -> ShipmentStatus | None:
    return ShipmentStatus(row["undecided"]) if row["undecided"] else None


async def parcels_of(order_ids: Sequence[UUID]) -> Mapping[UUID, Sequence[Parcel]]:
    """The parcels of some orders, oldest first."""
    found: defaultdict[UUID, list[Parcel]] = defaultdict(list)
    for row in await db.fetch(_PARCELS, order_ids):
        found[row["order_id"]].append(Parcel(row["id"], ShipmentStatus(row["status"])))
    return found


def _shippable_line(row: asyncpg.Record) -> ShippableLine:
    return ShippableLine(row["id"], row["left"], row["waiting"], expected_day(row["expected_from"]))


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
        "UPDATE shipments SET status = $2, delivered_at = clock_timestamp() WHERE id = $1",
        shipment_id,
        ShipmentStatus.DELIVERED,
    )


async def set_captured(order_id: UUID) -> None:
    """Records that a locked order's money was taken, if that was not known."""
    await db.execute(
        "UPDATE orders SET captured_at = clock_timestamp() WHERE id = $1 AND captured_at IS NULL", order_id
    )


async def give_up_refused_parcel(order_id: UUID) -> None:
    """Ends the saga of a locked order's parcel that must not leave: the order is cancelled instead."""
    await db.execute(_GIVE_UP, order_id)


async def end_parcels_under_way(order_id: UUID) -> None:
    """Refuses parcels of a locked order that have not left; a worker that takes the money for one is fenced."""
    await db.execute(_END_UNDER_WAY, order_id)


async def end_authorization(order_id: UUID, reason: str) -> None:
    """Records why a locked order's money can't be taken any more; its parcel that waited for a person must not leave for good."""
    await db.execute(
        "UPDATE orders SET authorization_ended = coalesce(authorization_ended, $2), updated_at = clock_timestamp() WHERE id = $1",
        order_id,
        reason,
    )
    await give_up_refused_parcel(order_id)


async def touch(order_id: UUID) -> datetime:
    """Records that something of a locked order changed, and answers when."""
    changed_at: datetime = await db.fetch_value(
        "UPDATE orders SET updated_at = clock_timestamp() WHERE id = $1 RETURNING updated_at", order_id
    )
    return changed_at


async def placed_order(order_id: UUID) -> PlacedOrder:
    """The part of an order that never changes; the order is known to exist."""
    (order,) = await placed_orders([order_id])
    return order


async def placed_orders(order_ids: Sequence[UUID]) -> Sequence[PlacedOrder]:
    """The same of some orders."""
    return [_placed_order(row) for row in await db.fetch(_PLACED, order_ids)]


def _placed_order(row: asyncpg.Record) -> PlacedOrder:
    lines = [_line(line) for line in orjson.loads(row["lines"])]
    money = (row["currency"], row["total_minor"])
    return PlacedOrder(row["id"], row["number"], row["customer_id"], row["email"], *money, lines, row["attempt"])


def _line(line: Mapping[str, Any]) -> OrderedLine:
    ids = (UUID(line["id"]), UUID(line["variant_id"]))
    return OrderedLine(*ids, line["sku"], line["title"], line["quantity"], line["unit_price_minor"])


def _shipment(row: asyncpg.Record) -> StoredShipment:
    pieces: Sequence[Pieces] = [Pieces(UUID(part["line_id"]), part["quantity"]) for part in orjson.loads(row["lines"])]
    texts = (row["carrier"], row["tracking_code"])
    return StoredShipment(
        Shipment(row["id"], row["order_id"], *texts, pieces, row["user_id"]), ShipmentStatus(row["status"])
    )
