"""A mesh that runs takes in what the template makes, and forgets it again; nothing else of it is restarted."""

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest
import pytest_asyncio

from tests.integration.embedded.mesh_process import MeshProcess
from tests.scaffolded import changed, scaffold
from tests.subgraphs import eventually
from tilt.embedded.backends.kafka import admin_client

ASKED = "{ products(first: 1) { nodes { title wishes { nodes { text } } } } }"


@pytest_asyncio.fixture
async def mesh(tree: Path, tmp_path: Path) -> AsyncIterator[MeshProcess]:
    """The mesh of the tree, with servers of its own."""
    mesh = MeshProcess(tmp_path, {"RELOAD": "1", "ROUTER": "node", "MERCATO_SUBGRAPH_MODULE": "subgraphs.{name}"})
    mesh.tree = tree
    await mesh.up()
    yield mesh
    await mesh.stop()


async def answer_of(mesh: MeshProcess) -> dict[str, Any]:
    """What the router says of a product and its wishes."""
    async with httpx.AsyncClient(base_url=mesh.settings.router_url, timeout=30) as client:
        return dict((await client.post("/graphql", json={"query": ASKED})).json())


async def topics(mesh: MeshProcess) -> set[str]:
    async with admin_client(f"127.0.0.1:{mesh.settings.kafka_port}") as admin:
        return {name for name in await admin.list_topics() if name.startswith("wishes.")}


async def test_a_new_subgraph_is_answered_through_the_router_and_goes_without_a_trace(
    tree: Path, questions: str, mesh: MeshProcess
) -> None:
    before, credentials, begun = mesh.processes(), mesh.credentials(), time.monotonic()
    added = await asyncio.to_thread(scaffold, tree, "add", "wishes", environment=mesh.other_terminal)
    assert added[0] == 0, added[1]

    async def is_listed() -> bool:
        answer = await answer_of(mesh)  # on a busy machine wishes may miss its time at first, and is null
        return "errors" not in answer and answer["data"]["products"]["nodes"][0]["wishes"] == {"nodes": []}

    await eventually(is_listed, "the router answers for wishes", seconds=120)
    print(f"\nfrom the command to the first answer: {time.monotonic() - begun:.1f} s")
    assert {name: who for name, who in mesh.processes().items() if name != "wishes"} == before
    assert await topics(mesh) == {"wishes.wish.v1", "wishes.dead-letters.v1"}
    url = mesh.database_url("wishes")

    removed = await asyncio.to_thread(scaffold, tree, "remove", "wishes", "--yes", environment=mesh.other_terminal)
    assert removed[0] == 0, f"{removed[1]}\n{mesh.output}"
    assert changed(tree) == ""
    assert (mesh.processes(), mesh.credentials()) == (before, credentials)
    assert await topics(mesh) == set()
    with pytest.raises((asyncpg.InvalidPasswordError, asyncpg.InvalidCatalogNameError)):
        await asyncpg.connect(url)

    async def is_unknown() -> bool:
        return "data" not in await answer_of(mesh)

    await eventually(is_unknown, "the router knows no wishes")
