"""What a person sees of `make up` and `make down`, when all goes well and when it does not."""

import asyncio
import os
import signal
import socket
import stat
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import asyncpg
import grpc.aio
import httpx
import psutil
import pytest
import pytest_asyncio

from tests.backends import Backends
from tests.integration.embedded.mesh_process import MeshProcess, until
from tilt.embedded.backends import Kafka
from tilt.embedded.records import identity_of
from tilt.embedded.subgraphs import SUBGRAPHS

# What whoever starts the mesh has in the environment: two secrets that payments needs, and one that is none of the
# mesh's business.
PLANTED = {
    "STRIPE_API_KEY": "sk_test_planted",
    "PAYPAL_CLIENT_SECRET": "paypal-planted",
    "AWS_SECRET_ACCESS_KEY": "aws-planted",
}
NEEDED_BY_ALL = {"ROUTER_SECRET", "RPC_SECRET"}
NEEDED_BY_PAYMENTS = {"STRIPE_API_KEY", "STRIPE_WEBHOOK_SECRET", "PAYPAL_CLIENT_SECRET"}


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def shared_mesh(
    tmp_path_factory: pytest.TempPathFactory, backends: Backends, kafka: Kafka
) -> AsyncIterator[MeshProcess]:
    """One mesh for this file. Kafka, payments API and mail are given to it, Postgres and Valkey are its own."""
    mailbox, localstripe = await backends.mailbox(), await backends.localstripe()
    given = {"SMTP_URL": mailbox.smtp_url, "STRIPE_API_BASE": localstripe.url}
    given["KAFKA_BOOTSTRAP_SERVERS"] = kafka.bootstrap_servers
    given |= PLANTED
    mesh = MeshProcess(tmp_path_factory.mktemp("mesh"), given)
    yield mesh
    await mesh.stop()


@pytest_asyncio.fixture(loop_scope="session")
async def mesh(shared_mesh: MeshProcess) -> MeshProcess:
    """That mesh, running: a test may leave it stopped or half dead."""
    await shared_mesh.up()
    return shared_mesh


@pytest_asyncio.fixture(loop_scope="session")
async def stopped_mesh(shared_mesh: MeshProcess) -> MeshProcess:
    """That mesh, stopped."""
    await shared_mesh.stop()
    return shared_mesh


async def test_up_starts_all_subgraphs_and_the_router(mesh: MeshProcess) -> None:
    for name in SUBGRAPHS:
        answer = await mesh.ask(name)
        assert answer["name"] == name
        connection = await asyncpg.connect(answer["database"])
        assert await connection.fetchval("SELECT current_user || current_database()") == name + name
        await connection.close()
    async with httpx.AsyncClient() as client:
        assert (await client.get(f"{mesh.settings.router_url}/health")).status_code == 200


async def test_what_is_given_is_not_started(mesh: MeshProcess) -> None:
    assert set(mesh.processes()) == {"postgres", "valkey", "prefork-server", "router", *SUBGRAPHS}
    assert "KAFKA_BOOTSTRAP_SERVERS" in mesh.output


async def test_it_tells_each_part_and_where_it_runs(mesh: MeshProcess) -> None:
    for part in ("postgres", "databases", "topics", "migrate", "orders", "router"):
        assert f"\n{part} " in f"\n{mesh.output}"
    assert f"{mesh.settings.router_url}/graphql" in mesh.output
    assert mesh.settings.router_metrics_url in mesh.output
    assert str(mesh.settings.mercato_data_dir / "logs") in mesh.output


async def test_a_subgraph_is_told_its_own_secrets_and_nobody_elses(mesh: MeshProcess) -> None:
    secrets = {**mesh.credentials(), **PLANTED}
    for name in SUBGRAPHS:
        told = str((await mesh.ask(name))["environment"])
        own = NEEDED_BY_ALL | {f"{name.upper()}_DATABASE_URL"} | (NEEDED_BY_PAYMENTS if name == "payments" else set())
        assert {variable for variable, secret in secrets.items() if secret in told} == own


async def test_only_the_router_has_a_secret_where_others_of_the_machine_look(mesh: MeshProcess) -> None:
    """What a process was started with stands in /proc; forks of the prefork server show the prefork server's."""
    secrets = {**mesh.credentials(), **PLANTED}
    found = {name: secrets_shown(identity.pid, secrets) for name, identity in mesh.processes().items()}
    assert found == {name: {"ROUTER_SECRET"} if name == "router" else set() for name in found}


