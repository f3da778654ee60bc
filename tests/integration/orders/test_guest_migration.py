"""Orders of before keep their account and are found by their address; one can go back while no guest has ordered."""

import asyncpg

from shared.email import comparable
from shared.ids import new_id
from shared.persistence.migration import migrate
from subgraphs.orders.infrastructure.rows import COMPARABLE_EMAIL
from tests.backends import Backends
from tests.subgraphs import built, fresh_environment

_ORDER = """
INSERT INTO orders (id, number, customer_id, status, email, currency, total_minor, recipient, line1, city, country)
VALUES ($1, right($1::uuid::text, 11), $2, 'CONFIRMED', 'Ada@Example.com', 'EUR', 200, 'Ada', '1 Way', 'London', 'GB')
"""


async def test_orders_of_before_keep_their_accounts(backends: Backends) -> None:
    environment = await fresh_environment(backends, "orders")
    subgraph = built("orders", environment)
    await migrate(subgraph, "orders.0013_settlements")
    database = await asyncpg.connect(environment["ORDERS_DATABASE_URL"])
    try:
        order_id, customer_id = new_id(), new_id()
        await database.execute(_ORDER, order_id, customer_id)
        for target in (None, "orders.0013_settlements", None):
            await (migrate(subgraph, target) if target else migrate(subgraph))
            assert await database.fetchval("SELECT customer_id FROM orders WHERE id = $1", order_id) == customer_id
        found = f"SELECT id FROM orders WHERE {COMPARABLE_EMAIL} = $1"
        assert await database.fetchval(found, comparable("ADA@example.com")) == order_id
        row = await database.fetchrow("SELECT guest_id, token_expires_at FROM orders WHERE id = $1", order_id)
        assert row is not None
        assert tuple(row) == (None, None)
    finally:
        await database.close()
