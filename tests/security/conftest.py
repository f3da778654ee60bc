"""The whole mesh behind each kind of router, and what all of them say kept in files."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.backends import Backends
from tests.e2e.mesh import Mesh, started_mesh
from tests.integration.router.kinds import each_kind
from tests.integration.router.processes import Kind
from tests.security.besieged import CHEAP_GUESSES, Besieged, besieged_behind

__all__ = ["each_kind"]


@pytest_asyncio.fixture(scope="package")
async def besieged_mesh(backends: Backends, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Mesh]:
    """All subgraphs, seeded."""
    async with started_mesh(backends, tmp_path_factory.mktemp("said"), **CHEAP_GUESSES) as mesh:
        yield mesh


@pytest_asyncio.fixture(scope="package")
async def everything(kind: Kind, besieged_mesh: Mesh, backends: Backends) -> AsyncIterator[Besieged]:
    """The mesh behind a router."""
    assert besieged_mesh.logs is not None
    async with besieged_behind(besieged_mesh, backends, kind, besieged_mesh.logs) as besieged:
        yield besieged
