"""`make up` with the real subgraphs, all of it moved by MERCATO_PORTS.

The demonstration passes again after any of them was killed meanwhile, and nothing of it knocks where ports are by
default.
"""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
import pytest_asyncio

from tests.backends import settings_moved_by
from tests.e2e.doors import Doors
from tests.integration.embedded.mesh_process import MeshProcess
from tests.subgraphs import eventually
from tilt.embedded.preflight import ports_wanted
from tilt.embedded.subgraphs import SUBGRAPHS


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def doors() -> AsyncIterator[Doors]:
    """Where a mesh is by default, before ours starts."""
    async with Doors.opened(port for _, _, port in ports_wanted(settings_moved_by(0, Path()))) as doors:
        yield doors


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def supervised(tmp_path_factory: pytest.TempPathFactory, doors: Doors) -> AsyncIterator[MeshProcess]:
    """The mesh as `make up` starts it, on its own ports and data."""
    assert doors.ports
    folder: Path = tmp_path_factory.mktemp("supervised")
    mesh = MeshProcess(folder, {"MERCATO_SUBGRAPH_MODULE": "subgraphs.{name}", "ROUTER": "node"})
    mesh.move()
    await mesh.up()
    yield mesh
    await mesh.stop()


async def started_demo(mesh: MeshProcess) -> asyncio.subprocess.Process:
    """`make demo` in another terminal."""
    command = (sys.executable, "-u", "-m", "tilt.embedded.demo")
    return await asyncio.create_subprocess_exec(
        *command, env=mesh.other_terminal, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )


async def told_until(demo: asyncio.subprocess.Process, words: bytes) -> None:
    assert demo.stdout is not None
    async for line in demo.stdout:
        if words in line:
            return


async def test_nothing_of_a_moved_mesh_knocks_where_ports_are_by_default(supervised: MeshProcess, doors: Doors) -> None:
    demo = await started_demo(supervised)
    output, _ = await demo.communicate()
    assert demo.returncode == 0, output.decode()
    assert doors.knocked == []
    with socket.create_connection(("127.0.0.1", doors.ports[0])):
        await eventually(lambda: asyncio.to_thread(lambda: doors.knocked != []), "our own knock is heard")
    doors.knocked.clear()


# Orders, which is asked all the time, stands for the others in `make test`; tests/chaos kills each at each boundary.
KILLED = ("orders", *(pytest.param(name, marks=pytest.mark.slow) for name in SUBGRAPHS if name != "orders"))


@pytest.mark.parametrize("name", KILLED)
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
