"""Clients of the OpenID provider that the running users has."""

from collections.abc import AsyncIterator

import pytest_asyncio

from tests.backends import Backends
from tests.integration.users.conftest import CHEAP_PASSWORDS
from tests.integration.users.openid.visitor import REDIRECT_URI, SIGNED_OUT_URI, Client, added
from tests.integration.users.shoppers import Shop, Shopper
from tests.subgraphs import fresh_environment, running


@pytest_asyncio.fixture(scope="package")
async def shop(backends: Backends) -> AsyncIterator[Shop]:
    """Users as it runs in the mesh."""
    environment = await fresh_environment(backends, "users", "kafka", "valkey")
    async with running("users", {**environment, **CHEAP_PASSWORDS}) as process:
        yield Shop(process)


@pytest_asyncio.fixture(scope="package")
async def client(shop: Shop) -> Client:
    """One that signs people in, and keeps a secret."""
    return await added(shop, "--redirect-uri", REDIRECT_URI, "--post-logout-redirect-uri", SIGNED_OUT_URI)


@pytest_asyncio.fixture(scope="package")
async def other(shop: Shop) -> Client:
    """Another one, of the same address."""
    return await added(shop, "--redirect-uri", REDIRECT_URI)


@pytest_asyncio.fixture(scope="package")
async def app(shop: Shop) -> Client:
    """One that can keep no secret."""
    return await added(shop, "--redirect-uri", REDIRECT_URI, "--public")


@pytest_asyncio.fixture(scope="package")
async def machine(shop: Shop) -> Client:
    """One that comes for itself."""
    return await added(shop, "--scope", "orders:read inventory:read")


@pytest_asyncio.fixture
async def ada(shop: Shop) -> Shopper:
    """Somebody with an account."""
    return await shop.shopper()
