"""The supervisor's end of the prefork server, with a real one."""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.forks import forked
from tests.integration.embedded.mesh_process import until
from tilt.embedded.prefork_client import ForkedProcess, PreforkService
from tilt.embedded.records import identity_of


@pytest_asyncio.fixture
async def prefork_server(tmp_path: Path) -> AsyncIterator[PreforkService]:
    prefork_server = PreforkService(tmp_path / "prefork-server.log")
    await prefork_server.start()
    await prefork_server.wait_healthy()
    try:
        yield prefork_server
    finally:
        await prefork_server.stop()


async def pid_of(prefork_server: PreforkService, folder: Path) -> int:
    """A child that would go on for ever."""
    child = ForkedProcess(
        name="child",
        log=folder / "child.log",
        prefork_server=prefork_server,
        module="http.server",
        arguments=["--bind", "127.0.0.1", "0"],
    )
    await child.start()
    assert child.pid is not None
    return child.pid


def hold_the_loop_until_reaped(pid: int) -> None:
    """Returns when the server knows of the end, and this event loop has not been told."""
    while Path(f"/proc/{pid}").exists():
        time.sleep(0.01)


async def test_a_child_that_nobody_waits_for_any_more_is_ended(
    prefork_server: PreforkService, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    signalled: list[int] = []
    send = prefork_server.signal

    def signal_and_tell(pid: int, number: signal.Signals) -> None:
        signalled.append(pid)
        send(pid, number)

    monkeypatch.setattr(prefork_server, "signal", signal_and_tell)
    starting = asyncio.create_task(pid_of(prefork_server, tmp_path))
    await asyncio.sleep(0)  # it has asked, and waits for the answer
    starting.cancel()
    await until(lambda: bool(signalled))
    await until(lambda: identity_of(signalled[0]) is None)
    assert await pid_of(prefork_server, tmp_path) not in signalled  # it serves as before


async def test_a_prefork_server_that_dies_while_somebody_gave_up_waiting_is_over(
    prefork_server: PreforkService, tmp_path: Path
) -> None:
    prefork_server.process.signal(signal.SIGSTOP)
    starting = asyncio.create_task(pid_of(prefork_server, tmp_path))
    await asyncio.sleep(0)
    starting.cancel()
    prefork_server.process.signal(signal.SIGKILL)
    await prefork_server.stop()


async def test_a_program_of_tests_whose_end_is_not_known_yet_takes_a_signal_without_an_error() -> None:
    program = await forked("http.server", "--bind", "127.0.0.1", "0", environment={})
    os.kill(program.pid, signal.SIGKILL)
    hold_the_loop_until_reaped(program.pid)
    assert program.returncode is None
    program.terminate()
    assert await program.wait() == -signal.SIGKILL
