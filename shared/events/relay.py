"""Sends the outbox to Kafka: unsent rows in the order of their ids, by one relay at a time."""

import asyncio
import contextlib
import logging
import time
from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import UTC, datetime

import asyncpg
from aiokafka import AIOKafkaProducer
from opentelemetry.trace import SpanKind

from shared.events.connection import require_kafka
from shared.events.kafka_rejections import is_rejected_for_good, rejection_text
from shared.events.outbox_dead_letters import IS_BLOCKED, dead_letter, dead_letter_blocked
from shared.events.sending import Outcome, Place, producing, send_one, send_together
from shared.persistence import db
from shared.persistence.outbox import CHANNEL, DEFAULT_EVENT_BYTES
from shared.runtime.outages import KafkaUnavailableError
from shared.security.secrets import Secret
from shared.telemetry.failures import described
from shared.telemetry.metrics import OUTBOX_DEAD_LETTERS, OUTBOX_LAG_SECONDS, OUTBOX_REJECTED, OUTBOX_UNSENT
from shared.telemetry.tracing import span

logger = logging.getLogger(__name__)

_LOCK = 0x6F757462  # "outb"; the advisory lock that makes the relay the only one of its database
_BATCH = 500
# Under load a batch goes out this often: what was committed meanwhile shares its cost; when idle, at once.
_ROUND_SECONDS = 0.02
_MISSING_SECONDS = 15.0  # how long a topic that Kafka does not have is not asked for
_IDLE_SECONDS = 1.0  # how long a lost notification can delay an event, and how often a standby asks for the lock


