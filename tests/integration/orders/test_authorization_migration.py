"""Shipments of before that no retry can help wait for nobody any more, and their orders say what may be done."""

import asyncpg

from shared.ids import new_id
from shared.persistence.migration import migrate
from tests.backends import Backends
from tests.subgraphs import built, fresh_environment

_ORDER = """
INSERT INTO orders (id, number, customer_id, status, email, currency, total_minor,
  recipient, line1, city, country, captured_at)
VALUES ($1, right($1::uuid::text, 11), $1, 'CONFIRMED', 'ada@example.com', 'EUR', 200, 'Ada', '1 Way', 'London', 'GB',
  CASE WHEN $2 THEN now() END)
"""
_SAGA = """
INSERT INTO sagas (id, order_id, kind, step, stuck_step, last_error, due_at, trace)
VALUES ($1, $2, 'SHIPMENT', 'STUCK', 'CAPTURE', $3, NULL, '{}')
"""
_FOUND = """
SELECT sagas.last_error, sagas.step, orders.authorization_ended
FROM sagas JOIN orders ON orders.id = sagas.order_id
"""


_CASES = [
    ("CAPTURE was declined: expired", False, "FAILED", "CAPTURE was declined: expired"),
    ("CAPTURE was refused: its provider is not configured here", False, "STUCK", None),
    ("The money was taken for a parcel, but it must wait.", True, "FAILED", None),
]


async def test_a_shipment_of_before_is_retried_only_if_that_can_help(backends: Backends) -> None:
    environment = await fresh_environment(backends, "orders")
    subgraph = built("orders", environment)
    await migrate(subgraph, "orders.0011_reopened_carts")
    database = await asyncpg.connect(environment["ORDERS_DATABASE_URL"])
    try:
        for error, is_captured, _, _ in _CASES:
            order_id = new_id()
            await database.execute(_ORDER, order_id, is_captured)
            await database.execute(_SAGA, new_id(), order_id, error)
        await migrate(subgraph)
        found = await database.fetch(_FOUND)
        assert {row["last_error"]: (row["step"], row["authorization_ended"]) for row in found} == {
            error: (step, ended) for error, _, step, ended in _CASES
        }
    finally:
        await database.close()
