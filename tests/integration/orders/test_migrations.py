"""Orders' migrations go up, down and up again, with rows in the tables."""

from uuid import uuid4

import asyncpg

from shared.persistence.migration import migrate
from tests.backends import Backends
from tests.subgraphs import built, fresh_environment


async def test_the_latest_migration_can_be_undone_and_done_again(backends: Backends) -> None:
    environment = await fresh_environment(backends, "orders")
    subgraph = built("orders", environment)
    connection = await asyncpg.connect(environment["ORDERS_DATABASE_URL"])
    try:
        cart_id = uuid4()
        await migrate(subgraph, "orders.0003_sagas")
        await connection.execute("INSERT INTO carts (id) VALUES ($1)", cart_id)
        await connection.execute("INSERT INTO known_stock (variant_id, version, available) VALUES ($1, 1, 5)", uuid4())
        await migrate(subgraph)
        days = await connection.fetchval(
            "SELECT date_part('day', expires_at - created_at) FROM carts WHERE id = $1", cart_id
        )
        assert (days, await connection.fetchval("SELECT is_backorder_allowed FROM known_stock")) == (30, False)
        await migrate(subgraph, "orders.__first__")
        assert await connection.fetchval("SELECT to_regclass('carts')") is None
        await migrate(subgraph)
        assert await connection.fetchval("SELECT count(*) FROM shipments") == 0
    finally:
        await connection.close()
