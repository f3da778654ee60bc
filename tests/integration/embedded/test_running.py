"""Two meshes on one machine: whoever asks from another terminal is answered by the one of its folder, or by none."""

import asyncio
import contextlib
import fcntl
import json
import os
import signal
import stat
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.backends import Backends
from tests.integration.embedded.mesh_process import MeshProcess, for_a_program, typed
from tilt.embedded.errors import MeshError
from tilt.embedded.lock import MeshLock
from tilt.embedded.process import REPOSITORY
from tilt.embedded.running import NOTHING_RUNS, StartRecord
from tilt.embedded.sharing import EVERYBODY
from tilt.embedded.subgraphs import SUBGRAPHS

FAILING = "reconcile payments"
NOTHING = (1, f"mercato: {NOTHING_RUNS}\n")
OF_ITS_PROCESS = {"MALLOC_ARENA_MAX", "PYTHONUNBUFFERED", "OTEL_SERVICE_NAME"}


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def given(backends: Backends) -> dict[str, str]:
    """Servers for meshes that start none of their own; the small subgraphs look at no database."""
    told = await backends.environment("postgres", "kafka", "valkey", "localstripe", "mailbox", subgraphs=("users",))
    servers = ("KAFKA_BOOTSTRAP_SERVERS", "REDIS_URL", "STRIPE_API_BASE", "SMTP_URL", "MAILBOX_URL")
    databases = dict.fromkeys((f"{name.upper()}_DATABASE_URL" for name in SUBGRAPHS), told["USERS_DATABASE_URL"])
    return {name: told[name] for name in servers} | databases


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def meshes(
    tmp_path_factory: pytest.TempPathFactory, given: dict[str, str]
) -> AsyncIterator[tuple[MeshProcess, MeshProcess]]:
    """Two of two data folders, each with all its ports where a MERCATO_PORTS of its own moves them."""
    first, second = (MeshProcess(tmp_path_factory.mktemp(name), given) for name in ("first", "second"))
    first.environment |= {"PAYPAL_CLIENT_SECRET": "paypal-planted", "MERCATO_FAILING": FAILING}
    for mesh in (first, second):
        mesh.move()
    await asyncio.gather(first.up(), second.up())
    yield first, second
    await asyncio.gather(first.stop(), second.stop())


@pytest_asyncio.fixture(loop_scope="session")
async def mesh(meshes: tuple[MeshProcess, MeshProcess]) -> MeshProcess:
    """The first, running."""
    await meshes[0].up()
    return meshes[0]


@pytest.fixture
def nothing(meshes: tuple[MeshProcess, MeshProcess], tmp_path: Path) -> dict[str, str]:
    """A terminal of a folder where none runs, though all addresses are those of a mesh that does."""
    return {**meshes[0].environment, "MERCATO_DATA_DIR": str(tmp_path / "data")}


async def test_each_terminal_is_told_of_the_mesh_of_its_folder(meshes: tuple[MeshProcess, MeshProcess]) -> None:
    for mesh in meshes:
        status, output = await mesh.run_elsewhere("environment")
        assert status == 0
        told = dict(line.split("=", 1) for line in output.splitlines())
        assert told["ROUTER_URL"] == mesh.settings.router_url
        kept = json.loads((mesh.settings.mercato_data_dir / "credentials.json").read_text())
        assert told["ROUTER_SECRET"] == kept["router_secret"]
        assert {told[f"{name.upper()}_URL"] for name in SUBGRAPHS} == {
            subgraph.url for subgraph in mesh.settings.subgraphs.values()
        }


async def test_a_command_of_another_terminal_is_told_what_the_running_subgraph_is(
    meshes: tuple[MeshProcess, MeshProcess],
) -> None:
    for mesh in meshes:
        status, output = await mesh.run_elsewhere("run", "payments", "told")
        assert status == 0
        assert of_the_mesh(json.loads(output)) == of_the_mesh((await mesh.ask("payments"))["environment"])
    assert json.loads((await meshes[0].run_elsewhere("run", "payments", "told"))[1])["PAYPAL_CLIENT_SECRET"]


