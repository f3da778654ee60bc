"""Notifications on real servers."""

from collections.abc import AsyncIterator

import pytest_asyncio
from aiokafka import AIOKafkaProducer

from shared.runtime.subgraph import Subgraph
from tests.backends import Backends
from tests.identity import Issuer
from tests.integration.notifications.post import Inboxes, Publisher
from tests.subgraphs import Running, connected, fresh_environment, running


@pytest_asyncio.fixture
async def notifications(backends: Backends) -> AsyncIterator[Subgraph]:
    """The commands and queries of notifications in this process, on a fresh database."""
    async with connected(backends, "notifications") as subgraph:
        yield subgraph


# Of the package, not of the session: two processes of one consumer group would share the events of other tests.
@pytest_asyncio.fixture(scope="package", loop_scope="session")
async def process(backends: Backends, issuer: Issuer) -> AsyncIterator[Running]:
    """Notifications as it runs in the mesh."""
    environment = await fresh_environment(backends, "notifications", "kafka", "mailbox")
    async with running("notifications", {**environment, "JWKS_URL": issuer.jwks_url}) as running_process:
        yield running_process


@pytest_asyncio.fixture(scope="package", loop_scope="session")
async def publisher(process: Running) -> AsyncIterator[Publisher]:
    """Publishes what the other subgraphs would."""
    producer = AIOKafkaProducer(bootstrap_servers=process.environment["KAFKA_BOOTSTRAP_SERVERS"], acks="all")
    await producer.start()
    yield Publisher(producer)
    await producer.stop()


@pytest_asyncio.fixture(scope="package", loop_scope="session")
async def inboxes(process: Running) -> Inboxes:
    """Everybody's mail."""
    return Inboxes(process.environment["MAILBOX_URL"])
