"""What a subgraph leaves in the embedded backends, and how it is forgotten: database, role, topics, password, log."""

import asyncio
import contextlib
import json
import time
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import asyncpg
import yaml
from aiokafka.client import AIOKafkaClient
from aiokafka.errors import GroupIdNotFound, NoError, for_code
from aiokafka.protocol.admin import DeleteGroupsRequest

from tilt.embedded.backends import Kafka, Postgres
from tilt.embedded.backends.kafka import admin_client
from tilt.embedded.credentials import write_privately
from tilt.embedded.errors import MeshError
from tilt.embedded.lock import MeshLock
from tilt.embedded.records import Records
from tilt.embedded.settings import Settings

_STOP_SECONDS = 120.0  # it composes first, beside whatever else the machine does
_POLL_SECONDS = 0.1


def topics_of(root: Path, name: str) -> list[str]:
    """Those that its contract declares, and the one of its dead letters."""
    contract = root / "schema" / "events" / f"{name}.yaml"
    channels = yaml.safe_load(contract.read_text())["channels"] if contract.exists() else {}
    return [*(channel["address"] for channel in channels.values()), f"{name}.dead-letters.v1"]


async def forget(settings: Settings, name: str, topics: Sequence[str]) -> None:
    """Drops what a subgraph has in the embedded backends. They are started for it when no mesh runs.

    Raises:
        MeshError: when a running mesh doesn't stop it.
    """
    folder = settings.mercato_data_dir
    runs = MeshLock(folder).holder() is not None
    if runs:
        await _stopped(Records(folder / "processes.json"), name)
    async with contextlib.AsyncExitStack() as started:
        if settings.needs_postgres and (folder / "postgres" / "cluster").exists():
            await _drop_database(await _postgres(settings, started, runs), name)
        if settings.kafka_bootstrap_servers is None and (folder / "kafka" / "log").exists():
            await _drop_topics(await _kafka(settings, started, runs), name, topics)
    _forget_password(folder / "credentials.json", name)
    for log in settings.log_folder.glob(f"{name}.log*"):
        log.unlink()


async def _stopped(records: Records, name: str) -> None:
    """A running mesh stops who is not in the manifest any more."""
    deadline = time.monotonic() + _STOP_SECONDS
    while name in records.running():
        if time.monotonic() > deadline:
            raise MeshError(f"The running mesh has not stopped {name}: `make down`, then this command again.")
        await asyncio.sleep(_POLL_SECONDS)


async def _postgres(settings: Settings, started: contextlib.AsyncExitStack, runs: bool) -> Postgres:
    log = settings.log_folder / "postgres.log"
    postgres = Postgres(settings.postgres_port, settings.mercato_data_dir / "postgres", log)
    if not runs:
        await started.enter_async_context(_running(postgres))
    return postgres


async def _kafka(settings: Settings, started: contextlib.AsyncExitStack, runs: bool) -> Kafka:
    ports, folder = (settings.kafka_port, settings.kafka_controller_port), settings.mercato_data_dir
    kafka = Kafka(*ports, folder / "kafka", settings.log_folder / "kafka.log", settings.mercato_jars_dir)
    if not runs:
        await started.enter_async_context(_running(kafka))
    return kafka


@contextlib.asynccontextmanager
async def _running(backend: Postgres | Kafka) -> AsyncIterator[None]:
    await backend.start()
    try:
        await backend.wait_healthy()
        yield
    finally:
        await backend.stop()


async def _drop_database(postgres: Postgres, name: str) -> None:
    connection = await asyncpg.connect(postgres.url())
    try:
        await connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        await connection.execute(f'DROP ROLE IF EXISTS "{name}"')
    finally:
        await connection.close()


async def _drop_topics(kafka: Kafka, name: str, topics: Sequence[str]) -> None:
    async with admin_client(kafka.bootstrap_servers) as admin:
        if gone := sorted(set(await admin.list_topics()).intersection(topics)):
            await admin.delete_topics(gone)
    await _forget_positions(kafka.bootstrap_servers, name)


async def _forget_positions(bootstrap_servers: str, group: str) -> None:
    """Where its consumers stood: a subgraph of the same name begins at the beginning. The one node coordinates all."""
    client = AIOKafkaClient(bootstrap_servers=bootstrap_servers)
    await client.bootstrap()
    try:
        answer = await client.send(client.get_random_node(), DeleteGroupsRequest([group]))
    finally:
        await client.close()
    for _, code in answer.results:
        if code not in (NoError.errno, GroupIdNotFound.errno):
            raise MeshError(f"Kafka keeps the positions of {group}: {for_code(code).description}")


def _forget_password(file: Path, name: str) -> None:
    if not file.exists():
        return
    kept = json.loads(file.read_text())
    if kept["database_passwords"].pop(name, None) is not None:
        write_privately(file, json.dumps(kept, indent=2))
