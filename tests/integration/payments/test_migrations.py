"""Payments' migrations go up, down and up again, with rows in the tables."""

from uuid import uuid4

import asyncpg

from shared.persistence.migration import migrate
from tests.backends import Backends
from tests.subgraphs import built, fresh_environment

_INSERT = (
    "INSERT INTO payments"
    " (id, order_id, customer_id, provider, provider_reference, authorization_key, status, amount_minor,"
    " currency) VALUES ($1, $2, $3, 'stripe', $4, 'key', $5, 1990, 'EUR')"
)


async def test_the_latest_migrations_can_be_undone_and_done_again(backends: Backends) -> None:
    environment = await fresh_environment(backends, "payments")
    subgraph = built("payments", environment)
    connection = await asyncpg.connect(environment["PAYMENTS_DATABASE_URL"])
    try:
        await migrate(subgraph, "payments.0002_ledger")
        for status in ("AUTHORIZED", "REQUIRES_ACTION"):
            await connection.execute(_INSERT, uuid4(), uuid4(), uuid4(), f"pi_{status}", status)
        await migrate(subgraph)
        rows = await connection.fetch(
            "SELECT status, held_minor, follow_at IS NOT NULL AS is_open FROM payments ORDER BY status"
        )
        assert [tuple(row) for row in rows] == [("AUTHORIZED", 1990, False), ("REQUIRES_ACTION", 0, True)]
        await migrate(subgraph, "payments.__first__")
        assert await connection.fetchval("SELECT to_regclass('payments')") is None
        await migrate(subgraph)
        assert await connection.fetchval("SELECT count(*) FROM disputes") == 0
    finally:
        await connection.close()
