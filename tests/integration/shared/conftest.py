"""The chassis on real servers, with inventory's database as its host."""

import secrets
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass

import pytest_asyncio
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRecord

from shared.events.dead_letters import dead_letter_topic
from shared.persistence import db
from shared.persistence.migration import tortoise_config
from tests.backends import Backends
from tests.subgraphs import built, fresh_environment


@dataclass(frozen=True)
class Stage:
    """A connected database, a Kafka, and a topic and a consumer group of this test's own."""

    database_url: str
    bootstrap_servers: str
    group: str
    topic: str
    environment: Mapping[str, str]

    async def messages(self, topic: str, count: int) -> list[ConsumerRecord]:
        """The first messages of a topic; waits for them."""
        consumer = AIOKafkaConsumer(topic, bootstrap_servers=self.bootstrap_servers, auto_offset_reset="earliest")
        await consumer.start()
        try:
            return [await consumer.getone() for _ in range(count)]
        finally:
            await consumer.stop()

    @property
    def dead_letters(self) -> str:
        """Where this test's group keeps dead letters."""
        return dead_letter_topic(self.group)


@pytest_asyncio.fixture
async def stage(backends: Backends) -> AsyncIterator[Stage]:
    """Everything that events need."""
    environment = await fresh_environment(backends, "inventory", "kafka")
    group = f"test-{secrets.token_hex(4)}"
    stage = Stage(
        environment["INVENTORY_DATABASE_URL"],
        environment["KAFKA_BOOTSTRAP_SERVERS"],
        group,
        f"{group}.thing.v1",
        environment,
    )
    await (await backends.kafka()).create_topics([stage.topic, stage.dead_letters])
    async with db.connected(tortoise_config(built("inventory", environment))):
        await db.execute("CREATE TABLE effects (position bigserial, key text, number int)")
        yield stage


@pytest_asyncio.fixture
async def producer(stage: Stage) -> AsyncIterator[AIOKafkaProducer]:
    """Somebody who sends messages past any outbox."""
    producer = AIOKafkaProducer(bootstrap_servers=stage.bootstrap_servers, acks="all", enable_idempotence=True)
    await producer.start()
    yield producer
    await producer.stop()
