"""Real servers for tests: each is started once a session by the first test that asks for it, on a free port.

A conftest takes the fixtures by `from tests.backends import *`; `backends` is all that a test needs:

    environment = await backends.environment("postgres", "kafka")     # the variables of a subgraph, fresh databases
    url = await backends.databases.create("inventory")                # one fresh database, owned by role `inventory`
    await backends.databases.make_template("inventory", migrate)      # from now on fresh ones are copies of it
    async with backends.databases.lent("inventory") as url: ...       # the same, of databases that go from test to test
"""

import asyncio
import contextlib
import os
import random
import tempfile
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import TypeVar
from unittest import mock

import pytest_asyncio

from tests.databases import Databases
from tilt.embedded.backends import Kafka, Localstripe, Mailbox, Postgres, Valkey
from tilt.embedded.credentials import Credentials, load_credentials
from tilt.embedded.databases import ensure_databases
from tilt.embedded.environment import mesh_environment, stripe_webhook_url
from tilt.embedded.ports import claim, free_ports
from tilt.embedded.preflight import ports_wanted
from tilt.embedded.service import Service
from tilt.embedded.settings import Settings, SubgraphSettings
from tilt.embedded.subgraphs import SUBGRAPHS
from tilt.embedded.topics import all_topics

__all__ = ["Backends", "backends", "kafka", "localstripe", "mailbox", "postgres", "valkey"]


Kind = TypeVar("Kind", bound=Service)


class Backends:
    """The servers of a test session, each started when it is first asked for."""

    def __init__(self, folder: Path) -> None:
        self.settings = settings_on_free_ports(folder)
        self.credentials: Credentials = load_credentials(self.settings)
        self._running: dict[str, Service] = {}
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._databases: Databases | None = None

    @property
    def databases(self) -> Databases:
        """Needs `postgres()` before."""
        assert self._databases is not None, "await backends.postgres() comes first"
        return self._databases

    async def postgres(self) -> Postgres:
        settings, folder = self.settings, self.settings.mercato_data_dir
        backend = Postgres(settings.postgres_port, folder / "postgres", folder / "logs" / "postgres.log", durable=False)
        return await self._started("postgres", backend, self._create_roles)

    async def valkey(self) -> Valkey:
        folder = self.settings.mercato_data_dir
        backend = Valkey(self.settings.valkey_port, folder / "valkey", folder / "logs" / "valkey.log")
        return await self._started("valkey", backend)

    async def kafka(self) -> Kafka:
        """With all topics of the mesh."""
        settings, folder = self.settings, self.settings.mercato_data_dir
        ports = (settings.kafka_port, settings.kafka_controller_port)
        backend = Kafka(*ports, folder / "kafka", folder / "logs" / "kafka.log", settings.mercato_jars_dir)
        return await self._started("kafka", backend, lambda running: running.create_topics(all_topics()))

    async def localstripe(self) -> Localstripe:
        """Its webhook goes to where `environment` says that payments listens."""
        settings, folder = self.settings, self.settings.mercato_data_dir
        webhook = (stripe_webhook_url(settings), self.credentials.stripe_webhook_secret)
        log = folder / "logs" / "localstripe.log"
        backend = Localstripe(settings.localstripe_port, folder / "localstripe", log, *webhook)
        return await self._started("localstripe", backend)

    async def mailbox(self) -> Mailbox:
        settings, folder = self.settings, self.settings.mercato_data_dir
        ports = (settings.mailbox_smtp_port, settings.mailbox_port)
        return await self._started("mailbox", Mailbox(*ports, folder / "mail", folder / "logs" / "mailbox.log"))

    async def environment(self, *needed: str, subgraphs: tuple[str, ...] = SUBGRAPHS) -> dict[str, str]:
        """Start the named backends and return the variables of a subgraph; with "postgres", fresh databases in it."""
        await asyncio.gather(*(getattr(self, name)() for name in needed))
        values = {**mesh_environment(self.settings, self.credentials), "MERCATO_ENVIRONMENT": "test"}
        if "postgres" in needed:
            for name in subgraphs:
                values[f"{name.upper()}_DATABASE_URL"] = await self.databases.create(name)
        return values

    async def stop(self) -> None:
        """Stop all that was started."""
        await asyncio.gather(*(backend.stop() for backend in self._running.values()))

    async def _create_roles(self, postgres: Postgres) -> None:
        passwords = self.credentials.database_passwords
        await ensure_databases(postgres.url(), passwords)
        self._databases = Databases(postgres, passwords)

    async def _started(
        self, name: str, backend: Kind, prepare: Callable[[Kind], Awaitable[None]] | None = None
    ) -> Kind:
        """The one that runs under this name, or this one after starting it; a second asker waits for the first."""
        async with self._locks[name]:
            if name not in self._running:
                self._running[name] = backend
                try:
                    await backend.start()
                    await backend.wait_healthy()
                    if prepare:
                        await prepare(backend)
                except BaseException:
                    del self._running[name]  # who asks next gets another try, not one that is not healthy
                    await backend.stop()
                    raise
            running = self._running[name]
        assert isinstance(running, type(backend))
        return running


