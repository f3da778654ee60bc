"""Routers in front of doubles of users, products and inventory; the other subgraphs are down."""

import contextlib
from collections.abc import AsyncIterator

import pytest

from tests.identity import Issuer
from tests.integration.router.kinds import each_kind
from tests.integration.router.processes import NODE, Double, Kind, Router, double, router_environment
from tests.integration.router.processes import router as running_router

__all__ = ["each_kind"]

Doubles = dict[str, Double]


@pytest.fixture(scope="package")
async def doubles() -> AsyncIterator[Doubles]:
    async with contextlib.AsyncExitStack() as stack:
        names = ("users", "products", "inventory")
        yield {name: await stack.enter_async_context(double(name)) for name in names}


@pytest.fixture(autouse=True)
async def _nothing_received_yet(doubles: Doubles) -> None:
    for each in doubles.values():
        await each.forget()


@pytest.fixture(scope="package")
async def router(kind: Kind, doubles: Doubles, issuer: Issuer) -> AsyncIterator[Router]:
    """Each kind of router in turn."""
    async with running_router(kind, router_environment(issuer.jwks_url, doubles)) as running:
        yield running


@pytest.fixture(scope="package")
async def node_router(doubles: Doubles, issuer: Issuer) -> AsyncIterator[Router]:
    """The Node router, for what only it does."""
    async with running_router(NODE, router_environment(issuer.jwks_url, doubles)) as running:
        yield running
