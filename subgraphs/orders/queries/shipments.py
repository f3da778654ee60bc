"""Reads of shipments: those of all orders of an answer in one statement."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
import orjson

from shared.persistence import db
from subgraphs.orders.domain.shipment_status import ShipmentStatus


@dataclass(frozen=True, slots=True)
class ShipmentLineView:
    """A line of a shipment as the SDL has it."""

    line_id: UUID
    quantity: int


@dataclass(frozen=True, slots=True)
class ShipmentView:
    """A shipment as the SDL has it."""

    id: UUID
    status: ShipmentStatus
    carrier: str
    tracking_code: str | None
    lines: Sequence[ShipmentLineView]
    created_at: datetime
    delivered_at: datetime | None


_SHIPMENTS = """
SELECT shipment.*, (
  SELECT json_agg(part ORDER BY part.id) FROM shipment_lines AS part WHERE part.shipment_id = shipment.id
) AS lines
FROM shipments AS shipment WHERE shipment.order_id = ANY($1::uuid[]) ORDER BY shipment.created_at, shipment.id
"""

_SHIPPED_QUANTITIES = """
SELECT shipment.order_id, part.line_id, sum(part.quantity) AS quantity
FROM shipments AS shipment JOIN shipment_lines AS part ON part.shipment_id = shipment.id
WHERE shipment.order_id = ANY($1::uuid[]) AND shipment.status IN ('SHIPPED', 'DELIVERED') GROUP BY shipment.order_id,
  part.line_id
"""


async def shipments_of(order_ids: Sequence[UUID]) -> Mapping[UUID, Sequence[ShipmentView]]:
    """The shipments of some orders, oldest first."""
    found: defaultdict[UUID, list[ShipmentView]] = defaultdict(list)
    for row in await db.fetch(_SHIPMENTS, order_ids):
        found[row["order_id"]].append(_shipment(row))
    return found


async def shipped_quantities_of(order_ids: Sequence[UUID]) -> Mapping[UUID, Mapping[UUID, int]]:
    """How many units of each line have left, of those orders that have such lines."""
    found: defaultdict[UUID, dict[UUID, int]] = defaultdict(dict)
    for row in await db.fetch(_SHIPPED_QUANTITIES, order_ids):
        found[row["order_id"]][row["line_id"]] = row["quantity"]
    return found


def _shipment(row: asyncpg.Record) -> ShipmentView:
    lines: Sequence[Mapping[str, Any]] = orjson.loads(row["lines"])
    return ShipmentView(
        id=row["id"],
        status=ShipmentStatus(row["status"]),
        carrier=row["carrier"],
        tracking_code=row["tracking_code"],
        lines=[ShipmentLineView(UUID(line["line_id"]), line["quantity"]) for line in lines],
        created_at=row["created_at"],
        delivered_at=row["delivered_at"],
    )
