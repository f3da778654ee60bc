"""`migrate --wait` and `seed --wait`: Jobs of a cluster start together with the database that they are for."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Mapping

import asyncpg
import pytest_asyncio

from tests.backends import Backends
from tilt.embedded.databases import create_database

Process = asyncio.subprocess.Process
PIPE = asyncio.subprocess.PIPE
_SECONDS = 60


async def started(environment: Mapping[str, str], *arguments: str) -> Process:
    command = (sys.executable, "-m", "subgraphs.inventory", *arguments)
    return await asyncio.create_subprocess_exec(*command, env={**os.environ, **environment}, stdout=PIPE, stderr=PIPE)


async def line_with(process: Process, words: str) -> str:
    assert process.stdout is not None
    async with asyncio.timeout(_SECONDS):
        while words not in (line := (await process.stdout.readline()).decode()):
            assert line, f"the process ended without a word of {words!r}"
    return line


async def status_of(process: Process) -> int:
    await asyncio.wait_for(process.communicate(), _SECONDS)
    assert process.returncode is not None
    return process.returncode


async def make_database(backends: Backends, url: str) -> None:
    connection = await asyncpg.connect((await backends.postgres()).url())
    try:
        await create_database(connection, url.rsplit("/", 1)[1], owner="inventory")
    finally:
        await connection.close()


@pytest_asyncio.fixture
async def environment(backends: Backends) -> AsyncIterator[dict[str, str]]:
    """Inventory's, with a database that is not there."""
    variables = await backends.environment("postgres", subgraphs=("inventory",))
    url = await backends.databases.create("inventory")
    await backends.databases.drop(url)
    yield {**variables, "INVENTORY_DATABASE_URL": url}


async def test_migrations_and_seeds_wait_for_a_database_that_comes_later(
    backends: Backends, environment: dict[str, str]
) -> None:
    migrate = await started(environment, "migrate", "--wait", str(_SECONDS))
    seed = await started(environment, "seed", "--wait", str(_SECONDS), "--products", "1")
    assert "can't be used" in await line_with(migrate, "waiting: ")
    await line_with(seed, "waiting: ")
    await make_database(backends, environment["INVENTORY_DATABASE_URL"])
    assert [await status_of(migrate), await status_of(seed)] == [0, 0]


async def test_a_database_that_does_not_come_is_named_in_one_line(environment: dict[str, str]) -> None:
    process = await started(environment, "migrate", "--wait", "1")
    _, errors = await asyncio.wait_for(process.communicate(), _SECONDS)
    assert process.returncode == 1
    last = errors.decode().splitlines()[-1]
    assert last.startswith("inventory: waited 1 s in vain: ConnectionError: the database inventory_")
    assert "Traceback" not in errors.decode()
