"""Reads Kafka: effect first, then the offset; bounded retries, then the dead-letter topic."""

import asyncio
import contextlib
import logging
import time
from collections.abc import AsyncIterator, Mapping, Sequence

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRecord, TopicPartition
from aiokafka.errors import CommitFailedError, IllegalStateError, KafkaError
from opentelemetry.trace import SpanKind

from shared.events.cloudevents import MalformedEventError, ReceivedEvent, decode
from shared.events.connection import require_kafka
from shared.events.dead_letters import dead_letter_headers, dead_letter_topic
from shared.events.handlers import Inbox
from shared.runtime.outages import OUTAGES
from shared.telemetry.context import continued
from shared.telemetry.failures import described
from shared.telemetry.kafka_outage import KAFKA_OUTAGE
from shared.telemetry.metrics import CONSUMER_LAG, DEAD_LETTERS, EVENT_DELAY_SECONDS, measured
from shared.telemetry.tracing import span

logger = logging.getLogger(__name__)

Batches = Mapping[TopicPartition, Sequence[ConsumerRecord]]

_BATCH = 100
_POLL_MILLISECONDS = 500
_ATTEMPTS = 5
_FIRST_RETRY_SECONDS = 0.1
# Under load a batch is applied this often: what arrives meanwhile shares its cost; when idle, at once.
_ROUND_SECONDS = 0.05
_COMMIT_SECONDS = 0.5  # how often offsets are committed under load; what is read again after a crash is in the inbox


class Consumer:
    """Applies the events of some topics, each once, those of one partition in their order.

    Replicas share the partitions. A message that fails five times, or can never succeed, goes to the dead-letter
    topic, and the partition goes on. An outage of the database is no fault of the message: the consumer fails,
    is restarted and reads it again.
    """

    def __init__(self, subgraph: str, bootstrap_servers: str, inbox: Inbox) -> None:
        self._subgraph = subgraph
        self._bootstrap_servers = bootstrap_servers
        self._inbox = inbox
        self._uncommitted: dict[TopicPartition, int] = {}
        self._committed_at = 0.0
        self._dead_letters: AIOKafkaProducer | None = None

    async def require_connected(self) -> None:
        """Returns while it consumes and Kafka answers; raises ConnectionError while that can't be reached."""
        await require_kafka(self._dead_letters, self._bootstrap_servers)

    async def run(self, stop: asyncio.Event) -> None:
        """Works until ``stop`` is set; raises when Postgres or Kafka fails, and may then be run again."""
        async with self._connected() as (consumer, dead_letters):
            logger.info("consuming %s", ", ".join(self._inbox.topics))
            self._uncommitted.clear()
            while not stop.is_set():
                started = time.monotonic()
                batches = await consumer.getmany(timeout_ms=_POLL_MILLISECONDS, max_records=_BATCH)
                await self._process_all(batches, dead_letters)
                if not batches or time.monotonic() - self._committed_at > _COMMIT_SECONDS:
                    await self._commit(consumer)
                _measure_lag(consumer, batches)
                await asyncio.sleep(max(0.0, started + _ROUND_SECONDS - time.monotonic()))
            await self._commit(consumer)

    async def _process_all(self, batches: Batches, dead_letters: AIOKafkaProducer) -> None:
        for topic in {partition.topic for partition in batches}:
            of_topic = [batch for partition, batch in batches.items() if partition.topic == topic]
            await self._process([record for batch in of_topic for record in batch], dead_letters)
        self._uncommitted |= {partition: records[-1].offset + 1 for partition, records in batches.items()}

    async def _process(self, records: Sequence[ConsumerRecord], dead_letters: AIOKafkaProducer) -> None:
        """Tries a topic's batch in one transaction; when something in it fails, goes through it one by one."""
        try:
            await self._apply(records)
        except OUTAGES:
            raise
        except Exception as error:
            logger.warning("a batch of %d failed and is applied one by one: %s", len(records), described(error))
            for record in records:
                await self._process_one(record, dead_letters)

    async def _process_one(self, record: ConsumerRecord, dead_letters: AIOKafkaProducer) -> None:
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                return await self._apply([record])
            except OUTAGES:
                raise
            except Exception as error:
                if isinstance(error, MalformedEventError) or attempt == _ATTEMPTS:
                    return await self._dead_letter(record, error, dead_letters)
                await asyncio.sleep(_FIRST_RETRY_SECONDS * 2 ** (attempt - 1))
        return None

    async def _apply(self, records: Sequence[ConsumerRecord]) -> None:
        events = [decode(record.headers, record.value) for record in records]
        with continued(events[0].trace), measured("kafka", records[0].topic), span("consume", SpanKind.CONSUMER):
            await self._inbox.apply(events)
        _measure_delay([event for event in events if self._inbox.handles(event.type)])

    async def _dead_letter(self, record: ConsumerRecord, error: Exception, dead_letters: AIOKafkaProducer) -> None:
        logger.error(
            "message put aside: %s[%d]@%d: %s", record.topic, record.partition, record.offset, described(error)
        )
        DEAD_LETTERS.labels(record.topic).inc()
        headers = dead_letter_headers(record, error)
        await dead_letters.send_and_wait(
            dead_letter_topic(self._subgraph), record.value, key=record.key, headers=headers
        )
        self._committed_at = 0.0  # commit soon: the inbox does not know a dead letter

    async def _commit(self, consumer: AIOKafkaConsumer) -> None:
        """Commits what was applied. Failing here loses nothing: whoever reads it again finds it in the inbox."""
        offsets, self._uncommitted, self._committed_at = self._uncommitted, {}, time.monotonic()
        if not offsets:
            return
        try:
            await consumer.commit(offsets)
        except (CommitFailedError, IllegalStateError) as error:
            logger.info("offsets not committed, the partitions moved: %s", described(error))
        except KafkaError as error:
            KAFKA_OUTAGE.tell(f"offsets not committed: {described(error)}")

    @contextlib.asynccontextmanager
    async def _connected(self) -> AsyncIterator[tuple[AIOKafkaConsumer, AIOKafkaProducer]]:
        consumer = AIOKafkaConsumer(
            *self._inbox.topics,
            bootstrap_servers=self._bootstrap_servers,
            group_id=self._subgraph,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            isolation_level="read_committed",
        )
        dead_letters = AIOKafkaProducer(bootstrap_servers=self._bootstrap_servers, acks="all", enable_idempotence=True)
        async with contextlib.AsyncExitStack() as stack:
            stack.callback(self._forget_connection)
            stack.push_async_callback(dead_letters.stop)
            await dead_letters.start()
            # Kafka is there; the consumer may wait for its share while another one is frozen.
            self._dead_letters = dead_letters
            stack.push_async_callback(consumer.stop)
            await consumer.start()
            yield consumer, dead_letters

    def _forget_connection(self) -> None:
        self._dead_letters = None


def _measure_delay(events: Sequence[ReceivedEvent]) -> None:
    now = time.time()
    for event in events:
        EVENT_DELAY_SECONDS.labels(event.type).observe(max(0.0, now - event.time.timestamp()))


def _measure_lag(consumer: AIOKafkaConsumer, batches: Batches) -> None:
    for partition, records in batches.items():
        highwater = consumer.highwater(partition)
        if highwater is not None:
            CONSUMER_LAG.labels(partition.topic, partition.partition).set(max(0, highwater - records[-1].offset - 1))
