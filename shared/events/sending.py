"""Sends rows of the outbox to Kafka, many at once or one by one, and says what became of each."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from uuid import UUID

import asyncpg
import orjson
from aiokafka import AIOKafkaProducer
from aiokafka.errors import InvalidTopicError, TopicAuthorizationFailedError, UnknownTopicOrPartitionError

from shared.events.cloudevents import encode_headers
from shared.events.connection import answers
from shared.events.kafka_rejections import is_rejected_for_good, require_topic_name
from shared.runtime.outages import KafkaUnavailableError
from shared.telemetry.metrics import OUTBOX_SENT

_ALONE_BYTES = 12_000  # about from here on aiokafka sends a message in a batch of its own (max_batch_size)
_TOPIC_SECONDS = 2.0  # how long a topic that Kafka does not know yet is waited for
_FRAMING_BYTES = 65_536  # what a request may have besides an event's body

Place = tuple[str, str]  # a topic and a key: what has an order


@dataclass(slots=True)
class Outcome:
    """What became of rows: those that Kafka has, and what kept others back."""

    sent: list[int] = field(default_factory=list)
    rejected: bool = False  # Kafka will not have something among them
    failure: BaseException | None = None  # an outage
    missing_topics: set[str] = field(default_factory=set)
    is_partial: bool = False  # some were left for the next round, to keep their order


@asynccontextmanager
async def producing(
    bootstrap_servers: str, max_event_bytes: int, *, idempotent: bool = True
) -> AsyncIterator[AIOKafkaProducer]:
    """A producer that waits for all replicas and takes events of this size."""
    producer = AIOKafkaProducer(
        bootstrap_servers=bootstrap_servers,
        acks="all",
        enable_idempotence=idempotent,
        max_request_size=max_event_bytes + _FRAMING_BYTES,
    )
    try:
        await producer.start()
        yield producer
    finally:
        await producer.stop()


async def send_together(producer: AIOKafkaProducer, rows: Sequence[asyncpg.Record]) -> Outcome:
    """Sends rows side by side.

    Behind one that failed, or is large enough to be rejected for its size, none of its key is sent. A broker rejects
    batches, not messages: which one is at fault is found by ``send_one``. After a rejection the producer is of no more
    use: the numbers that it gives its batches have a gap.
    """
    outcome, deliveries = Outcome(), list[tuple[asyncpg.Record, asyncio.Future[object]]]()
    outcome.missing_topics = await _missing_topics(producer, {row["topic"] for row in rows})
    closed: set[Place] = set()
    for row in rows:
        place = (row["topic"], row["key"])
        if row["topic"] in outcome.missing_topics or place in closed:
            outcome.is_partial = True
            continue
        if len(row["payload"]) > _ALONE_BYTES:
            closed.add(place)
        try:
            deliveries.append((row, await _begin(producer, row)))
        except Exception as error:
            _note(outcome, error)
            closed.add(place)
            if outcome.failure:
                break
    await _settle(outcome, deliveries)
    return outcome


async def send_one(producer: AIOKafkaProducer, row: asyncpg.Record) -> None:
    """Sends a row and waits until Kafka has it; raises what Kafka says."""
    await (await _begin(producer, row))
    OUTBOX_SENT.labels(row["topic"]).inc()


async def _begin(producer: AIOKafkaProducer, row: asyncpg.Record) -> "asyncio.Future[object]":
    require_topic_name(row["topic"])
    event_id: UUID = row["event_id"]
    headers = encode_headers(event_id, row["type"], row["occurred_at"], orjson.loads(row["trace"]))
    delivery: asyncio.Future[object] = await producer.send(
        row["topic"], row["payload"].encode(), key=row["key"].encode(), headers=headers
    )
    return delivery


async def _settle(outcome: Outcome, deliveries: Sequence[tuple[asyncpg.Record, "asyncio.Future[object]"]]) -> None:
    results = await asyncio.gather(*(delivery for _, delivery in deliveries), return_exceptions=True)
    failed: set[Place] = set()
    for (row, _), result in zip(deliveries, results, strict=True):
        place = (row["topic"], row["key"])
        if isinstance(result, BaseException):
            failed.add(place)
            _note(outcome, result)
        elif place not in failed:
            outcome.sent.append(row["id"])
            OUTBOX_SENT.labels(row["topic"]).inc()


def _note(outcome: Outcome, error: BaseException) -> None:
    if is_rejected_for_good(error):
        outcome.rejected = True
    else:
        outcome.failure = error


async def _missing_topics(producer: AIOKafkaProducer, topics: set[str]) -> set[str]:
    """Those that Kafka does not know: their events wait for them, and nobody else's do."""
    return {topic for topic in topics if not await _is_there(producer, topic)}


async def _is_there(producer: AIOKafkaProducer, topic: str) -> bool:
    try:
        require_topic_name(topic)
        await asyncio.wait_for(producer.partitions_for(topic), _TOPIC_SECONDS)
    except (TimeoutError, UnknownTopicOrPartitionError) as error:
        if not await answers(producer):
            raise KafkaUnavailableError("Kafka does not answer") from error
        return False
    except (InvalidTopicError, TopicAuthorizationFailedError):
        return True  # sending says so again, of each row
    return True
