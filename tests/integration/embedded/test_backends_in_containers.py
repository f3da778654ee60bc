"""`python -m tilt.embedded.backends`: what containers run, and what Jobs make in them. Real servers, all of them."""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from tests.subgraphs import eventually
from tilt.embedded.backends.kafka import admin_client
from tilt.embedded.ports import free_port, free_ports
from tilt.embedded.topics import all_topics

STOP_SECONDS = 20.0


@pytest.fixture
def secrets(tmp_path: Path) -> Callable[..., dict[str, str]]:
    """Writes a folder of secrets; the environment that names it."""

    def write(**values: str) -> dict[str, str]:
        folder = tmp_path / "secrets"
        folder.mkdir(exist_ok=True)
        for name, value in values.items():
            (folder / name).write_text(f"{value}\n")
        return {"SECRETS_DIR": str(folder)}

    return write


async def start(environment: Mapping[str, str], *arguments: str) -> asyncio.subprocess.Process:
    command = (sys.executable, "-m", "tilt.embedded.backends", *arguments)
    given = {**os.environ, **environment}
    return await asyncio.create_subprocess_exec(
        *command, env=given, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )


async def finish(environment: Mapping[str, str], *arguments: str) -> tuple[int, str]:
    process = await start(environment, *arguments)
    output, _ = await process.communicate()
    assert process.returncode is not None
    return process.returncode, output.decode()


@asynccontextmanager
async def serving(environment: Mapping[str, str], *arguments: str) -> AsyncIterator[None]:
    """Run one until the block ends; SIGTERM must end it soon."""
    process = await start(environment, *arguments)
    try:
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            await asyncio.wait_for(process.communicate(), STOP_SECONDS)
        except TimeoutError:
            process.kill()
            raise


async def answer(url: str) -> object:
    connection = await asyncpg.connect(url, timeout=5)
    try:
        return await connection.fetchval("SELECT current_user || ' in ' || current_database()")
    finally:
        await connection.close()


async def test_databases_are_made_once_postgres_is_there_and_again_without_effect(
    tmp_path: Path, secrets: Callable[..., dict[str, str]]
) -> None:
    port = free_port()
    url = f"postgres://orders:of%20orders@127.0.0.1:{port}/orders"
    environment = secrets(POSTGRES_PASSWORD="it's secret", ORDERS_DATABASE_URL=url)
    early = asyncio.create_task(finish(environment, "databases"))
    async with serving(environment, "postgres", "--port", str(port), "--data", str(tmp_path / "data")):
        status, output = await early
        assert (status, await answer(url)) == (0, "orders in orders"), output
        assert "not there yet" in output
        again, _ = await finish(environment, "databases")
        assert again == 0


async def test_a_session_does_not_keep_postgres_from_stopping(
    tmp_path: Path, secrets: Callable[..., dict[str, str]]
) -> None:
    port = free_port()
    environment = secrets(POSTGRES_PASSWORD="secret")
    async with serving(environment, "postgres", "--port", str(port), "--data", str(tmp_path / "data")):
        url = f"postgres://postgres:secret@127.0.0.1:{port}/postgres"
        session = await eventually(lambda: unless_refused(asyncpg.connect(url)), "Postgres lets the superuser in")
    with pytest.raises((OSError, asyncpg.PostgresError, asyncpg.InterfaceError)):
        await session.fetchval("SELECT 1")


async def unless_refused(attempt: Awaitable[Any]) -> Any:
    """What it answers, or None while its server is not there."""
    with contextlib.suppress(OSError, asyncpg.CannotConnectNowError):
        return await attempt


async def test_another_password_of_the_superuser_counts_from_the_next_start(
    tmp_path: Path, secrets: Callable[..., dict[str, str]]
) -> None:
    port, data = free_port(), str(tmp_path / "data")
    for password in ("first", "the 'second'"):
        environment = secrets(
            POSTGRES_PASSWORD=password, USERS_DATABASE_URL=f"postgres://users:x@127.0.0.1:{port}/users"
        )
        async with serving(environment, "postgres", "--port", str(port), "--data", data):
            status, output = await finish(environment, "databases")
            assert status == 0, output


async def test_a_wrong_password_is_named_and_not_tried_forever(
    tmp_path: Path, secrets: Callable[..., dict[str, str]]
) -> None:
    port = free_port()
    url = f"postgres://orders:x@127.0.0.1:{port}/orders"
    right = secrets(POSTGRES_PASSWORD="right", ORDERS_DATABASE_URL=url)
    async with serving(right, "postgres", "--port", str(port), "--data", str(tmp_path / "data")):
        status, output = await finish({**right, "POSTGRES_PASSWORD": "wrong"}, "databases")
    assert status == 1
    assert "POSTGRES_PASSWORD is not the one of" in output


@pytest.mark.parametrize(
    ("command", "values", "named"),
    [
        ("postgres", {}, "POSTGRES_PASSWORD is missing"),
        ("databases", {"POSTGRES_PASSWORD": "x"}, "ORDERS_DATABASE_URL"),
        (
            "databases",
            {"POSTGRES_PASSWORD": "x", "USERS_DATABASE_URL": "postgres://u@here/u"},
            "USERS_DATABASE_URL must look like",
        ),
        ("databases", {"POSTGRES_PASSWORD": ""}, "POSTGRES_PASSWORD"),
        ("topics", {}, "KAFKA_BOOTSTRAP_SERVERS is missing"),
    ],
)
async def test_what_is_missing_or_wrong_is_named_in_one_line(
    command: str, values: dict[str, str], named: str, secrets: Callable[..., dict[str, str]]
) -> None:
    environment = {**secrets(**values), "KAFKA_BOOTSTRAP_SERVERS": ""}
    status, output = await finish(environment, command)
    assert status == 1
    assert named in output
    assert len(output.strip().splitlines()) == 1


async def test_topics_are_made_once_kafka_is_there_and_again_without_effect(tmp_path: Path) -> None:
    port, controller_port = free_ports(2)
    servers = f"127.0.0.1:{port}"
    environment = {"KAFKA_BOOTSTRAP_SERVERS": servers}
    ports = ("--port", str(port), "--controller-port", str(controller_port), "--advertised", servers)
    early = asyncio.create_task(finish(environment, "topics"))
    async with serving(environment, "kafka", *ports, "--data", str(tmp_path / "data")):
        status, output = await early
        assert status == 0, output
        async with admin_client(servers) as admin:
            assert all_topics() <= set(await admin.list_topics())
        again, output = await finish(environment, "topics")
        assert again == 0, output


async def test_the_mailbox_answers_under_its_names_alone(tmp_path: Path) -> None:
    smtp_port, port = free_ports(2)
    ports = ("--smtp-port", str(smtp_port), "--port", str(port))
    async with serving({}, "mailbox", *ports, "--data", str(tmp_path), "--names", "mailbox"):
        assert b" 200 " in await eventually(lambda: unless_refused(status_line(port, "mailbox")), "the mailbox answers")
        assert b" 400 " in await status_line(port, "evil.example")


async def status_line(port: int, host: str) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(f"GET /messages HTTP/1.0\r\nHost: {host}\r\n\r\n".encode())
        return await reader.readline()
    finally:
        writer.close()