class Relay:
    """Sends committed events to Kafka, at least once each, those of one key in their order.

    Any number of processes may run it: the one that holds the advisory lock works, the others stand by. It selects rows
    that were not sent, never rows after the last one sent: transactions commit in another order than that of their ids.
    What Kafka rejects for good becomes a dead letter, with all that follows of its key; the other keys go on.
    """

    def __init__(
        self, database_url: Secret, bootstrap_servers: str, max_event_bytes: int = DEFAULT_EVENT_BYTES
    ) -> None:
        self._database_url = database_url
        self._bootstrap_servers = bootstrap_servers
        self._max_event_bytes = max_event_bytes
        self._leads: asyncpg.Connection | None = None
        self._missing: dict[str, float] = {}  # topics that Kafka does not have, and when to ask again
        self._woken = asyncio.Event()
        self._measured_at = 0.0
        self._connected: AIOKafkaProducer | None = None

    async def require_connected(self) -> None:
        """Returns while Kafka answers, also to who stands by; raises ConnectionError while it can't be reached."""
        await require_kafka(self._connected, self._bootstrap_servers)

    async def run(self, stop: asyncio.Event) -> None:
        """Works until ``stop`` is set; raises when Postgres or Kafka fails, and may then be run again."""
        async with db.own_connection(self._database_url, "relay") as connection:
            while not stop.is_set():
                with contextlib.suppress(_SpentProducerError):
                    async with self._producer() as producer:
                        if await self._lead(connection, stop):
                            await self._send_all(producer, connection, stop)

    async def _send_all(self, producer: AIOKafkaProducer, connection: asyncpg.Connection, stop: asyncio.Event) -> None:
        async with self._waking(stop):
            while not stop.is_set():
                _require_open(connection)
                await self._round(producer)
                await self._measure_lag()

    async def _lead(self, connection: asyncpg.Connection, stop: asyncio.Event) -> bool:
        while not stop.is_set():
            if self._leads is connection:
                return True
            if await connection.fetchval("SELECT pg_try_advisory_lock($1)", _LOCK):
                await connection.add_listener(CHANNEL, lambda *_: self._woken.set())
                self._leads = connection
                logger.info("relaying the outbox")
                return True
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), _IDLE_SECONDS)
        return False

    async def _round(self, producer: AIOKafkaProducer) -> None:
        """Sends a batch, and waits for the next one to be worth it.

        That is a commit or a second, and a moment when something was sent.
        """
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
        rows = await self._unsent()
        if rows:
            with span("relay", SpanKind.PRODUCER):
                outcome = await self._send(producer, rows)
            if outcome.rejected:
                raise _SpentProducerError
        return len(rows)

    async def _unsent(self) -> Sequence[asyncpg.Record]:
        """The next rows that may be sent; those that a dead letter of their key blocks become dead letters."""
        rows = await db.fetch(
            f"SELECT id, event_id, topic, key, type, payload, trace, occurred_at, {IS_BLOCKED} AS is_blocked"  # noqa: S608
            " FROM outbox WHERE sent_at IS NULL AND set_aside_at IS NULL AND topic <> ALL($2::text[])"
            " ORDER BY id LIMIT $1",
            _BATCH,
            self._missing_topics(),
        )
        if blocked := [row["id"] for row in rows if row["is_blocked"]]:
            await dead_letter_blocked(blocked)
            self._woken.set()
        return [row for row in rows if not row["is_blocked"]]

    async def _send(self, producer: AIOKafkaProducer, rows: Sequence[asyncpg.Record]) -> Outcome:
        outcome = await send_together(producer, rows)
        await _mark_sent(outcome.sent)
        self._wait_for_topics(outcome.missing_topics)
        if outcome.rejected:
            done = set(outcome.sent)
            await self._send_one_by_one([row for row in rows if row["id"] not in done])
        elif outcome.failure is not None:
            raise KafkaUnavailableError(
                f"Kafka took {len(outcome.sent)} of {len(rows)} events: {described(outcome.failure)}"
            )
        if outcome.is_partial:
            self._woken.set()
        return outcome

    async def _send_one_by_one(self, rows: Sequence[asyncpg.Record]) -> None:
        """Finds out which of them Kafka rejects for good, and makes those dead letters.

        Its producer numbers nothing, so has no gaps.
        """
        closed: set[Place] = set()
        async with producing(self._bootstrap_servers, self._max_event_bytes, idempotent=False) as producer:
            for row in rows:
                place = (row["topic"], row["key"])
                if place in closed or row["topic"] in self._missing:
                    continue
                try:
                    await send_one(producer, row)
                    await _mark_sent([row["id"]])
                except Exception as error:
                    if not is_rejected_for_good(error):
                        raise
                    closed.add(place)
                    await _dead_letter(row, error)

    def _missing_topics(self) -> list[str]:
        now = time.monotonic()
        self._missing = {topic: until for topic, until in self._missing.items() if until > now}
        return list(self._missing)

    def _wait_for_topics(self, topics: Iterable[str]) -> None:
        for topic in topics:
            logger.warning("Kafka has no topic %s: its events wait for it", topic)
            self._missing[topic] = time.monotonic() + _MISSING_SECONDS

    async def _measure_lag(self) -> None:
        """At most once a second: a backlog is when it matters most, and when counting costs most."""
        if time.monotonic() - self._measured_at < _IDLE_SECONDS:
            return
        self._measured_at = time.monotonic()
        row = await db.fetch_row(
            "SELECT count(*) AS unsent, min(occurred_at) AS oldest,"
            " (SELECT count(*) FROM outbox WHERE set_aside_at IS NOT NULL) AS dead"
            " FROM outbox WHERE sent_at IS NULL AND set_aside_at IS NULL"
        )
        assert row is not None
        OUTBOX_DEAD_LETTERS.set(row["dead"])
        OUTBOX_UNSENT.set(row["unsent"])
        OUTBOX_LAG_SECONDS.set((datetime.now(UTC) - row["oldest"]).total_seconds() if row["oldest"] else 0)

    @contextlib.asynccontextmanager
    async def _producer(self) -> AsyncIterator[AIOKafkaProducer]:
        async with producing(self._bootstrap_servers, self._max_event_bytes) as producer:
            self._connected = producer
            try:
                yield producer
            finally:
                self._connected = None


class _SpentProducerError(Exception):
    """Kafka rejected a batch of this producer, and takes none of it any more: the next one goes on."""


def _require_open(connection: asyncpg.Connection) -> None:
    """The lock goes with its connection: without it another relay may be at work."""
    if connection.is_closed():
        raise ConnectionError("the connection that holds the relay's lock was lost")


async def _mark_sent(ids: Sequence[int]) -> None:
    if ids:
        await db.execute("UPDATE outbox SET sent_at = clock_timestamp() WHERE id = ANY($1::bigint[])", ids)


async def _dead_letter(row: asyncpg.Record, error: Exception) -> None:
    logger.error(
        "event %s of %s is set aside, with all of its key: %s", row["event_id"], row["topic"], described(error)
    )
    OUTBOX_REJECTED.labels(row["topic"]).inc()
    await dead_letter(row["id"], rejection_text(error))