def of_the_mesh(environment: dict[str, str]) -> dict[str, str]:
    """What of an environment the mesh decides: no paths and languages of a terminal."""
    everywhere = {name for name in EVERYBODY.of(environment) if not name.startswith("MERCATO_")}
    return {
        name: value
        for name, value in environment.items()
        if name not in everywhere | OF_ITS_PROCESS | {"MERCATO_DATA_DIR", "MERCATO_PORTS"}
    }


async def test_a_command_has_its_arguments_and_ends_with_its_status(mesh: MeshProcess) -> None:
    assert await mesh.run_elsewhere("run", "orders", "dead-letters", "replay", "--all") == (0, "")
    assert mesh.commands_file.read_text().splitlines()[-1] == "dead-letters orders replay --all"
    assert await mesh.run_elsewhere("run", "payments", "reconcile") == (1, "payments cannot reconcile: not today\n")


async def test_seeds_go_to_the_mesh_of_the_folder(meshes: tuple[MeshProcess, MeshProcess]) -> None:
    first, second = meshes
    before = second.commands_file.read_text()
    status, _ = await first.run_elsewhere("seed", "--products", "7")
    assert status == 0
    assert sorted(first.commands_file.read_text().splitlines()[-6:]) == sorted(
        f"seed {name} --products 7" for name in SUBGRAPHS
    )
    assert second.commands_file.read_text() == before


@pytest.mark.parametrize(
    ("target", "command"),
    [
        (("dead-letters", "SERVICE=orders"), "dead-letters orders list"),
        (("dead-letters", "SERVICE=users", "ARGS=replay --all"), "dead-letters users replay --all"),
        (("outbox", "SERVICE=orders"), "outbox orders list"),
        (
            ("token", "EMAIL=a@example.com", "SCOPE=orders:read orders:refund"),
            "token users --email a@example.com --scope",
        ),
    ],
)
async def test_make_runs_commands_of_subgraphs(mesh: MeshProcess, target: tuple[str, ...], command: str) -> None:
    status, output = await made(mesh.other_terminal, *target)
    assert (status, output) == (0, "")
    assert mesh.commands_file.read_text().splitlines()[-1].startswith(command)


@pytest.mark.parametrize("target", ["dead-letters", "outbox"])
async def test_make_without_a_service_says_which_there_are(nothing: dict[str, str], target: str) -> None:
    status, output = await made(nothing, target)
    assert status == 2
    assert output.splitlines()[0] == f"mercato: SERVICE=: say which subgraph: {', '.join(SUBGRAPHS)}."


async def test_make_without_an_address_asks_for_one(nothing: dict[str, str]) -> None:
    status, output = await made(nothing, "token")
    assert (status, output.splitlines()[0]) == (
        2,
        'mercato: whose? make token EMAIL=you@example.com SCOPE="orders:read"',
    )


