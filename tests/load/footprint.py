"""What a confirmed order leaves on disk:
``python -m tests.load.footprint`` has a shop of its own sell, and looks before and after.

Each order has two lines. Tables are rewritten before they are weighed,
so that what is counted is rows and indexes and no gaps.
"""

import asyncio
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg

from tests.backends import Backends
from tests.chaos.shop import Shop, opened
from tests.identity import start_issuer
from tests.load.report import Row, show
from tests.subgraphs import eventually, fresh_environment, running

ORDERS = 400
BUYERS = 8
VARIANTS = 40
STOCK = 100
COME_AND_GO = {"outbox", "inbox", "idempotency"}  # what shared/persistence/sweeper.py deletes
WEIGHED = ("orders", "payments", "inventory", "notifications")
TABLES = "SELECT relname AS name, pg_total_relation_size(relid) AS bytes FROM pg_stat_user_tables"

Weights = Counter[tuple[str, str]]


async def main() -> None:
    """Measures and prints."""
    issuer, server = start_issuer()
    with tempfile.TemporaryDirectory(prefix="mercato-load-") as folder:
        backends = Backends(Path(folder))
        try:
            mail = await fresh_environment(backends, "notifications", "kafka", "mailbox")
            async with (
                opened(backends, issuer) as shop,
                running("notifications", {**mail, "JWKS_URL": issuer.jwks_url}),
            ):
                show(
                    await _measured(
                        {**shop.environment, "NOTIFICATIONS_DATABASE_URL": mail["NOTIFICATIONS_DATABASE_URL"]}, shop
                    )
                )
        finally:
            await backends.stop()
            server.shutdown()


async def _measured(environment: Mapping[str, str], shop: Shop) -> list[Row]:
    variants = [await shop.variant(STOCK) for _ in range(VARIANTS)]
    await _quiet(environment, shop)
    before = await _weights(environment, shop)
    await _sell(shop, variants)
    await _quiet(environment, shop)
    left = await _weights(environment, shop)
    left.subtract(before)
    return [row for owner in (*WEIGHED, "kafka") for row in _rows(owner, left)]


async def _sell(shop: Shop, variants: list[str]) -> None:
    async def buy(first: int) -> None:
        buyer = shop.buyer()
        for number in range(first, ORDERS, BUYERS):
            await buyer.placed({variants[number % VARIANTS]: 1, variants[(number + 1) % VARIANTS]: 1})

    await asyncio.gather(*(buy(first) for first in range(BUYERS)))
    statuses = await shop.settled()
    if set(statuses.values()) != {"CONFIRMED"}:
        raise RuntimeError(f"not every order was confirmed: {Counter(statuses.values())}")


async def _quiet(environment: Mapping[str, str], shop: Shop) -> None:
    """Waits until every event was sent, and every mail for it."""

    async def look() -> bool:
        if any([await shop.unsent_events(name) for name in shop.processes]):
            return False
        connection = await asyncpg.connect(environment["NOTIFICATIONS_DATABASE_URL"])
        mails = await connection.fetchval("SELECT count(*) FILTER (WHERE status = 'SENT') FROM notifications")
        await connection.close()
        return bool(mails == len(await shop.statuses()))

    await eventually(look, "every event and every mail was sent", 120)


async def _weights(environment: Mapping[str, str], shop: Shop) -> Weights:
    """Bytes by owner and table, and by Kafka's topics."""
    weights: Weights = Counter()
    postgres = await shop.backends.postgres()
    for owner in WEIGHED:
        database = urlsplit(environment[f"{owner.upper()}_DATABASE_URL"]).path.strip("/")
        connection = await asyncpg.connect(postgres.url(database=database))
        await connection.execute("VACUUM FULL")
        weights.update({(owner, row["name"]): row["bytes"] for row in await connection.fetch(TABLES)})
        await connection.close()
    for file in ((await shop.backends.kafka()).data / "log").glob("*.v1-*/*.log"):
        weights["kafka", file.parent.name.rpartition("-")[0]] += file.stat().st_size
    return weights


def _rows(owner: str, left: Weights) -> Iterator[Row]:
    own = Counter({name: size for (whose, name), size in left.items() if whose == owner and size > 0})
    kept = sum(size for name, size in own.items() if name not in COME_AND_GO)
    yield Row(f"{owner}: bytes an order", f"{kept / ORDERS:.0f}", "")
    if swept := own.total() - kept:
        yield Row("  and for 1 to 14 days", f"{swept / ORDERS:.0f}", "")
    for name, size in islice(own.most_common(), 6):
        yield Row(f"  {name}", f"{size / ORDERS:.0f}", "")


if __name__ == "__main__":
    asyncio.run(main())