def secrets_shown(pid: int, secrets: Mapping[str, str]) -> set[str]:
    """The variables whose secrets stand in the environment or the arguments of a process or of one that it started."""
    family = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
    shown = "".join(Path(f"/proc/{each.pid}/{file}").read_text() for each in family for file in ("environ", "cmdline"))
    return {variable for variable, secret in secrets.items() if secret in shown}


async def test_the_data_is_for_its_owner_alone_also_where_it_was_not_before(mesh: MeshProcess) -> None:
    await mesh.stop()
    folder = mesh.settings.mercato_data_dir
    folder.chmod(0o755)
    await mesh.up()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    others = stat.S_IRWXG | stat.S_IRWXO
    assert [path for path in folder.rglob("*") if path.lstat().st_mode & others and not path.is_symlink()] == []


async def test_a_shell_takes_the_environment_of_one_subgraph_whatever_is_in_it(stopped_mesh: MeshProcess) -> None:
    given = "postgres://payments:a'b$(exit${IFS}9);c@127.0.0.1:5432/payments"
    status, output = await stopped_mesh.run("environment", "payments", PAYMENTS_DATABASE_URL=given)
    assert status == 0
    script = 'eval "$1" && printf %s "$PAYMENTS_DATABASE_URL ${ORDERS_DATABASE_URL-none}"'
    shell = await asyncio.create_subprocess_exec(
        "sh", "-c", script, "sh", output, env={}, stdout=asyncio.subprocess.PIPE
    )
    printed, _ = await shell.communicate()
    assert printed.decode() == f"{given} none"


async def test_a_forked_subgraph_serves_grpc(mesh: MeshProcess) -> None:
    for name in SUBGRAPHS:
        address = f"127.0.0.1:{mesh.settings.subgraphs[name].grpc_port}"
        async with grpc.aio.insecure_channel(address) as channel:
            echo: grpc.aio.UnaryUnaryMultiCallable[bytes, bytes] = channel.unary_unary("/fake.Fake/Echo")
            assert await echo(b"hello ") == b"hello " + name.encode()


async def test_a_second_up_is_rejected_in_one_line(mesh: MeshProcess) -> None:
    status, output = await mesh.run("up")
    assert (status, output) == (
        1,
        f"mercato: Mercato is running already (pid {mesh.pid}). Stop it with `make down`.\n",
    )
    assert (await mesh.ask("orders"))["name"] == "orders"


async def test_a_killed_subgraph_is_named_and_comes_back(mesh: MeshProcess) -> None:
    before = mesh.processes()["orders"]
    os.kill(before.pid, signal.SIGKILL)
    await until(lambda: "orders is back" in mesh.output)
    assert "orders died (SIGKILL); starting it again in 0.5 s" in mesh.output
    assert (await mesh.ask("orders"))["pid"] == mesh.processes()["orders"].pid != before.pid


async def test_all_subgraphs_come_back_after_the_death_of_the_prefork_server(mesh: MeshProcess) -> None:
    before = mesh.processes()
    os.kill(before["prefork-server"].pid, signal.SIGKILL)
    await until(lambda: all(mesh.output.count(f"{name} died (SIGTERM)") == 1 for name in SUBGRAPHS))
    await until(lambda: all(mesh.processes()[name] != before[name] for name in SUBGRAPHS))
    await until(lambda: all(f"{name} is back" in mesh.output for name in SUBGRAPHS))


async def test_a_killed_database_server_comes_back_with_its_data(mesh: MeshProcess) -> None:
    url = (await mesh.ask("users"))["database"]
    connection = await asyncpg.connect(url)
    await connection.execute("CREATE TABLE kept (id int); INSERT INTO kept VALUES (42)")
    os.kill(mesh.processes()["postgres"].pid, signal.SIGKILL)
    await until(lambda: "postgres is back" in mesh.output)
    connection = await asyncpg.connect(url)
    assert await connection.fetchval("SELECT id FROM kept") == 42
    await connection.close()


async def test_kill_9_of_the_supervisor_leaves_nothing_that_the_next_up_cannot_clean(mesh: MeshProcess) -> None:
    left = mesh.processes()
    mesh.signal(signal.SIGKILL)
    await mesh.ended()
    await mesh.up()
    assert not any(identity.is_alive() for identity in left.values())
    assert (await mesh.ask("orders"))["name"] == "orders"


async def test_down_stops_everything(mesh: MeshProcess) -> None:
    processes = mesh.processes()
    assert all(identity.is_alive() for identity in processes.values())
    status, _ = await mesh.run("down")
    assert (status, await mesh.ended()) == (0, 0)
    assert not any(identity.is_alive() for identity in processes.values())
    assert await mesh.run("down") == (0, "Nothing was running.\n")