async def made(environment: dict[str, str], *target: str) -> tuple[int, str]:
    """What `make` ends with, and what it said."""
    process = await asyncio.create_subprocess_exec(
        *("make", "--no-print-directory", *target, f"PYTHON={sys.executable}"),
        env=environment,
        cwd=REPOSITORY,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await process.communicate()
    assert process.returncode is not None
    return process.returncode, output.decode()


@pytest.mark.parametrize(
    "variables",
    [
        {"ROUTER_PORT": "5000"},
        {"MERCATO_PORTS": "+1000"},
        {"REDIS_URL": "redis://:guess@127.0.0.1:6379/0"},
        {"LOG_LEVEL": "DEBUG", "ORDERS_PORT": "5000"},
        {"PAYPAL_CLIENT_SECRET": "guess"},
    ],
    ids=" ".join,
)
async def test_a_variable_that_contradicts_the_start_is_named_and_nothing_is_done(
    mesh: MeshProcess, variables: dict[str, str]
) -> None:
    before = mesh.commands_file.read_text()
    status, output = await mesh.run_elsewhere("run", "orders", "dead-letters", "list", **variables)
    assert (status, output.count("\n")) == (1, 1)
    assert output.startswith(f"mercato: {', '.join(variables)}: set otherwise here than where `make up` runs")
    assert mesh.settings.router_url in output
    assert "guess" not in output
    assert mesh.commands_file.read_text() == before


async def test_a_terminal_that_took_the_environment_contradicts_nothing(mesh: MeshProcess) -> None:
    _, output = await mesh.run_elsewhere("environment")
    told = dict(line.split("=", 1) for line in output.splitlines())
    own = {"ROUTER_PORT": str(mesh.settings.router_port), "LOG_LEVEL": "", "MERCATO_JARS_DIR": "/elsewhere"}
    assert await mesh.run_elsewhere("run", "orders", "outbox", "list", **{**told, **own}) == (0, "")


@pytest.mark.parametrize(
    "command",
    [
        ("tilt.embedded", "seed"),
        ("tilt.embedded", "memory"),
        ("tilt.embedded", "environment"),
        ("tilt.embedded", "run", "orders", "dead-letters", "list"),
        ("tilt.embedded.demo",),
        ("tests.load", "federated"),
    ],
    ids=" ".join,
)
async def test_where_nothing_runs_no_other_mesh_is_talked_to(nothing: dict[str, str], command: tuple[str, ...]) -> None:
    assert await typed(*command, environment=nothing) == NOTHING


async def test_what_it_was_started_with_is_for_its_owner_alone_and_gone_when_it_has_stopped(mesh: MeshProcess) -> None:
    file = mesh.settings.mercato_data_dir / "running.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    await mesh.stop()
    assert not file.exists()
    assert await mesh.run_elsewhere("environment") == NOTHING


async def test_what_a_killed_mesh_left_is_not_believed_and_the_next_one_tells_its_own(mesh: MeshProcess) -> None:
    mesh.signal(signal.SIGKILL)
    await mesh.ended()
    assert (mesh.settings.mercato_data_dir / "running.json").exists()
    assert await mesh.run_elsewhere("environment") == NOTHING
    mesh.environment["TOKEN_ISSUER"] = "another"
    await mesh.up()
    _, output = await mesh.run_elsewhere("environment", "orders")
    assert "TOKEN_ISSUER=another\n" in output


def test_a_mesh_that_only_begins_to_start_is_no_running_one_yet(tmp_path: Path) -> None:
    record, lock = StartRecord(tmp_path), MeshLock(tmp_path)
    lock.acquire()
    with contextlib.ExitStack() as stack:
        stack.callback(lock.release)
        with pytest.raises(MeshError, match="only about to start"):
            record.variables()
        record.write()
        assert record.variables().get("TOKEN_ISSUER") == os.environ.get("TOKEN_ISSUER")
        stale = json.loads((tmp_path / "running.json").read_text()) | {"supervisor": {"pid": 1, "started": "before"}}
        (tmp_path / "running.json").write_text(json.dumps(stale))
        with pytest.raises(MeshError, match="only about to start"):
            record.variables()


def test_who_asks_while_another_asks_does_not_believe_what_a_killed_mesh_left(tmp_path: Path) -> None:
    lock, file = MeshLock(tmp_path), tmp_path / "lock"
    file.write_text("1 before\n")
    (tmp_path / "running.json").write_text('{"supervisor": {"pid": 1, "started": "before"}, "variables": {}}')
    with file.open() as of_another:
        fcntl.flock(of_another, fcntl.LOCK_SH)
        assert lock.holder() is None
        with pytest.raises(MeshError, match="Nothing is running"):
            StartRecord(tmp_path).variables()


async def test_demonstrations_of_other_meshes_need_none_here(nothing: dict[str, str]) -> None:
    others = {
        "ROUTER_URL": "http://127.0.0.1:9",
        "MAILBOX_URL": "http://127.0.0.1:9",
        "MERCATO_SUBGRAPH_COMMAND": "true",
    }
    status, output = await typed("tilt.embedded.demo", environment={**for_a_program(), **nothing, **others})
    assert status == 1
    assert "the router at http://127.0.0.1:9" in output
