"""A transaction that can't begin or end leaves its task and its pool as they were."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import pytest

from shared.persistence import db
from tests.integration.shared.conftest import Stage

POOL = 10  # connections


@asynccontextmanager
async def frozen(process: int) -> AsyncIterator[None]:
    """Postgres' process of a connection does nothing as long as the context lasts."""
    os.kill(process, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(process, signal.SIGCONT)


async def own_process() -> int:
    process: int = await db.fetch_value("SELECT pg_backend_pid()")
    return process


async def in_a_transaction() -> int:
    async with db.transaction():
        return await own_process()


async def leave_it_busy() -> None:
    """Fails in a transaction on whose connection something else is under way."""
    async with db.transaction():
        asking = asyncio.create_task(db.fetch("SELECT pg_sleep(5)"))
        asking.add_done_callback(lambda done: done.exception())
        await asyncio.sleep(0.1)
        raise ZeroDivisionError


async def test_a_task_goes_on_after_its_transaction_could_not_be_ended(stage: Stage) -> None:
    with pytest.raises(asyncpg.InterfaceError, match="another operation is in progress"):
        await leave_it_busy()
    assert await in_a_transaction()


async def test_who_gives_up_before_a_transaction_has_begun_gives_the_connection_back(stage: Stage) -> None:
    async with asyncio.timeout(20):
        for _ in range(POOL + 1):
            await give_up()
        assert len(await asyncio.gather(*(in_a_transaction() for _ in range(POOL)))) == POOL


async def give_up() -> None:
    """Begins a transaction, and is cancelled while it waits for the answer."""
    async with frozen(await own_process()):
        beginning = asyncio.create_task(in_a_transaction())
        await asyncio.sleep(0.05)
        beginning.cancel()
    await asyncio.gather(beginning, return_exceptions=True)
