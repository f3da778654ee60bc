"""Orders of before have the status that follows from what became of their pieces, and refunds say who gave them."""

import asyncpg
import pytest

from shared.ids import new_id
from shared.persistence.migration import migrate
from tests.backends import Backends
from tests.subgraphs import built, fresh_environment

_ORDER = """
INSERT INTO orders (id, number, customer_id, cart_id, status, email, currency, total_minor,
  recipient, line1, city, country)
VALUES ($1, 'M-0000-0000', $1, $1, $2, 'ada@example.com', 'EUR', 200, 'Ada', '1 Way', 'London', 'GB')
"""
_LINE = """
INSERT INTO order_lines (id, order_id, position, variant_id, title, sku, quantity, unit_price_minor)
VALUES ($1, $2, 1, $1, 'Lamp', 'L', 2, 100)
"""
_PARCEL = """
WITH parcel AS (
  INSERT INTO shipments (id, order_id, status, carrier, user_id, delivered_at)
  VALUES (gen_random_uuid(), $1, $3::text, 'DHL', $1, CASE WHEN $3::text = 'DELIVERED' THEN now() END) RETURNING id
)
INSERT INTO shipment_lines (shipment_id, line_id, quantity) SELECT id, $2, $4 FROM parcel
"""
_REFUND = """
WITH refund AS (
  INSERT INTO refunds (id, order_id, status, amount_minor, reason, is_restocking)
  VALUES ($1, $2, $4, 100, 'x', false) RETURNING id
)
INSERT INTO refund_lines (refund_id, line_id, quantity) SELECT id, $3, 1 FROM refund
"""


@pytest.mark.parametrize(
    ("status", "parcel", "sent", "refund", "expected"),
    [
        ("PARTIALLY_SHIPPED", "DELIVERED", 1, "DONE", "DELIVERED"),
        ("PARTIALLY_SHIPPED", "SHIPPED", 1, "DONE", "SHIPPED"),
        ("SHIPPED", "SHIPPED", 1, "FAILED", "PARTIALLY_SHIPPED"),
        ("DELIVERED", "DELIVERED", 1, "PENDING", "PARTIALLY_SHIPPED"),
        ("SHIPPED", "SHIPPED", 2, "FAILED", "SHIPPED"),
        ("DELIVERED", "DELIVERED", 2, "DONE", "DELIVERED"),
        ("REFUNDED", "SHIPPED", 1, "DONE", "REFUNDED"),
    ],
)
async def test_an_order_of_before_is_put_right(
    backends: Backends, status: str, parcel: str, sent: int, refund: str, expected: str
) -> None:
    environment = await fresh_environment(backends, "orders")
    subgraph = built("orders", environment)
    await migrate(subgraph, "orders.0005_backorders")
    database = await asyncpg.connect(environment["ORDERS_DATABASE_URL"])
    order_id, line_id, refund_id = new_id(), new_id(), new_id()
    try:
        await database.execute("INSERT INTO carts (id) VALUES ($1)", order_id)
        await database.execute(_ORDER, order_id, status)
        await database.execute(_LINE, line_id, order_id)
        await database.execute(_PARCEL, order_id, line_id, parcel, sent)
        await database.execute(_REFUND, refund_id, order_id, line_id, refund)
        await database.execute(
            "INSERT INTO refunds (id, order_id, status, amount_minor, reason, is_restocking)"
            " VALUES ($1, $1, 'DONE', 1, 'x', true)",
            order_id,
        )
        await migrate(subgraph)
        moves = await database.fetch("SELECT from_status, to_status, actor FROM order_status_history")
        assert [tuple(move) for move in moves] == ([] if status == expected else [(status, expected, "SHOP")])
        assert await database.fetchval("SELECT status FROM orders") == expected
        sources = await database.fetch("SELECT id, source FROM refunds")
        assert {row["id"]: row["source"] for row in sources} == {refund_id: "REQUESTED", order_id: "CANCELLATION"}
        await migrate(subgraph, "orders.0005_backorders")
        assert await database.fetchval("SELECT to_regclass('disputes')") is None
    finally:
        await database.close()
