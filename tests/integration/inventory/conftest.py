"""Inventory on real servers."""

from collections.abc import AsyncIterator

import pytest_asyncio

from shared.subgraph import Subgraph
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
