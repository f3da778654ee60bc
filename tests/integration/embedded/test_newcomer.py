"""A subgraph is added to a mesh that ran without it: its name and manifest are all that the mesh must be told."""

from pathlib import Path

import asyncpg
import httpx
import pytest

from tests.backends import Backends
from tests.integration.embedded.mesh_process import MeshProcess
from tests.newcomer import NEWCOMER, TOPIC, tree_with_newcomer
from tilt.embedded.backends import Kafka
from tilt.embedded.backends.kafka import admin_client
from tilt.embedded.ports import free_ports
from tilt.embedded.subgraphs import SUBGRAPHS


async def test_a_newcomer_starts_in_an_old_data_folder(tmp_path: Path, backends: Backends, kafka: Kafka) -> None:
    mailbox, localstripe = await backends.mailbox(), await backends.localstripe()
    given = {"SMTP_URL": mailbox.smtp_url, "STRIPE_API_BASE": localstripe.url}
    mesh = MeshProcess(tmp_path, {**given, "KAFKA_BOOTSTRAP_SERVERS": kafka.bootstrap_servers})
    await mesh.up()
    await mesh.stop()
    old = mesh.credentials()
    port, grpc_port = free_ports(2)
    mesh.tree = tree_with_newcomer(tmp_path / "tree", port, grpc_port)
    mesh.commands_file.unlink()
    try:
        await mesh.up()
        assert {name: value for name, value in mesh.credentials().items() if name in old} == old
        assert mesh.credentials().keys() - old == {"GUESTBOOK_DATABASE_URL"}
        told = await _told(port)
        assert (told["GUESTBOOK_PORT"], told["GUESTBOOK_GRPC_PORT"]) == (str(port), str(grpc_port))
        await _owns_its_database_alone(told["GUESTBOOK_DATABASE_URL"])
        assert await _topics(kafka) >= {TOPIC, f"{NEWCOMER}.dead-letters.v1"}
        ran = mesh.commands_file.read_text().splitlines()
        assert {f"{command} {NEWCOMER}" for command in ("migrate", "seed", "run")} <= set(ran)
        _, variables = await mesh.run("environment")
        assert f"GUESTBOOK_URL=http://127.0.0.1:{port}\n" in variables
    finally:
        await mesh.stop()


async def _told(port: int) -> dict[str, str]:
    """The environment of the newcomer's process."""
    async with httpx.AsyncClient() as client:
        answer = (await client.get(f"http://127.0.0.1:{port}/health/ready")).json()
    assert answer["name"] == NEWCOMER
    return dict(answer["environment"])


async def _owns_its_database_alone(url: str) -> None:
    connection = await asyncpg.connect(url)
    assert await connection.fetchval("SELECT current_user || current_database()") == NEWCOMER * 2
    await connection.close()
    for name in SUBGRAPHS:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await asyncpg.connect(url.removesuffix(NEWCOMER) + name)


async def _topics(kafka: Kafka) -> set[str]:
    async with admin_client(kafka.bootstrap_servers) as admin:
        return set(await admin.list_topics())


async def test_a_manifest_with_a_mistake_stops_the_start_in_one_line(tmp_path: Path) -> None:
    mesh = MeshProcess(tmp_path, {})
    mesh.tree = tree_with_newcomer(tmp_path / "tree")
    (mesh.tree / "subgraphs" / NEWCOMER / "subgraph.yaml").write_text("grpc_port: 4290\nneeds: [user]\n")
    assert await mesh.run("up") == (
        1,
        "mercato: subgraphs/guestbook/subgraph.yaml: needs: user is no other subgraph of supergraph.yaml\n",
    )
    assert not mesh.settings.mercato_data_dir.exists()
