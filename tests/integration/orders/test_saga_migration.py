"""The sagas of before keep their rows when they become sagas of several kinds, and when that is undone."""

import asyncpg

from shared.ids import new_id
from shared.persistence.migration import migrate
from tests.backends import Backends
from tests.subgraphs import built, fresh_environment

_ORDER = """
INSERT INTO orders (id, number, customer_id, cart_id, status, email, currency, total_minor,
  recipient, line1, city, country)
VALUES ($1, 'M-0000-0000', $2, $3, 'CONFIRMED', 'ada@example.com', 'EUR', 100, 'Ada', '1 Way', 'London', 'GB')
"""
_BEFORE = "SELECT step, fence, payment_method_id, trace, last_error FROM fulfilments"
_HISTORY = "SELECT actor FROM order_status_history ORDER BY id"


async def test_a_saga_and_its_orders_history_survive_the_way_up_and_down(backends: Backends) -> None:
    environment = await fresh_environment(backends, "orders")
    subgraph = built("orders", environment)
    await migrate(subgraph, "orders.0002_rules")
    database = await asyncpg.connect(environment["ORDERS_DATABASE_URL"])
    order_id, customer_id, cart_id = new_id(), new_id(), new_id()
    try:
        await database.execute("INSERT INTO carts (id) VALUES ($1)", cart_id)
        await database.execute(_ORDER, order_id, customer_id, cart_id)
        await database.execute(
            "INSERT INTO fulfilments (order_id, step, fence, deadline_at, payment_method_id, trace, last_error)"
            " VALUES ($1, 'STUCK', 7, now(), 'pm_card_visa', '{}', 'RELEASE was refused: no')",
            order_id,
        )
        for actor in (f"user:{customer_id}", "fulfilment"):
            await database.execute(
                "INSERT INTO order_status_history (order_id, to_status, reason, actor) VALUES ($1, 'PENDING', 'x', $2)",
                order_id,
                actor,
            )
        before = [tuple(await database.fetchrow(_BEFORE) or ()), await database.fetch(_HISTORY)]
        await migrate(subgraph)
        saga = await database.fetchrow(
            "SELECT id, order_id, kind, step, stuck_step, fence, payment_method_id FROM sagas"
        )
        assert saga is not None
        assert tuple(saga) == (order_id, order_id, "ORDER", "STUCK", "RELEASE", 7, "pm_card_visa")
        moves = await database.fetch("SELECT actor, user_id FROM order_status_history ORDER BY id")
        assert [tuple(move) for move in moves] == [("BUYER", customer_id), ("SHOP", None)]
        assert await database.fetchval("SELECT captured_at = updated_at FROM orders")
        await migrate(subgraph, "orders.0002_rules")
        assert [tuple(await database.fetchrow(_BEFORE) or ()), await database.fetch(_HISTORY)] == before
    finally:
        await database.close()
