"""Messages that a subgraph could not process, in a topic of their own: listed, and replayed once the cause is mended.

The topic is never rewritten. What was replayed is a row of the subgraph's database, committed with the effect: a replay
that is stopped anywhere, of all or of some, has done each letter wholly or not at all, and whatever has no row can
still be replayed.
"""

import contextlib
import hashlib
from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from aiokafka import AIOKafkaConsumer, ConsumerRecord
from aiokafka.admin import AIOKafkaAdminClient

from shared.events.cloudevents import KafkaHeaders, decode
from shared.events.discards import DEAD_LETTERS, Discard, remember_discard
from shared.events.handlers import Inbox
from shared.persistence import db
from shared.telemetry.context import continued

_BATCH = 100
_POLL_MILLISECONDS = 500
_MAX_ERROR_LENGTH = 1000
_ORIGIN_HEADERS = ("dl_topic", "dl_partition", "dl_offset", "dl_error")


def dead_letter_topic(subgraph: str) -> str:
    """Where a subgraph keeps messages that it could not process."""
    return f"{subgraph}.dead-letters.v1"


def dead_letter_headers(record: ConsumerRecord, error: Exception) -> list[tuple[str, bytes]]:
    """The headers of a dead letter: the message's own, and where it was and what was wrong."""
    origin = (record.topic, str(record.partition), str(record.offset), repr(error)[:_MAX_ERROR_LENGTH])
    return [*record.headers, *((name, text.encode()) for name, text in zip(_ORIGIN_HEADERS, origin, strict=True))]


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A dead-lettered message, and where it was read. What is missing in a malformed one is an empty text."""

    topic: str
    partition: str
    offset: str
    event_id: str
    event_type: str
    key: str
    error: str
    since: datetime
    headers: KafkaHeaders
    value: bytes | None

    @property
    def place(self) -> str:
        """Where it was read."""
        return f"{self.topic}[{self.partition}]@{self.offset}"

    @property
    def digest(self) -> str:
        """The same for the same message from the same place, even if a killed consumer dead-lettered it twice."""
        place = "\0".join((self.topic, self.partition, self.offset, self.event_id))
        return hashlib.sha256(place.encode() + b"\0" + (self.value or b"")).hexdigest()

    async def replay(self, inbox: Inbox) -> None:
        """Applies the message and remembers that, in one transaction; an event that had its effect has no second one.

        Raises:
            MalformedEventError: when the message is no event that the handlers can read.
            Exception: what the handler raises.
        """
        event = decode(self.headers, self.value)
        with continued(event.trace):
            async with db.transaction():
                await inbox.apply([event])
                await db.execute(
                    "INSERT INTO replayed_dead_letters (digest) VALUES ($1) ON CONFLICT DO NOTHING", self.digest
                )

    async def discard(self, reason: str, by: str) -> None:
        """Remembers who decided to do without this message, and why; it is neither listed nor replayed any more."""
        topic, key = self.topic or "unknown", self.key
        await remember_discard(
            Discard(
                self.digest,
                DEAD_LETTERS,
                self.event_id or self.place,
                topic,
                key,
                self.event_type,
                self.error,
                reason,
                by,
            )
        )


@contextlib.asynccontextmanager
async def open_dead_letters(subgraph: str, bootstrap_servers: str) -> AsyncIterator[AsyncIterator[DeadLetter]]:
    """The letters of now that were neither replayed nor discarded, those of one key in their order.

    No more than a hundred are read at a time.
    """
    topic = dead_letter_topic(subgraph)
    if not await _exists(topic, bootstrap_servers):  # aiokafka would wait for it, and does not end well
        yield _nothing()
        return
    async with AIOKafkaConsumer(topic, bootstrap_servers=bootstrap_servers, auto_offset_reset="earliest") as consumer:
        yield _unsettled(consumer)


async def _exists(topic: str, bootstrap_servers: str) -> bool:
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap_servers)
    try:
        await admin.start()
        return topic in await admin.list_topics()
    finally:
        await admin.close()


async def _nothing() -> AsyncIterator[DeadLetter]:
    letters: tuple[DeadLetter, ...] = ()
    for letter in letters:
        yield letter


async def _unsettled(consumer: AIOKafkaConsumer) -> AsyncIterator[DeadLetter]:
    ends = await consumer.end_offsets(consumer.assignment())
    while any([await consumer.position(partition) < end for partition, end in ends.items()]):
        batches = await consumer.getmany(timeout_ms=_POLL_MILLISECONDS, max_records=_BATCH)
        for records in batches.values():
            letters = [_letter(record) for record in records]
            settled = await _settled([letter.digest for letter in letters])
            for letter in letters:
                if letter.digest not in settled:
                    yield letter


async def _settled(digests: Sequence[str]) -> Collection[str]:
    rows = await db.fetch(
        "SELECT digest FROM replayed_dead_letters WHERE digest = ANY($1::text[])"
        " UNION ALL SELECT digest FROM discarded_events WHERE digest = ANY($1::text[])",
        digests,
    )
    return {row["digest"] for row in rows}


def _letter(record: ConsumerRecord) -> DeadLetter:
    texts = {name: _text(value) for name, value in record.headers}
    topic, partition, offset, error = (texts.get(name, "") for name in _ORIGIN_HEADERS)
    return DeadLetter(
        topic=topic,
        partition=partition,
        offset=offset,
        event_id=texts.get("ce_id", ""),
        event_type=texts.get("ce_type", ""),
        key=_text(record.key),
        error=error,
        since=datetime.fromtimestamp(record.timestamp / 1000, UTC),
        headers=[(name, value) for name, value in record.headers if name not in _ORIGIN_HEADERS],
        value=record.value,
    )


def _text(value: bytes | None) -> str:
    """What can be shown and stored: no database takes a NUL."""
    return (value or b"").decode(errors="replace").replace("\0", "?")
