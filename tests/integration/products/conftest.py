"""Products on real servers."""

from collections.abc import AsyncIterator, Mapping

import asyncpg
import pytest_asyncio

from shared.runtime.subgraph import Subgraph
from tests.backends import Backends
from tests.forks import forked
from tests.identity import Issuer
from tests.subgraphs import Running, connected, fresh_environment, running

SEEDED = 300


async def command(environment: Mapping[str, str], *arguments: str) -> int:
    """Runs ``python -m subgraphs.products`` as a developer would, and answers its exit status."""
    program = await forked("subgraphs.products", *arguments, environment=environment)
    return await program.wait()


@pytest_asyncio.fixture
async def products(backends: Backends) -> AsyncIterator[Subgraph]:
    """Products' commands and queries in this process, on a fresh database."""
    async with connected(backends, "products") as subgraph:
        yield subgraph


@pytest_asyncio.fixture(scope="package")
async def shop(backends: Backends, issuer: Issuer) -> AsyncIterator[Running]:
    """Products as it runs in the mesh, with three hundred of them."""
    environment = {**await fresh_environment(backends, "products", "kafka"), "JWKS_URL": issuer.jwks_url}
    assert await command(environment, "seed", "--products", str(SEEDED)) == 0
    async with running("products", environment) as process:
        yield process


@pytest_asyncio.fixture(scope="package")
async def tables(shop: Running) -> AsyncIterator[asyncpg.Connection]:
    """A look at the shop's tables, past all of products' own code."""
    connection = await asyncpg.connect(shop.environment["PRODUCTS_DATABASE_URL"])
    yield connection
    await connection.close()
