"""Subgraphs under test: connected in this process, or running as the processes that they are in the mesh."""

import asyncio
import contextlib
import importlib
import os
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar
from unittest import mock

import httpx

from shared.persistence import db
from shared.persistence.migration import migrate, tortoise_config
from shared.runtime.subgraph import Subgraph
from tests.backends import Backends
from tests.forks import Fork, forked

Found = TypeVar("Found")

START_SECONDS = 60.0
STOP_SECONDS = 60.0
# How a subgraph answers input that lacks something, or has a key or an enum's value too many. The router refuses that
# to clients before; what reaches a subgraph all the same comes of another version of the schema.
OF_ANOTHER_SHAPE = "UNAVAILABLE"
NO_SUCH_ID = "018cc778-5000-7001-950a-ffffffffffff"  # a well-formed id that nothing has


async def eventually(
    look: Callable[[], Awaitable[Found | None]], what: str, seconds: float = 30.0, pause_seconds: float = 0.02
) -> Found:
    """What ``look`` finds, asked until it finds something; fails with ``what`` when the time is over."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + seconds
    while loop.time() < deadline:
        found = await look()
        if found:
            return found
        await asyncio.sleep(pause_seconds)
    raise AssertionError(f"not within {seconds:.0f} s: {what}")


def built(name: str, environment: Mapping[str, str]) -> Subgraph:
    """A subgraph as its bootstrap builds it from an environment."""
    with mock.patch.dict(os.environ, environment):
        subgraph: Subgraph = importlib.import_module(f"subgraphs.{name}.bootstrap").build()
        return subgraph


async def fresh_environment(backends: Backends, name: str, *needed: str) -> dict[str, str]:
    """The environment of a subgraph with a fresh database that has all its tables."""
    environment = await _with_template(backends, name, "valkey", *needed)
    return environment | {_variable(name): await backends.databases.create(name)}


@contextlib.asynccontextmanager
async def connected(backends: Backends, name: str) -> AsyncIterator[Subgraph]:
    """A subgraph whose commands and queries can be called in this process, on a database that has its tables alone."""
    environment = await _with_template(backends, name)
    async with backends.databases.lent(name) as url:
        subgraph = built(name, environment | {_variable(name): url})
        async with db.connected(tortoise_config(subgraph)):
            yield subgraph


async def _with_template(backends: Backends, name: str, *needed: str) -> dict[str, str]:
    environment = await backends.environment("postgres", *needed, subgraphs=())

    async def prepare(url: str) -> None:
        await migrate(built(name, environment | {_variable(name): url}))

    await backends.databases.make_template(name, prepare)
    return environment


def _variable(name: str) -> str:
    return f"{name.upper()}_DATABASE_URL"


@dataclass(frozen=True)
class Running:
    """A subgraph's process and how to ask it."""

    name: str
    process: Fork | asyncio.subprocess.Process
    environment: Mapping[str, str]
    http: httpx.AsyncClient

    async def graphql(
        self,
        query: str,
        variables: Mapping[str, Any] | None = None,
        token: str | None = None,
        secret: str | None = None,
        order_token: str | None = None,
    ) -> dict[str, Any]:
        """Asks as the router would."""
        headers = {"x-router-secret": secret or self.environment["ROUTER_SECRET"]}
        if token:
            headers["authorization"] = f"Bearer {token}"
        if order_token is not None:
            headers["x-order-token"] = order_token
        response = await self.http.post("/graphql", json={"query": query, "variables": variables}, headers=headers)
        answer: dict[str, Any] = response.json()
        return answer

    async def entities(self, typename: str, ids: list[str], selection: str, token: str | None = None) -> dict[str, Any]:
        """Asks for entities as the router would."""
        query = f"query ($ids: [_Any!]!) {{ _entities(representations: $ids) {{ ... on {typename} {selection} }} }}"
        representations = [{"__typename": typename, "id": entity_id} for entity_id in ids]
        return await self.graphql(query, {"ids": representations}, token)

    async def metric(self, name: str, **labels: str) -> float:
        """The sum of a metric's samples that have these labels."""
        text = (await self.http.get("/metrics")).text
        lines = [line for line in text.splitlines() if re.match(rf"{name}[{{ ]", line)]
        matching = [line for line in lines if all(f'{label}="{value}"' in line for label, value in labels.items())]
        return sum(float(line.rpartition(" ")[2]) for line in matching)


@contextlib.asynccontextmanager
async def running(
    name: str, environment: Mapping[str, str], command: str = "run", log: Path | None = None, tree: Path | None = None
) -> AsyncIterator[Running]:
    """Starts ``python -m subgraphs.<name>``, waits until it is ready, and stops it as Kubernetes would.

    What it says is added to ``log``, if there is one; the code is that of another ``tree``, if there is one.
    Of this tree it is a fork, as in ``make up``.
    """
    module = f"subgraphs.{name}"
    if tree:
        process: Fork | asyncio.subprocess.Process = await _started_in(tree, module, command, environment)
    else:
        process = await forked(module, command, environment=environment, log=log)
    try:
        async with httpx.AsyncClient(base_url=environment[f"{name.upper()}_URL"], timeout=30) as http:
            await eventually(lambda: _is_ready(http, process), f"{name} is ready", START_SECONDS)
            yield Running(name, process, environment, http)
    finally:
        if process.returncode is None:
            process.terminate()
        await asyncio.wait_for(process.wait(), STOP_SECONDS)


async def _started_in(
    tree: Path, module: str, command: str, environment: Mapping[str, str]
) -> asyncio.subprocess.Process:
    program = (str(tree / ".venv/bin/python"), "-m", module, command)
    quiet = asyncio.subprocess.DEVNULL
    variables = {**os.environ, **environment}
    return await asyncio.create_subprocess_exec(*program, env=variables, stdout=quiet, stderr=quiet, cwd=tree)


async def _is_ready(http: httpx.AsyncClient, process: Fork | asyncio.subprocess.Process) -> bool:
    assert process.returncode is None, f"the process ended with status {process.returncode}"
    try:
        return (await http.get("/health/ready")).status_code == 200
    except httpx.TransportError:
        return False
