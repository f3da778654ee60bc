"""A shop for all tests of this folder, and one with servers of its own for those that break the servers."""

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.backends import Backends
from tests.chaos.shop import Shop, opened
from tests.identity import Issuer

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Gives each of several workers one of the longest tests first.

    A worker that begins one late ends long after the others.

    xdist's ``worksteal`` deals the tests as they stand:
    to each worker as many that follow one another as to the others.
    """
    if all(item.path.parent == HERE for item in items):
        longest = [item for item in items if item.get_closest_marker("longest")]
        items[:] = [item for item in items if item not in longest]
        workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
        share = (len(items) + len(longest)) // workers
        for number, item in enumerate(longest):
            items.insert(number * share, item)


@pytest_asyncio.fixture(scope="package", loop_scope="session")
async def shop(backends: Backends, issuer: Issuer) -> AsyncIterator[Shop]:
    """The shop. Each test ends by waiting until it is settled and by reconciling its books."""
    async with opened(backends, issuer) as shop:
        yield shop


@pytest_asyncio.fixture(autouse=True, loop_scope="session")
async def nobody_is_missing(shop: Shop) -> None:
    """What a test before this one has killed is there again."""
    await shop.all_are_up()
