"""Each adapter in turn."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.backends import Backends
from tests.contract.providers.shops import DOUBLE_SHOPS, SHOPS, DoubleShop, Shop


@pytest_asyncio.fixture(scope="package", params=SHOPS.values(), ids=SHOPS.keys())
async def shop(request: pytest.FixtureRequest, backends: Backends) -> AsyncIterator[Shop]:
    """An adapter and its provider."""
    async with request.param(backends) as shop:
        yield shop


@pytest_asyncio.fixture(scope="package", params=DOUBLE_SHOPS.values(), ids=DOUBLE_SHOPS.keys())
async def running_double_shop(request: pytest.FixtureRequest, backends: Backends) -> AsyncIterator[DoubleShop]:
    async with request.param(backends) as shop:
        yield shop


@pytest_asyncio.fixture
async def double_shop(running_double_shop: DoubleShop) -> AsyncIterator[DoubleShop]:
    """An adapter whose provider can be told to fail; that ends with the test."""
    yield running_double_shop
    await running_double_shop.double.reset()
