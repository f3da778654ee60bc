"""The whole mesh behind each kind of router."""

from collections.abc import AsyncIterator

import pytest_asyncio

from tests.e2e.mesh import Mesh
from tests.e2e.shopper import Shopper, offers, register
from tests.integration.router.kinds import each_kind
from tests.integration.router.processes import Kind, Router
from tests.integration.router.processes import router as running_router
from tests.subgraphs import eventually

__all__ = ["each_kind"]


@pytest_asyncio.fixture(scope="package")
async def router(kind: Kind, mesh: Mesh) -> AsyncIterator[Router]:
    """The mesh's router."""
    async with running_router(kind, mesh.environment) as running:
        await eventually(lambda: orders_knows_the_catalogue(running), "orders knows the catalogue")
        yield running


async def orders_knows_the_catalogue(router: Router) -> bool:
    """Whether what the router lists can be put into a cart."""
    shopper = await register(router)
    try:
        for offer in await offers(router):
            await shopper.cart_with((offer["id"], 1))
    except AssertionError:
        return False
    return True


@pytest_asyncio.fixture
async def shopper(router: Router) -> Shopper:
    """Somebody new."""
    return await register(router)
