"""Reads of the ledger, a page of each of several variants in one statement."""

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import asyncpg

from shared.graphql.pagination import Connection, PageRequest, connection
from shared.persistence import db
from shared.runtime import callers
from subgraphs.inventory.domain.stock import MovementKind
from subgraphs.inventory.domain.warehouse import Warehouse

_LATEST = 2**63 - 1
_PAGES = """
SELECT movement.*, warehouse.code, warehouse.name, warehouse.country, warehouse.priority
FROM unnest($1::uuid[]) AS wanted (variant_id) CROSS JOIN LATERAL (
  SELECT * FROM movements WHERE movements.variant_id = wanted.variant_id AND movements.id < $2 ORDER BY movements.id DESC LIMIT $3
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


class MovementPages:
    """The movements of variants that one request asks for: the first who needs a page loads it for all of them."""

    def __init__(self, variant_ids: Sequence[UUID]) -> None:
        self._variant_ids = variant_ids
        self._loading: dict[PageRequest, asyncio.Task[Mapping[UUID, list[MovementView]]]] = {}

    async def page(self, variant_id: UUID, page: PageRequest) -> Connection[MovementView]:
        """A page of one of the variants, latest first."""
        if page not in self._loading:
            self._loading[page] = callers.start(_movements(self._variant_ids, page))
        rows = (await asyncio.shield(self._loading[page])).get(variant_id, [])
        return connection(rows, page, lambda movement: (movement.id,))


async def _movements(variant_ids: Sequence[UUID], page: PageRequest) -> Mapping[UUID, list[MovementView]]:
    before = page.after[0] if page.after else _LATEST
    movements: defaultdict[UUID, list[MovementView]] = defaultdict(list)
    for row in await db.fetch(_PAGES, variant_ids, before, page.limit):
        movements[row["variant_id"]].append(_view(row))
    return movements


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
