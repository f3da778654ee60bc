"""A start while something is away, and what probes are told meanwhile."""

import asyncio
import contextlib
import os
import signal
import sys
import tempfile
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import httpx

from shared.ids import new_id
from shared.persistence.migration import migrate
from tests.backends import Backends
from tests.integration.shared.test_graceful_stop import waits_for_a_lock
from tests.integration.shared.test_migration import unmigrated_environment
from tests.subgraphs import built, eventually, fresh_environment
from tilt.embedded.backends import Kafka, Postgres
from tilt.embedded.databases import ensure_databases
from tilt.embedded.ports import free_ports
from tilt.embedded.topics import all_topics


@dataclass(frozen=True)
class Pod:
    """A process and its two ports."""

    process: asyncio.subprocess.Process
    graphql: httpx.AsyncClient
    open: httpx.AsyncClient

    async def health(self, name: str) -> tuple[int, Mapping[str, str]]:
        """The status of a probe, and what fails."""
        answer = await self.open.get(f"/health/{name}")
        return answer.status_code, answer.json().get("failures", {})

    async def asks(self, environment: Mapping[str, str]) -> dict[str, Any]:
        """The answer to a request of the router that needs the database."""
        query = """query ($of: [_Any!]!) {
          _entities(representations: $of) { ... on ProductVariant { stock { available } } }
        }"""
        body = {"query": query, "variables": {"of": [{"__typename": "ProductVariant", "id": str(new_id())}]}}
        headers = {"x-router-secret": environment["ROUTER_SECRET"]}
        answer: dict[str, Any] = (await self.graphql.post("/graphql", json=body, headers=headers, timeout=30)).json()
        return answer

    async def waits_for(self, check: str, text: str) -> None:
        """Waits until it is not ready because of this."""

        async def is_told() -> bool:
            status, failures = await self.health("ready")
            return status == 503 and text in failures.get(check, "")

        await eventually(is_told, f"{check} fails with {text}")
        assert (await self.health("live"))[0] == 200

    async def gets_ready(self) -> None:
        """Waits until it is."""

        async def is_ready() -> bool:
            return (await self.health("ready"))[0] == 200

        await eventually(is_ready, "it is ready")
        assert (await self.health("started"))[0] == 200


@contextlib.asynccontextmanager
async def pod(environment: Mapping[str, str], command: str) -> AsyncIterator[Pod]:
    """Inventory with a port for everybody, from when that answers.

    Whatever is away meanwhile, its log has no stack trace.
    """
    (port,) = free_ports(1)
    own = {**environment, "INVENTORY_OPEN_PORT": str(port)}
    graphql, everybody = own["INVENTORY_URL"], f"http://127.0.0.1:{port}"
    async with (
        _process(own, command) as process,
        httpx.AsyncClient(base_url=graphql) as closed,
        httpx.AsyncClient(base_url=everybody) as client,
    ):
        await eventually(lambda: _answers(client), "the open port answers")
        yield Pod(process, closed, client)


@contextlib.asynccontextmanager
async def _process(environment: Mapping[str, str], command: str) -> AsyncIterator[asyncio.subprocess.Process]:
    with tempfile.TemporaryFile() as log:  # a pipe that nobody reads would stop who writes
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "subgraphs.inventory",
            command,
            env={**os.environ, **environment},
            stdout=log,
            stderr=log,
        )
        try:
            yield process
        finally:
            if process.returncode is None:
                process.terminate()
            await asyncio.wait_for(process.wait(), 20)
        log.seek(0)
        assert b"Traceback" not in log.read()


async def _answers(client: httpx.AsyncClient) -> bool:
    try:
        return (await client.get("/health/live")).status_code == 200
    except httpx.TransportError:
        return False


async def test_a_port_for_everybody_answers_all_but_graphql(backends: Backends) -> None:
    environment = await fresh_environment(backends, "inventory", "kafka")
    async with pod(environment, "serve") as inventory:
        await inventory.gets_ready()
        assert (await inventory.open.post("/graphql", json={"query": "{ __typename }"})).status_code == 404
        assert "mercato_" in (await inventory.open.get("/metrics")).text
        headers = {"x-router-secret": environment["ROUTER_SECRET"]}
        answer = await inventory.graphql.post("/graphql", json={"query": "{ __typename }"}, headers=headers)
        assert answer.json() == {"data": {"__typename": "Query"}}
        assert [(await inventory.graphql.get(path)).status_code for path in ("/metrics", "/health/ready")] == [404, 404]