def settings_on_free_ports(folder: Path) -> Settings:
    """Settings of a mesh of its own: nothing of the developer's environment, nothing of a running `make up`."""
    ports = iter(free_ports(9 + 2 * len(SUBGRAPHS)))
    return Settings(
        mercato_data_dir=folder,
        router_port=next(ports),
        router_metrics_port=next(ports),
        postgres_port=next(ports),
        kafka_port=next(ports),
        kafka_controller_port=next(ports),
        valkey_port=next(ports),
        localstripe_port=next(ports),
        mailbox_port=next(ports),
        mailbox_smtp_port=next(ports),
        subgraphs={name: subgraph_on(next(ports), next(ports)) for name in SUBGRAPHS},
        kafka_bootstrap_servers=None,
        redis_url=None,
        stripe_api_base=None,
        smtp_url=None,
        mailbox_url=None,
    )


def settings_of_free_shift(folder: Path) -> Settings:
    """The same, with all ports where MERCATO_PORTS moves them from their defaults."""
    for shift in random.SystemRandom().sample(range(8_000, 20_000), 1_000):
        settings = settings_moved_by(shift, folder)
        if all(claim(port) for _, _, port in ports_wanted(settings)):
            return settings
    raise AssertionError("no thousand is free of others")


def settings_moved_by(shift: int, folder: Path) -> Settings:
    """Settings of a mesh whose ports nobody set but by MERCATO_PORTS."""
    with mock.patch.dict(os.environ, clear=True):
        return Settings(mercato_data_dir=folder, mercato_ports=shift)


def subgraph_on(port: int, grpc_port: int) -> SubgraphSettings:
    return SubgraphSettings(port=port, grpc_port=grpc_port, url=f"http://127.0.0.1:{port}")


@contextlib.asynccontextmanager
async def own_backends() -> AsyncIterator[Backends]:
    """Backends that nobody else uses, none of them started yet, all of them stopped at the end.

    Two meshes that run at once can't share Kafka or a payment provider: each would consume the other's events, and
    find payments that are in none of its books.
    """
    # A short path in the system's temporary folder.
    with tempfile.TemporaryDirectory(prefix="mercato-tests-") as folder:
        servers = Backends(Path(folder))
        try:
            yield servers
        finally:
            await servers.stop()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def backends() -> AsyncIterator[Backends]:
    """All backends of the session."""
    async with own_backends() as servers:
        yield servers


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def postgres(backends: Backends) -> Postgres:
    return await backends.postgres()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def valkey(backends: Backends) -> Valkey:
    return await backends.valkey()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def kafka(backends: Backends) -> Kafka:
    return await backends.kafka()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def localstripe(backends: Backends) -> Localstripe:
    return await backends.localstripe()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def mailbox(backends: Backends) -> Mailbox:
    return await backends.mailbox()
