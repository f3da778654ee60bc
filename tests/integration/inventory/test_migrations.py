"""Inventory's migrations go up, down and up again, with rows in the tables."""

from typing import Any
from uuid import UUID

import asyncpg
import orjson

from shared.ids import new_id
from shared.persistence.migration import migrate
from tests.backends import Backends
from tests.contracts import assert_payload_matches
from tests.subgraphs import built, fresh_environment

BEFORE = "inventory.0003_backorders_and_returns"


async def waiting_order(connection: asyncpg.Connection, variant_id: UUID, limit: int | None) -> tuple[UUID, UUID]:
    """An order and its line that waits for two of its three units, from before the migration."""
    order_id, line_id = new_id(), new_id()
    await connection.execute(
        "INSERT INTO stock_items (variant_id, version, is_backorder_allowed, backorder_from, backorder_limit, waiting)"
        " VALUES ($1, 7, true, '2999-12-01', $2, 2)",
        variant_id,
        limit,
    )
    await connection.execute(
        "INSERT INTO reservations (order_id, state, expires_at) VALUES ($1, 'COMMITTED', now())", order_id
    )
    await connection.execute(
        "INSERT INTO reservation_lines (order_id, line_id, variant_id, quantity, waiting)"
        " VALUES ($1, $2, $3, 3, 2), ($1, $4, $3, 1, 0)",
        order_id,
        line_id,
        variant_id,
        new_id(),
    )
    return order_id, line_id


async def told(connection: asyncpg.Connection, key: UUID) -> tuple[str, dict[str, Any]]:
    """The only event of an order or a variant, which is as the contract says."""
    (row,) = await connection.fetch("SELECT type, payload FROM outbox WHERE key = $1", str(key))
    payload = orjson.loads(row["payload"])
    assert_payload_matches(row["type"], payload)
    return row["type"].rpartition(".")[2], payload


async def test_what_waited_before_anybody_was_told_is_told_by_the_migration(backends: Backends) -> None:
    environment = await fresh_environment(backends, "inventory")
    subgraph = built("inventory", environment)
    connection = await asyncpg.connect(environment["INVENTORY_DATABASE_URL"])
    full, free = new_id(), new_id()
    try:
        await migrate(subgraph, BEFORE)
        order_id, line_id = await waiting_order(connection, full, 2)
        await waiting_order(connection, free, None)
        await connection.execute("INSERT INTO stock_items (variant_id, version) VALUES ($1, 1)", new_id())
        await migrate(subgraph)
        kind, payload = await told(connection, order_id)
        (line,) = payload["lines"]
        assert (kind, line["lineId"], line["waiting"]) == ("BackorderChanged", str(line_id), 2)
        kind, payload = await told(connection, full)
        assert (kind, payload["version"], payload["available"], payload["expectedFrom"]) == (
            "StockChanged",
            8,
            0,
            "2999-12-01",
        )
        assert payload["backorder"] == {"isAllowed": False, "availableFrom": None, "remaining": 0}
        _, payload = await told(connection, free)
        assert payload["backorder"] == {"isAllowed": True, "availableFrom": "2999-12-01", "remaining": None}
        assert await connection.fetchval("SELECT count(*) FROM outbox") == 4
        await migrate(subgraph, BEFORE)
        await migrate(subgraph)
    finally:
        await connection.close()
