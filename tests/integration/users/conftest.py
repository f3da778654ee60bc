"""Users on real servers."""

from collections.abc import AsyncIterator

import pytest_asyncio

from shared.runtime.subgraph import Subgraph
from tests.backends import Backends
from tests.integration.users.shoppers import Shop
from tests.subgraphs import connected, fresh_environment, running

CHEAP_PASSWORDS = {"USERS_ARGON2_PASSES": "1", "USERS_ARGON2_MEMORY_KIB": "8192", "USERS_ARGON2_LANES": "1"}


@pytest_asyncio.fixture
async def users(backends: Backends) -> AsyncIterator[Subgraph]:
    """The commands and queries of users in this process, on a fresh database."""
    async with connected(backends, "users") as subgraph:
        yield subgraph


@pytest_asyncio.fixture(scope="package")
async def shop(backends: Backends) -> AsyncIterator[Shop]:
    """Users as it runs in the mesh: it checks tokens with the keys that it publishes itself."""
    environment = await fresh_environment(backends, "users", "kafka", "valkey")
    async with running("users", {**environment, **CHEAP_PASSWORDS}) as process:
        yield Shop(process)
