"""Inventory on real servers."""

from collections.abc import AsyncIterator

import asyncpg
import pytest_asyncio

from shared.ids import new_id
from shared.runtime.subgraph import Subgraph
from tests.backends import Backends
from tests.identity import Issuer
from tests.subgraphs import Running, connected, fresh_environment, running


@pytest_asyncio.fixture
async def inventory(backends: Backends) -> AsyncIterator[Subgraph]:
    """Inventory's commands and queries in this process, on a fresh database."""
    async with connected(backends, "inventory") as subgraph:
        yield subgraph


@pytest_asyncio.fixture(scope="package")
async def inventory_process(backends: Backends, issuer: Issuer) -> AsyncIterator[Running]:
    """Inventory as it runs in the mesh."""
    environment = await fresh_environment(backends, "inventory", "kafka")
    async with running("inventory", {**environment, "JWKS_URL": issuer.jwks_url}) as process:
        yield process


@pytest_asyncio.fixture(scope="package")
async def variant_id(inventory_process: Running) -> str:
    """A variant with 100 units, which no movement explains."""
    connection = await asyncpg.connect(inventory_process.environment["INVENTORY_DATABASE_URL"])
    variant, warehouse = new_id(), new_id()
    await connection.execute(
        "INSERT INTO warehouses (id, code, name, country) VALUES ($1, 'HAM', 'Hamburg', 'DE')", warehouse
    )
    await connection.execute("INSERT INTO stock_items (variant_id, version) VALUES ($1, 1)", variant)
    await connection.execute(
        "INSERT INTO stock_levels (variant_id, warehouse_id, on_hand) VALUES ($1, $2, 100)", variant, warehouse
    )
    await connection.close()
    return str(variant)