async def test_a_stop_finishes_what_is_under_way_and_answers_probes_meanwhile(backends: Backends) -> None:
    environment = await fresh_environment(backends, "inventory", "kafka")
    blocker = await asyncpg.connect(environment["INVENTORY_DATABASE_URL"])
    async with pod(environment, "serve") as inventory, contextlib.AsyncExitStack() as stack:
        await inventory.gets_ready()
        stack.push_async_callback(blocker.close)
        transaction = blocker.transaction()
        await transaction.start()
        await blocker.execute("LOCK TABLE stock_items, stock_levels")
        asked = asyncio.create_task(inventory.asks(environment))
        await eventually(lambda: waits_for_a_lock(blocker), "a request is under way")
        inventory.process.send_signal(signal.SIGTERM)
        await inventory.waits_for("process", "stopping")
        await transaction.rollback()
        assert "errors" not in await asked
        assert await asyncio.wait_for(inventory.process.wait(), 30) == 0


async def test_a_database_that_is_away_at_the_start_is_waited_for(backends: Backends, tmp_path: Path) -> None:
    environment = await backends.environment("kafka", subgraphs=())
    (port,) = free_ports(1)
    postgres = Postgres(port, tmp_path / "postgres", tmp_path / "postgres.log", durable=False)
    environment["INVENTORY_DATABASE_URL"] = f"postgres://inventory:password@127.0.0.1:{port}/inventory"
    async with pod(environment, "run") as inventory:
        await inventory.waits_for("start", f"the database inventory at 127.0.0.1:{port} can't be used: ")
        assert (await inventory.health("started"))[0] == 503
        try:
            await postgres.start()
            await postgres.wait_healthy()
            await ensure_databases(postgres.url(), {"inventory": "password"})
            await inventory.waits_for("database", "tortoise_migrations")
            await migrate(built("inventory", environment))
            await inventory.gets_ready()
        finally:
            inventory.process.terminate()
            await inventory.process.wait()
            await postgres.stop()


async def test_a_database_without_the_migrations_of_the_code_is_not_ready_until_it_has_them(backends: Backends) -> None:
    environment = await unmigrated_environment(backends, "kafka")
    await migrate(built("inventory", environment), "chassis.0001_initial")
    async with pod(environment, "serve") as inventory:
        await inventory.waits_for("database", "chassis.0002_outbox_notification is not applied yet")
        await migrate(built("inventory", environment))
        await inventory.gets_ready()


async def test_a_kafka_that_is_away_is_waited_for_by_who_works_at_the_start_and_later(
    backends: Backends, tmp_path: Path
) -> None:
    environment = await fresh_environment(backends, "inventory")
    port, controller = free_ports(2)
    jars = backends.settings.mercato_jars_dir
    kafka = Kafka(port, controller, tmp_path / "kafka", tmp_path / "kafka.log", jars)
    environment["KAFKA_BOOTSTRAP_SERVERS"] = kafka.bootstrap_servers
    async with pod(environment, "work") as inventory:
        await inventory.waits_for("relay", f"no connection to Kafka at 127.0.0.1:{port}")
        assert (await inventory.health("started"))[0] == 200
        try:
            await kafka.start()
            await kafka.wait_healthy()
            await kafka.create_topics(all_topics())
            await inventory.gets_ready()
            await kafka.stop()
            await inventory.waits_for("relay", f"no connection to Kafka at 127.0.0.1:{port}")
            await kafka.start()
            await inventory.gets_ready()
        finally:
            inventory.process.terminate()
            await inventory.process.wait()
            await kafka.stop()


async def test_who_stands_by_is_not_ready_without_kafka_either(backends: Backends) -> None:
    environment = await fresh_environment(backends, "inventory", "kafka")
    async with pod(environment, "work") as leader:
        await leader.gets_ready()
        away = {"KAFKA_BOOTSTRAP_SERVERS": "127.0.0.1:1", "INVENTORY_PORT": str(free_ports(1)[0])}
        async with pod({**environment, **away}, "work") as standby:
            await standby.waits_for("relay", "no connection to Kafka at 127.0.0.1:1")


async def test_a_setting_that_is_missing_ends_the_start_in_one_line(backends: Backends) -> None:
    environment = {**os.environ, **await fresh_environment(backends, "inventory")}
    del environment["RPC_SECRET"]
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "subgraphs.inventory", "serve", env=environment, stderr=asyncio.subprocess.PIPE
    )
    _, complaint = await asyncio.wait_for(process.communicate(), 30)
    assert (process.returncode, complaint.decode()) == (78, "setting RPC_SECRET: Field required\n")
