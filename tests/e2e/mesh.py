"""The whole mesh as processes that a test can stop and start one by one."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.backends import Backends
from tests.command_line import command
from tests.subgraphs import Running, fresh_environment, running
from tilt.embedded.subgraphs import SUBGRAPHS

# Who uses the mesh of the session runs on one worker: each other worker would start one of its own.
SESSION_MESH = pytest.mark.xdist_group("mesh")
BACKENDS = ("kafka", "valkey", "localstripe", "mailbox")
PRODUCTS = 60


@dataclass
class Mesh:
    """The running subgraphs and what they were told; what they say goes to files in ``logs``, if it is a folder."""

    environment: Mapping[str, str]
    logs: Path | None = None
    running: dict[str, Running] = field(default_factory=dict)
    contexts: dict[str, AbstractAsyncContextManager[Running]] = field(default_factory=dict)

    async def start(self, name: str) -> None:
        """Starts a subgraph and waits until it is ready."""
        self.contexts[name] = running(name, self.environment, log=self.logs / f"{name}.log" if self.logs else None)
        self.running[name] = await self.contexts[name].__aenter__()

    async def stop(self, name: str) -> None:
        """Stops a subgraph as an operator would."""
        await self.contexts.pop(name).__aexit__(None, None, None)
        del self.running[name]

    @contextlib.asynccontextmanager
    async def without(self, name: str) -> AsyncIterator[None]:
        """The mesh while one subgraph is away."""
        await self.stop(name)
        try:
            yield
        finally:
            await self.start(name)

    async def total(self, metric: str) -> dict[str, float]:
        """A metric of every subgraph."""
        values = await asyncio.gather(*(each.metric(metric, protocol="graphql") for each in self.running.values()))
        return dict(zip(self.running, values, strict=True))


@contextlib.asynccontextmanager
async def started_mesh(backends: Backends, logs: Path | None = None, **settings: str) -> AsyncIterator[Mesh]:
    """Migrates, seeds and starts everything but the router; ``settings`` are variables that differ from the usual."""
    environment = {**await backends.environment("postgres", *BACKENDS, subgraphs=()), **settings}
    for name in SUBGRAPHS:
        variable = f"{name.upper()}_DATABASE_URL"
        environment[variable] = (await fresh_environment(backends, name))[variable]
    await asyncio.gather(*(_seed(name, environment) for name in ("products", "inventory")))
    mesh = Mesh(environment, logs)
    try:
        await asyncio.gather(*(mesh.start(name) for name in SUBGRAPHS))
        yield mesh
    finally:
        await asyncio.gather(*(mesh.stop(name) for name in list(mesh.running)))


async def _seed(name: str, environment: Mapping[str, str]) -> None:
    status, output = await command(environment, name, "seed", "--products", str(PRODUCTS))
    assert status == 0, output
