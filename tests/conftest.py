"""Fixtures of all tests."""

from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio
from hypothesis import settings

from tests.backends import *  # noqa: F403 - the fixtures of the real servers
from tests.backends import Backends
from tests.e2e.mesh import Mesh, started_mesh
from tests.identity import Issuer, start_issuer

# An example that takes long on a busy machine proves nothing: no test asserts a time.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """With ``--dist loadgroup``, the tests of a file that belongs to no group stay together."""
    for item in items:
        if item.get_closest_marker("xdist_group") is None:
            item.add_marker(pytest.mark.xdist_group(item.nodeid.partition("::")[0]))


@pytest.fixture(scope="session")
def issuer() -> Iterator[Issuer]:
    """Somebody who issues access tokens."""
    issuer, server = start_issuer()
    yield issuer
    server.shutdown()


@pytest_asyncio.fixture(scope="session")
async def mesh(backends: Backends) -> AsyncIterator[Mesh]:
    """All subgraphs as processes, seeded: one mesh for all tests that go through routers."""
    async with started_mesh(backends) as mesh:
        yield mesh
