"""Prints, as JSON, who holds or waits for the outbox' lock of orders.

``{address: whether it leads}``
"""

import asyncio
import json
import os
from pathlib import Path

import asyncpg

_RELAYS = """SELECT host(relay.client_addr) AS address, bool_or(held.granted IS TRUE) AS leads
    FROM pg_stat_activity relay LEFT JOIN pg_locks held ON held.pid = relay.pid AND held.locktype = 'advisory'
    WHERE relay.datname = current_database() AND relay.application_name = 'relay' GROUP BY 1"""


async def main(database_url: str) -> None:
    """Asks the database."""
    connection = await asyncpg.connect(database_url)
    rows = await connection.fetch(_RELAYS)
    await connection.close()
    print(json.dumps({row["address"]: row["leads"] for row in rows}))


asyncio.run(main(Path(os.environ["SECRETS_DIR"], "ORDERS_DATABASE_URL").read_text().strip()))
