"""The subgraphs that take texts, as they run in the mesh, and somebody who may do anything."""

import contextlib
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest_asyncio

from tests.backends import Backends
from tests.identity import Issuer
from tests.integration.texts.places import Place, contract, put
from tests.integration.users.conftest import CHEAP_PASSWORDS
from tests.subgraphs import Running, fresh_environment, running
from tilt.embedded.subgraphs import SUBGRAPHS

SCOPES = "orders:read orders:cancel orders:refund orders:retry orders:ship inventory:read inventory:write payments:read"


@dataclass(frozen=True)
class Mesh:
    """All subgraphs, without a router."""

    subgraphs: Mapping[str, Running]
    token: str

    async def ask(self, place: Place, text: str, overrides: Mapping[str, Any]) -> dict[str, Any]:
        """What an operation answers whose values are all well, but for this text at this place."""
        own = contract(place.subgraph)
        fresh = {"*.idempotencyKey": str(uuid4()), "*.email": f"{uuid4()}@example.com", **overrides}
        variables = put(own.variables(place.field, fresh), place.path, text)
        return await self.subgraphs[place.subgraph].graphql(own.document(place.field), variables, self.token)


@pytest_asyncio.fixture(scope="package")
async def mesh(backends: Backends, issuer: Issuer) -> AsyncIterator[Mesh]:
    """Those of the session's ports; each ends with the package."""
    own = {**CHEAP_PASSWORDS, "JWKS_URL": issuer.jwks_url}
    async with contextlib.AsyncExitStack() as stack:
        subgraphs = {}
        for name in (each for each in SUBGRAPHS if any(contract(each).places())):
            environment = await fresh_environment(backends, name, "kafka", "valkey", "localstripe") | own
            subgraphs[name] = await stack.enter_async_context(running(name, environment, "serve"))
        yield Mesh(subgraphs, issuer.token(scope=SCOPES))
