"""Stock and its ledger in Postgres: the SQL of this file alone writes stock_items, stock_levels and movements.

Every change first locks the items of its variants and all their levels, in the order of their ids: of two orders for
the same variants one waits for the other, and they never wait in a circle. One statement locks and reads: Postgres
answers each locked row as its last change left it, which a read beside the lock would not. The lock lets foreign keys
refer to its rows, so that units can be allocated to an order that is waiting for this lock. Whoever changes the state
of a reservation has locked its variants, too; so who holds these locks can rely on the states of all reservations of
the variants.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import asyncpg

from shared.json import dumps
from shared.persistence import db, outbox
from subgraphs.inventory.domain.events import announcements, backorders_changed, noticed
from subgraphs.inventory.domain.promise import WaitingLine
from subgraphs.inventory.domain.stock import Change, Item, Level, Stock
from subgraphs.inventory.domain.warehouse import Warehouse
from subgraphs.inventory.infrastructure.rows import item_of

STOCK_COLUMNS = """
  item.variant_id, item.version, item.low_stock_threshold,
  item.is_backorder_allowed, item.backorder_from, item.backorder_limit, item.waiting,
  level.warehouse_id, level.on_hand, level.held, warehouse.priority
"""
STOCK_TABLES = """
  stock_items AS item JOIN stock_levels AS level ON level.variant_id = item.variant_id
  JOIN warehouses AS warehouse ON warehouse.id = level.warehouse_id
"""
IN_KEY_ORDER = "ORDER BY item.variant_id, level.warehouse_id"

_LOCK = f"""
SELECT {STOCK_COLUMNS} FROM {STOCK_TABLES} WHERE item.variant_id = ANY(:variant_ids::uuid[])
{IN_KEY_ORDER} FOR NO KEY UPDATE OF item, level
"""  # noqa: S608 - constants

# The levels follow the movements that were just inserted by the query `moved`:
# the ledger explains them by construction.
MOVED_COLUMNS = "variant_id, warehouse_id, on_hand_delta, held_delta"
LEVELS_FOLLOW = """
levelled AS (
  UPDATE stock_levels AS level SET on_hand = level.on_hand + delta.on_hand, held = level.held + delta.held
  FROM (
    SELECT variant_id, warehouse_id, sum(on_hand_delta)::int AS on_hand, sum(held_delta)::int AS held
    FROM moved GROUP BY 1, 2
  ) AS delta
  WHERE level.variant_id = delta.variant_id AND level.warehouse_id = delta.warehouse_id
)
"""
# Queries of a WITH; their parameters are made by ``parameters``.
WRITTEN = f"""
moved AS (
  INSERT INTO movements (kind, variant_id, warehouse_id, on_hand_delta, held_delta, order_id, reason, actor_id)
  SELECT kind, variant_id, warehouse_id, on_hand, held, order_id, reason, actor_id
  FROM json_to_recordset(:movements::json) AS movement
    (kind text, variant_id uuid, warehouse_id uuid, on_hand int, held int, order_id uuid, reason text, actor_id uuid)
  RETURNING {MOVED_COLUMNS}
),
{LEVELS_FOLLOW},
itemized AS (
  UPDATE stock_items AS item SET version = item.version + delta.versions, waiting = item.waiting + delta.waiting
  FROM json_to_recordset(:items::json) AS delta (variant_id uuid, versions int, waiting int)
  WHERE item.variant_id = delta.variant_id
),
{outbox.PUBLISHED}
"""  # noqa: S608 - constants
_SAVE = f"WITH {WRITTEN} SELECT"
_SAVE_RULES = """
UPDATE stock_items SET version = :version, low_stock_threshold = :threshold, is_backorder_allowed = :is_allowed,
  backorder_from = :available_from, backorder_limit = :limit
WHERE variant_id = :variant_id
"""
_ADD_LEVEL = "INSERT INTO stock_levels (variant_id, warehouse_id) VALUES (:variant_id, :warehouse_id)"


class PostgresStock:
    """The port StockRepository, in the task's transaction."""

    async def lock(self, variant_ids: Iterable[UUID]) -> Stock:
        return stock_of(await db.fetch(_LOCK, variant_ids=sorted(set(variant_ids))))

    async def save(self, stock: Stock, change: Change, lines: Sequence[WaitingLine] = ()) -> Stock:
        await db.execute(_SAVE, **parameters(stock, change, lines))
        return stock.after(change)

    async def save_rules(self, item: Item) -> None:
        await db.execute(
            _SAVE_RULES,
            variant_id=item.variant_id,
            version=item.version,
            threshold=item.low_stock_threshold,
            is_allowed=item.backorders.is_allowed,
            available_from=item.backorders.available_from,
            limit=item.backorders.limit,
        )

    async def add_level(self, stock: Stock, variant_id: UUID, warehouse: Warehouse) -> Stock:
        await db.execute(_ADD_LEVEL, variant_id=variant_id, warehouse_id=warehouse.id)
        return replace(stock, levels=[*stock.levels, Level(variant_id, warehouse.id, 0, 0, warehouse.priority)])


def parameters(stock: Stock, change: Change, lines: Sequence[WaitingLine] = ()) -> dict[str, str]:
    """What ``WRITTEN`` takes: movements, items and events as JSON."""
    now = datetime.now(UTC)
    events = list(announcements(stock, stock.after(change), now))
    return {
        "movements": _movements(change),
        "items": _items(stock, change, noticed(events)),
        "events": outbox.as_json([*events, *backorders_changed(lines, now)]),
    }


def stock_of(found: Sequence[asyncpg.Record]) -> Stock:
    """Rows with ``STOCK_COLUMNS`` as stock."""
    items: Mapping[UUID, Item] = {row["variant_id"]: item_of(row) for row in found}
    return Stock(items, [_level(row) for row in found])


def _level(row: asyncpg.Record) -> Level:
    return Level(row["variant_id"], row["warehouse_id"], row["on_hand"], row["held"], row["priority"])


def _movements(change: Change) -> str:
    movements = [
        {
            "kind": movement.kind,
            "variant_id": movement.variant_id,
            "warehouse_id": movement.warehouse_id,
            "on_hand": movement.on_hand,
            "held": movement.held,
            "order_id": movement.cause.order_id,
            "reason": movement.cause.reason,
            "actor_id": movement.cause.actor_id,
        }
        for movement in change.movements
    ]
    return dumps(movements).decode()


def _items(stock: Stock, change: Change, noticed_variants: set[UUID]) -> str:
    touched = [
        variant_id for variant_id in stock.items if variant_id in noticed_variants or change.waiting.get(variant_id)
    ]
    items = [
        {
            "variant_id": variant_id,
            "versions": int(variant_id in noticed_variants),
            "waiting": change.waiting.get(variant_id, 0),
        }
        for variant_id in touched
    ]
    return dumps(items).decode()
