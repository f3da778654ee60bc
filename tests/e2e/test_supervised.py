"""`make up` with the real subgraphs: the demonstration passes again after any of them was killed meanwhile."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
import pytest_asyncio

from tests.integration.embedded.mesh_process import MeshProcess
from tests.subgraphs import eventually
from tilt.embedded.subgraphs import SUBGRAPHS


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def supervised(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[MeshProcess]:
    """The mesh as `make up` starts it, on its own ports and data."""
    folder: Path = tmp_path_factory.mktemp("supervised")
    mesh = MeshProcess(folder, {"MERCATO_SUBGRAPH_MODULE": "subgraphs.{name}", "ROUTER": "node"})
    await mesh.up()
    yield mesh
    await mesh.stop()


async def started_demo(mesh: MeshProcess) -> asyncio.subprocess.Process:
    command = (sys.executable, "-u", "-m", "tilt.embedded.demo")
    return await asyncio.create_subprocess_exec(
        *command, env=mesh.environment, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )


async def told_until(demo: asyncio.subprocess.Process, words: bytes) -> None:
    assert demo.stdout is not None
    async for line in demo.stdout:
        if words in line:
            return


@pytest.mark.parametrize("name", SUBGRAPHS)
async def test_the_demonstration_passes_again_after_a_subgraph_was_killed_during_it(
    supervised: MeshProcess, name: str
) -> None:
    demo = await started_demo(supervised)
    await told_until(demo, b"Put two products into a cart")
    killed = supervised.processes()[name].pid
    os.kill(killed, signal.SIGKILL)
    output, _ = await demo.communicate()
    assert b"Traceback" not in output, output.decode()

    async def is_back() -> bool:
        try:
            return supervised.processes()[name].pid != killed and (await supervised.ask(name))["status"] == "ready"
        except httpx.TransportError:
            return False

    await eventually(is_back, f"{name} is back")
    again = await started_demo(supervised)
    output, _ = await again.communicate()
    assert again.returncode == 0, output.decode()