async def test_ctrl_c_stops_everything(mesh: MeshProcess) -> None:
    processes = mesh.processes()
    mesh.signal(signal.SIGINT)
    assert await mesh.ended() == 0
    assert not any(identity.is_alive() for identity in processes.values())


async def test_it_is_migrated_at_each_start_and_seeded_once(mesh: MeshProcess) -> None:
    await mesh.stop()
    mesh.commands_file.unlink()
    await mesh.up()
    commands = mesh.commands_file.read_text().splitlines()
    assert sorted(line.split()[0] for line in commands) == ["migrate"] * 6 + ["run"] * 6


async def test_seed_takes_the_number_of_products(mesh: MeshProcess) -> None:
    mesh.commands_file.unlink()
    status, _ = await mesh.run("seed", "--products", "1000")
    assert status == 0
    commands = mesh.commands_file.read_text().splitlines()
    assert sorted(commands) == sorted(f"seed {name} --products 1000" for name in SUBGRAPHS)


async def test_memory_is_counted_for_every_process(mesh: MeshProcess) -> None:
    status, output = await mesh.run("memory")
    assert status == 0
    for name in (*SUBGRAPHS, "router", "prefork-server", "all subgraphs and router"):
        assert f"\n{name} " in output


async def test_reset_forgets_all_data_and_its_secrets(mesh: MeshProcess) -> None:
    supervisor = identity_of(mesh.pid)
    status, _ = await mesh.run("reset")
    assert status == 0
    assert supervisor is not None
    assert not supervisor.is_alive()
    assert sorted(path.name for path in mesh.settings.mercato_data_dir.iterdir()) == ["lock"]


async def test_a_taken_port_is_told_with_who_has_it_and_what_to_do(stopped_mesh: MeshProcess) -> None:
    port = stopped_mesh.settings.subgraphs["orders"].port
    with socket.create_server(("127.0.0.1", port)):
        status, output = await stopped_mesh.run("up")
    assert status == 1
    assert output.startswith(f"mercato: Port {port} is taken by ")
    assert f"(pid {os.getpid()})" in output
    assert f"ORDERS_PORT={port + 10000} make up" in output
    assert output.count("\n") == 1


async def test_a_failing_start_shows_the_log_and_leaves_nothing(stopped_mesh: MeshProcess) -> None:
    status, output = await stopped_mesh.run("up", MERCATO_FAILING="migrate orders")
    assert status == 1
    assert "`python -m subgraphs.orders migrate` failed with 1" in output
    assert "orders cannot migrate: not today" in output
    assert str(stopped_mesh.settings.mercato_data_dir / "logs" / "orders.log") in output
    assert stopped_mesh.processes() == {}


async def test_a_subgraph_that_cannot_start_shows_its_log(stopped_mesh: MeshProcess) -> None:
    status, output = await stopped_mesh.run("up", MERCATO_FAILING="run users")
    assert status == 1
    assert "users ended right after its start" in output
    assert "users cannot run: not today" in output
    assert stopped_mesh.processes() == {}


@pytest.mark.parametrize(
    ("variables", "complaint"),
    [
        ({"ORDERS_PORT": "many"}, "mercato: ORDERS_PORT='many': "),
        ({"ROUTER": "apollo"}, "mercato: ROUTER='apollo': "),
        ({"HIVE_ROUTER": "/proc/nothing"}, "mercato: HIVE_ROUTER=/proc/nothing is no program."),
        ({"PATH": "", "ROUTER": "node"}, "mercato: node is missing: install Node.js 20 or later."),
        ({"MERCATO_DATA_DIR": "/proc/mercato"}, "mercato: /proc/mercato cannot be created"),
    ],
)
async def test_what_is_wrong_is_told_in_one_line(
    shared_mesh: MeshProcess, tmp_path: Path, variables: dict[str, str], complaint: str
) -> None:
    status, output = await shared_mesh.run("up", **{"MERCATO_DATA_DIR": str(tmp_path / "data"), **variables})
    assert status == 1
    assert output.startswith(complaint)
    assert output.count("\n") == 1


async def test_reload_0_watches_no_files(mesh: MeshProcess) -> None:
    assert "anon_inode:inotify" not in open_files(mesh.pid)


def open_files(pid: int) -> list[str]:
    return [str(file.readlink()) for file in Path(f"/proc/{pid}/fd").iterdir()]


async def test_restart_also_stops_and_starts_what_does_not_reload(mesh: MeshProcess) -> None:
    before = mesh.processes()
    status, said = await mesh.run("restart", "orders")
    assert (status, said.startswith("orders: restarted in ")) == (0, True)
    assert {name for name, who in mesh.processes().items() if who != before[name]} == {"orders"}
