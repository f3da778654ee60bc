"""Orders of before have the status that follows from what became of their units, and refunds say who gave them."""

from collections.abc import AsyncIterator
from uuid import UUID

import asyncpg
import pytest
import pytest_asyncio

from shared.ids import new_id
from shared.persistence.migration import migrate
from tests.backends import Backends
from tests.subgraphs import built, fresh_environment

_ORDER = """
INSERT INTO orders (id, number, customer_id, cart_id, status, email, currency, total_minor,
  recipient, line1, city, country)
VALUES ($1, right($1::uuid::text, 11), $1, $1, $2, 'ada@example.com', 'EUR', 200, 'Ada', '1 Way', 'London', 'GB')
"""
_LINE = """
INSERT INTO order_lines (id, order_id, position, variant_id, title, sku, quantity, unit_price_minor)
VALUES ($1, $2, 1, $1, 'Lamp', 'L', 2, 100)
"""
_SHIPMENT = """
WITH shipment AS (
  INSERT INTO shipments (id, order_id, status, carrier, user_id, delivered_at)
  VALUES (gen_random_uuid(), $1, $3::text, 'DHL', $1, CASE WHEN $3::text = 'DELIVERED' THEN now() END) RETURNING id
)
INSERT INTO shipment_lines (shipment_id, line_id, quantity) SELECT id, $2, $4 FROM shipment
"""
_REFUND = """
WITH refund AS (
  INSERT INTO refunds (id, order_id, status, amount_minor, reason, is_restocking)
  VALUES ($1, $2, $4, 100, 'x', false) RETURNING id
)
INSERT INTO refund_lines (refund_id, line_id, quantity) SELECT id, $3, 1 FROM refund
"""
_CANCELLATION = """
INSERT INTO refunds (id, order_id, status, amount_minor, reason, is_restocking) VALUES ($1, $1, 'DONE', 1, 'x', true)
"""


_CASES = [
    ("PARTIALLY_SHIPPED", "DELIVERED", 1, "DONE", "DELIVERED"),
    ("PARTIALLY_SHIPPED", "SHIPPED", 1, "DONE", "SHIPPED"),
    ("SHIPPED", "SHIPPED", 1, "FAILED", "PARTIALLY_SHIPPED"),
    ("DELIVERED", "DELIVERED", 1, "PENDING", "PARTIALLY_SHIPPED"),
    ("SHIPPED", "SHIPPED", 2, "FAILED", "SHIPPED"),
    ("DELIVERED", "DELIVERED", 2, "DONE", "DELIVERED"),
    ("REFUNDED", "SHIPPED", 1, "DONE", "REFUNDED"),
]
_IDS = [new_id() for _ in _CASES]


@pytest_asyncio.fixture(scope="module")
async def migrated(backends: Backends) -> AsyncIterator[asyncpg.Connection]:
    """A database with an order of each case, which was there before the migration; each refund has its order's id."""
    environment = await fresh_environment(backends, "orders")
    subgraph = built("orders", environment)
    await migrate(subgraph, "orders.0005_backorders")
    database = await asyncpg.connect(environment["ORDERS_DATABASE_URL"])
    try:
        for order_id, case in zip(_IDS, _CASES, strict=True):
            await _add(database, order_id, *case[:4])
        await migrate(subgraph)
        yield database
        await migrate(subgraph, "orders.0005_backorders")
        assert await database.fetchval("SELECT to_regclass('disputes')") is None
    finally:
        await database.close()


async def _add(
    database: asyncpg.Connection, order_id: UUID, status: str, shipment: str, sent: int, refund: str
) -> None:
    line_id = new_id()
    await database.execute("INSERT INTO carts (id) VALUES ($1)", order_id)
    await database.execute(_ORDER, order_id, status)
    await database.execute(_LINE, line_id, order_id)
    await database.execute(_SHIPMENT, order_id, line_id, shipment, sent)
    await database.execute(_REFUND, new_id(), order_id, line_id, refund)
    await database.execute(_CANCELLATION, order_id)


@pytest.mark.parametrize(("order_id", "case"), [*zip(_IDS, _CASES, strict=True)], ids=[*map(str, _CASES)])
async def test_an_order_of_before_is_put_right(
    migrated: asyncpg.Connection, order_id: UUID, case: tuple[str, str, int, str, str]
) -> None:
    before, *_, expected = case
    history = "SELECT from_status, to_status, actor FROM order_status_history WHERE order_id = $1"
    transitions = [tuple(row) for row in await migrated.fetch(history, order_id)]
    assert transitions == ([] if before == expected else [(before, expected, "SHOP")])
    assert await migrated.fetchval("SELECT status FROM orders WHERE id = $1", order_id) == expected
    sources = await migrated.fetch("SELECT id = order_id AS is_all, source FROM refunds WHERE order_id = $1", order_id)
    assert {row["is_all"]: row["source"] for row in sources} == {False: "REQUESTED", True: "CANCELLATION"}
