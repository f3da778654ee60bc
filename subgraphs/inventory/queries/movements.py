"""Reads of the ledger, a page of each of several variants in one statement."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import asyncpg

from shared.graphql.pagination import Connection, PageRequest, connection
from shared.persistence import db
from subgraphs.inventory.domain.stock import MovementKind
from subgraphs.inventory.domain.warehouse import Warehouse

_LATEST = 2**63 - 1
_PAGES = """
SELECT movement.*, warehouse.code, warehouse.name, warehouse.country, warehouse.priority
FROM unnest($1::uuid[]) AS wanted (variant_id) CROSS JOIN LATERAL (
  SELECT * FROM movements WHERE movements.variant_id = wanted.variant_id AND movements.id < $2
  ORDER BY movements.id DESC LIMIT $3
) AS movement JOIN warehouses AS warehouse ON warehouse.id = movement.warehouse_id ORDER BY movement.id DESC
"""


@dataclass(frozen=True, slots=True)
class MovementView:
    """A line of the ledger as the SDL has it."""

    id: int
    kind: MovementKind
    warehouse: Warehouse
    on_hand_delta: int
    held_delta: int
    order_id: UUID | None
    reason: str
    actor_id: UUID | None
    occurred_at: datetime


async def movement_pages(page: PageRequest, variant_ids: Sequence[UUID]) -> Mapping[UUID, Connection[MovementView]]:
    """The same page of each of several variants, latest first."""
    before = page.after[0] if page.after else _LATEST
    movements: dict[UUID, list[MovementView]] = {variant_id: [] for variant_id in variant_ids}
    for row in await db.fetch(_PAGES, variant_ids, before, page.limit):
        movements[row["variant_id"]].append(_view(row))
    return {variant_id: connection(rows, page, lambda its: (its.id,)) for variant_id, rows in movements.items()}


def _view(row: asyncpg.Record) -> MovementView:
    place = Warehouse(row["warehouse_id"], row["code"], row["name"], row["country"], row["priority"])
    return MovementView(
        id=row["id"],
        kind=MovementKind(row["kind"]),
        warehouse=place,
        on_hand_delta=row["on_hand_delta"],
        held_delta=row["held_delta"],
        order_id=row["order_id"],
        reason=row["reason"],
        actor_id=row["actor_id"],
        occurred_at=row["occurred_at"],
    )
