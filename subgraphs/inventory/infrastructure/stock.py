"""Stock levels and their ledger in Postgres.

Every change first locks the items of its variants, in the order of their ids: two orders for the same variants take turns and
never wait for each other in a circle.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from shared import db
from shared.outbox import publish
from subgraphs.inventory.domain.events import stock_changed
from subgraphs.inventory.domain.stock import Level


class MovementKind(StrEnum):
    """Why stock changed."""

    RECEIVED = "RECEIVED"
    ADJUSTED = "ADJUSTED"
    HELD = "HELD"
    RELEASED = "RELEASED"
    EXPIRED = "EXPIRED"
    SOLD = "SOLD"


@dataclass(frozen=True, slots=True)
class Change:
    """A movement to apply to one level."""

    variant_id: UUID
    warehouse_id: UUID
    on_hand: int
    held: int


async def locked_levels(variant_ids: Iterable[UUID]) -> list[Level]:
    """The levels of some variants, nobody else's to change until the transaction ends. Unknown variants have none."""
    ids = sorted(set(variant_ids))
    await db.execute("SELECT 1 FROM stock_items WHERE variant_id = ANY($1::uuid[]) ORDER BY variant_id FOR UPDATE", ids)
    rows = await db.fetch(
        "SELECT variant_id, warehouse_id, on_hand, held FROM stock_levels WHERE variant_id = ANY($1::uuid[])", ids
    )
    return [Level(**row) for row in rows]


async def apply_changes(kind: MovementKind, changes: Sequence[Change], reason: str, order_id: UUID | None = None) -> None:
    """Applies changes to locked levels, writes them into the ledger and publishes what shoppers can notice of them."""
    merged = _merged(changes)
    await db.execute_many(
        "UPDATE stock_levels SET on_hand = on_hand + $3, held = held + $4 WHERE variant_id = $1 AND warehouse_id = $2",
        [(change.variant_id, change.warehouse_id, change.on_hand, change.held) for change in merged],
    )
    await db.execute_many(
        "INSERT INTO movements (kind, variant_id, warehouse_id, on_hand_delta, held_delta, order_id, reason)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7)",
        [(kind, change.variant_id, change.warehouse_id, change.on_hand, change.held, order_id, reason) for change in merged],
    )
    await _publish_availability({change.variant_id for change in merged if change.on_hand != change.held})


def _merged(changes: Sequence[Change]) -> list[Change]:
    """One change per level: two lines of an order may take the same variant from the same warehouse."""
    on_hand: Counter[tuple[UUID, UUID]] = Counter()
    held: Counter[tuple[UUID, UUID]] = Counter()
    for change in changes:
        on_hand[change.variant_id, change.warehouse_id] += change.on_hand
        held[change.variant_id, change.warehouse_id] += change.held
    return [Change(*place, on_hand[place], held[place]) for place in sorted(on_hand)]


async def _publish_availability(variant_ids: set[UUID]) -> None:
    rows = await db.fetch(
        "WITH changed AS (UPDATE stock_items SET version = version + 1 WHERE variant_id = ANY($1::uuid[]) RETURNING *)"
        " SELECT changed.variant_id, changed.version, sum(level.on_hand - level.held)::int AS available, now() AS occurred_at"
        " FROM changed JOIN stock_levels AS level USING (variant_id) GROUP BY 1, 2 ORDER BY 1",
        sorted(variant_ids),
    )
    await publish(*(stock_changed(**row) for row in rows))
