"""The supervisor's end of the nursery, with a real one."""

import asyncio
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.integration.embedded.mesh_process import until
from tilt.embedded.nursery_client import ForkedProcess, Nursery
from tilt.embedded.records import identity_of


@pytest_asyncio.fixture
async def nursery(tmp_path: Path) -> AsyncIterator[Nursery]:
    nursery = Nursery(tmp_path / "nursery.log")
    await nursery.start()
    await nursery.wait_healthy()
    try:
        yield nursery
    finally:
        await nursery.stop()


async def pid_of(nursery: Nursery, folder: Path) -> int:
    """A child that would go on for ever."""
    child = ForkedProcess(
        name="child",
        log=folder / "child.log",
        nursery=nursery,
        module="http.server",
        arguments=["--bind", "127.0.0.1", "0"],
    )
    await child.start()
    assert child.pid is not None
    return child.pid


async def test_a_child_that_nobody_waits_for_any_more_is_ended(
    nursery: Nursery, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[int] = []
    send = nursery.signal

    def signal_and_tell(pid: int, number: signal.Signals) -> None:
        heard.append(pid)
        send(pid, number)

    monkeypatch.setattr(nursery, "signal", signal_and_tell)
    starting = asyncio.create_task(pid_of(nursery, tmp_path))
    await asyncio.sleep(0)  # it has asked, and waits for the answer
    starting.cancel()
    await until(lambda: bool(heard))
    await until(lambda: identity_of(heard[0]) is None)
    assert await pid_of(nursery, tmp_path) not in heard  # it serves as before


async def test_a_nursery_that_dies_while_somebody_gave_up_waiting_is_over(nursery: Nursery, tmp_path: Path) -> None:
    nursery.process.signal(signal.SIGSTOP)
    starting = asyncio.create_task(pid_of(nursery, tmp_path))
    await asyncio.sleep(0)
    starting.cancel()
    nursery.process.signal(signal.SIGKILL)
    await nursery.stop()
