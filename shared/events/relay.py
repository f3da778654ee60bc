"""Sends the outbox to Kafka: unsent rows in the order of their ids, by one relay at a time."""

import asyncio
import contextlib
import logging
import time
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from uuid import UUID

import asyncpg
import orjson
from aiokafka import AIOKafkaProducer
from opentelemetry.trace import SpanKind

from shared import db
from shared.events.cloudevents import encode_headers
from shared.events.connection import require_kafka
from shared.outbox import CHANNEL
from shared.secrets import Secret
from shared.telemetry.failures import described
from shared.telemetry.metrics import OUTBOX_LAG_SECONDS, OUTBOX_SENT, OUTBOX_UNSENT
from shared.telemetry.tracing import span

logger = logging.getLogger(__name__)

_LOCK = 0x6F757462  # "outb"; the advisory lock that makes the relay the only one of its database
_BATCH = 500
_ROUND_SECONDS = 0.02  # under load a batch goes out this often: what was committed meanwhile shares its cost; when idle, at once
_IDLE_SECONDS = 1.0  # how long a lost notification can delay an event, and how often a standby asks for the lock


class Relay:
    """Sends committed events to Kafka, at least once each, those of one key in their order.

    Any number of processes may run it: the one that holds the advisory lock works, the others stand by. It selects rows that were
    not sent, never rows after the last one sent: transactions commit in another order than that of their ids.
    """

    def __init__(self, database_url: Secret, bootstrap_servers: str) -> None:
        self._database_url = database_url
        self._bootstrap_servers = bootstrap_servers
        self._woken = asyncio.Event()
        self._measured_at = 0.0
        self._connected: AIOKafkaProducer | None = None

    async def require_connected(self) -> None:
        """Returns while Kafka answers, also to who stands by; raises ConnectionError while it can't be reached."""
        await require_kafka(self._connected, self._bootstrap_servers)

    async def run(self, stop: asyncio.Event) -> None:
        """Works until ``stop`` is set; raises when Postgres or Kafka fails, and may then be run again."""
        async with self._producer() as producer, db.own_connection(self._database_url, "relay") as connection:
            if await self._lead(connection, stop):
                await self._send_all(producer, connection, stop)

    async def _send_all(self, producer: AIOKafkaProducer, connection: asyncpg.Connection, stop: asyncio.Event) -> None:
        logger.info("relaying the outbox")
        async with self._waking(stop):
            while not stop.is_set():
                _require_open(connection)
                await self._round(producer)
                await self._measure_lag()

    async def _lead(self, connection: asyncpg.Connection, stop: asyncio.Event) -> bool:
        while not stop.is_set():
            if await connection.fetchval("SELECT pg_try_advisory_lock($1)", _LOCK):
                await connection.add_listener(CHANNEL, lambda *_: self._woken.set())
                return True
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), _IDLE_SECONDS)
        return False

    async def _round(self, producer: AIOKafkaProducer) -> None:
        """Sends a batch, and waits for the next one to be worth it: a commit or a second, and a moment when something was sent."""
        self._woken.clear()
        started = time.monotonic()
        count = await self._send_batch(producer)
        if count:
            await asyncio.sleep(max(0.0, started + _ROUND_SECONDS - time.monotonic()))
        if count < _BATCH:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._woken.wait(), _IDLE_SECONDS)

    @contextlib.asynccontextmanager
    async def _waking(self, stop: asyncio.Event) -> AsyncIterator[None]:
        """Has the stop end a wait."""

        async def wake() -> None:
            await stop.wait()
            self._woken.set()

        waking = asyncio.create_task(wake())
        try:
            yield
        finally:
            waking.cancel()

    async def _send_batch(self, producer: AIOKafkaProducer) -> int:
        rows = await db.fetch(
            "SELECT id, event_id, topic, key, type, payload, trace, occurred_at FROM outbox"
            " WHERE sent_at IS NULL ORDER BY id LIMIT $1",
            _BATCH,
        )
        if rows:
            with span("relay", SpanKind.PRODUCER):
                sent = await _send(producer, rows)
            await db.execute("UPDATE outbox SET sent_at = clock_timestamp() WHERE id = ANY($1::bigint[])", sent)
            if len(sent) < len(rows):
                raise ConnectionError(f"Kafka took {len(sent)} of {len(rows)} events")
        return len(rows)

    async def _measure_lag(self) -> None:
        """At most once a second: a backlog is when it matters most, and when counting costs most."""
        if time.monotonic() - self._measured_at < _IDLE_SECONDS:
            return
        self._measured_at = time.monotonic()
        row = await db.fetch_row("SELECT count(*) AS unsent, min(occurred_at) AS oldest FROM outbox WHERE sent_at IS NULL")
        assert row is not None
        OUTBOX_UNSENT.set(row["unsent"])
        OUTBOX_LAG_SECONDS.set((datetime.now(UTC) - row["oldest"]).total_seconds() if row["oldest"] else 0)

    @contextlib.asynccontextmanager
    async def _producer(self) -> AsyncIterator[AIOKafkaProducer]:
        producer = AIOKafkaProducer(bootstrap_servers=self._bootstrap_servers, acks="all", enable_idempotence=True)
        await producer.start()
        self._connected = producer
        try:
            yield producer
        finally:
            self._connected = None
            await producer.stop()


def _require_open(connection: asyncpg.Connection) -> None:
    """The lock goes with its connection: without it another relay may be at work."""
    if connection.is_closed():
        raise ConnectionError("the connection that holds the relay's lock was lost")


async def _send(producer: AIOKafkaProducer, rows: Sequence[asyncpg.Record]) -> list[int]:
    """Sends all rows and answers the ids of those that Kafka has, leaving out whatever follows a failure of the same key."""
    deliveries = [
        await producer.send(row["topic"], row["payload"].encode(), key=row["key"].encode(), headers=_headers(row)) for row in rows
    ]
    results = await asyncio.gather(*deliveries, return_exceptions=True)
    failed_keys: set[str] = set()
    sent: list[int] = []
    for row, result in zip(rows, results, strict=True):
        if isinstance(result, BaseException):
            failed_keys.add(row["key"])
            logger.warning("event %s was not sent: %s", row["event_id"], described(result))
        elif row["key"] not in failed_keys:
            sent.append(row["id"])
            OUTBOX_SENT.labels(row["topic"]).inc()
    return sent


def _headers(row: asyncpg.Record) -> list[tuple[str, bytes]]:
    event_id: UUID = row["event_id"]
    return encode_headers(event_id, row["type"], row["occurred_at"], orjson.loads(row["trace"]))
