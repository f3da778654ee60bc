"""A seeded shop in which nothing moves, each kind of router before it, and who knows what is right."""

import os
import secrets
from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio

from tests.backends import own_backends
from tests.e2e.conftest import orders_knows_the_catalogue
from tests.e2e.mesh import Mesh, started_mesh
from tests.integration.router.kinds import each_kind
from tests.integration.router.processes import NODE, Kind, Router
from tests.integration.router.processes import router as running_router
from tests.property.judge import Judge
from tests.property.stocking import People, stock
from tests.subgraphs import eventually

__all__ = ["each_kind"]

SEED = int(os.environ.get("PROPERTY_SEED") or secrets.randbelow(2**32))


def pytest_report_header() -> str:
    """How to have the same documents again."""
    return f"PROPERTY_SEED={SEED}"


@pytest.fixture(scope="session")
def first_seed() -> int:
    """The seed of the first round of documents; each round after it has the next."""
    return SEED


@pytest_asyncio.fixture(scope="package")
async def mesh() -> AsyncIterator[Mesh]:
    """All subgraphs, seeded, with servers of their own: another mesh may run in this session."""
    async with own_backends() as backends, started_mesh(backends) as mesh:
        yield mesh


@pytest_asyncio.fixture(scope="package")
async def people(mesh: Mesh) -> People:
    """Who asks, and what there is to ask for."""
    async with running_router(NODE, mesh.environment) as router:
        await eventually(lambda: orders_knows_the_catalogue(router), "orders knows the catalogue")
        return await stock(router, mesh)


@pytest_asyncio.fixture(scope="package")
async def router(kind: Kind, mesh: Mesh, people: People) -> AsyncIterator[Router]:
    """The mesh's router."""
    async with running_router(kind, mesh.environment) as running:
        yield running


@pytest.fixture(scope="package")
def judge(router: Router, mesh: Mesh, people: People) -> Iterator[Judge]:
    """Asks the router, and knows what it should say."""
    with Judge(str(router.http.base_url), mesh.environment, people.tokens) as judge:
        yield judge
