"""A shop for all tests of this folder, and one with servers of its own for those that break the servers."""

from collections.abc import AsyncIterator

import pytest_asyncio

from tests.backends import Backends
from tests.chaos.shop import Shop, opened
from tests.identity import Issuer


@pytest_asyncio.fixture(scope="package", loop_scope="session")
async def shop(backends: Backends, issuer: Issuer) -> AsyncIterator[Shop]:
    """The shop. Each test ends by waiting until it is settled and by reconciling its books."""
    async with opened(backends, issuer) as shop:
        yield shop


@pytest_asyncio.fixture(autouse=True, loop_scope="session")
async def nobody_is_missing(shop: Shop) -> None:
    """What a test before this one has killed is there again."""
    await shop.all_are_up()
