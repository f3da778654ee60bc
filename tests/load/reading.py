"""What reading costs: ``python -m tests.load.reading`` has products list and inventory tell stock,
and asks for their CPU time.

Both requests of a federated listing of 20 are made as a router makes them.
CPU time hardly depends on what else a machine does, as requests a second do.
"""

import asyncio
import os
import sys
import tempfile
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

import asyncpg
import psutil

from tests.backends import Backends
from tests.load.client import measure
from tests.load.report import Row, show
from tests.subgraphs import Running, fresh_environment, running

PRODUCTS = 2_000
PAGE = 20
READERS = 8
REQUESTS = 2_000
LISTING = """query Listing($after: String) { products(first: 20, after: $after) { nodes {
  id title priceRange { min { amount currency } } category { name }
  defaultVariant { __typename id price { amount } } } } }"""
CURSORS = """query ($after: String) { products(first: 100, after: $after) {
  edges { cursor } pageInfo { hasNextPage endCursor } } }"""

Ask = Callable[[int], Awaitable[Any]]


async def main() -> None:
    """Measures and prints."""
    with tempfile.TemporaryDirectory(prefix="mercato-load-") as folder:
        backends = Backends(Path(folder))
        try:
            catalogue, stock = await _filled(backends, "products"), await _filled(backends, "inventory")
            postgres = (await backends.postgres()).process.pid
            assert postgres is not None
            async with (
                running("products", catalogue, "serve") as products,
                running("inventory", stock, "serve") as inventory,
            ):
                rows = [
                    *await _costs("a listing of 20", products, postgres, await _listing(products)),
                    *await _costs("the stock of 20", inventory, postgres, await _stock(inventory)),
                ]
        finally:
            await backends.stop()
    show(rows)


async def _filled(backends: Backends, name: str) -> Mapping[str, str]:
    environment = await fresh_environment(backends, name)
    seed = (sys.executable, "-m", f"subgraphs.{name}", "seed", "--products", str(PRODUCTS))
    seeding = await asyncio.create_subprocess_exec(*seed, env={**os.environ, **environment})
    if await seeding.wait():
        raise RuntimeError(f"{name} was not seeded")
    return environment


async def _listing(products: Running) -> Ask:
    """A page that begins at another product each time."""
    cursors: list[str] = []
    after: str | None = None
    while len(cursors) < PRODUCTS:
        page = (await products.graphql(CURSORS, {"after": after}))["data"]["products"]
        cursors += [edge["cursor"] for edge in page["edges"]]
        after = page["pageInfo"]["endCursor"]
    return lambda number: products.graphql(LISTING, {"after": cursors[number % (PRODUCTS - PAGE)]})


async def _stock(inventory: Running) -> Ask:
    """What there is of 20 variants, others each time."""
    connection = await asyncpg.connect(inventory.environment["INVENTORY_DATABASE_URL"])
    ids = [str(row["variant_id"]) for row in await connection.fetch("SELECT variant_id FROM stock_items")]
    await connection.close()

    def ask(number: int) -> Awaitable[Any]:
        first = number % (len(ids) - PAGE)
        return inventory.entities("ProductVariant", ids[first : first + PAGE], "{ stock { available status } }")

    return ask


async def _costs(what: str, subgraph: Running, postgres: int, ask: Ask) -> list[Row]:
    async def read(number: int) -> None:
        answer = await ask(number)
        if "errors" in answer:
            raise RuntimeError(f"{what}: {answer['errors']}")

    await measure(read, READERS, 60, REQUESTS // 4)  # documents are compiled, connections are open
    before = _cpu_seconds(subgraph.process.pid), _cpu_seconds(postgres)
    done = await measure(read, READERS, 120, REQUESTS)
    after = _cpu_seconds(subgraph.process.pid), _cpu_seconds(postgres)
    shares = [1000 * (late - early) / len(done.durations) for early, late in zip(before, after, strict=True)]
    return [
        Row(f"CPU time of {what}: {subgraph.name}", f"{shares[0]:.2f} ms", ""),
        Row("  Postgres", f"{shares[1]:.2f} ms", ""),
    ]


def _cpu_seconds(pid: int) -> float:
    """Of a process and its children, also of those that ended."""
    process = psutil.Process(pid)
    own = process.cpu_times()
    children = sum(sum(child.cpu_times()[:2]) for child in process.children(recursive=True))
    return own.user + own.system + own.children_user + own.children_system + children


if __name__ == "__main__":
    asyncio.run(main())
