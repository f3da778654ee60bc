"""Dead letters of the outbox: events that Kafka rejects for good, and those blocked behind them.

They are listed, replayed or discarded. The events of one key keep their order, whatever happens. So while one of a key
is a dead letter, all that follow it of that key become dead letters too, and wait; other keys go on. Replaying it has
all of them sent in their order; discarding it has those behind it go on.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import asyncpg

from shared.events.discards import OUTBOX, Discard, remember_discard
from shared.persistence import db
from shared.persistence.outbox import CHANNEL

_LOCK = 0x61736964  # "asid"; dead-lettering and replaying exclude each other, or one could overlook what the other did
_LISTED = 1000

# Whether a row of the outbox is blocked by a dead letter of its key.
IS_BLOCKED = (
    "EXISTS (SELECT 1 FROM outbox AS dead WHERE dead.set_aside_at IS NOT NULL"
    " AND dead.topic = outbox.topic AND dead.key = outbox.key)"
)


@dataclass(frozen=True, slots=True)
class OutboxDeadLetter:
    """An event of the outbox that is not sent; ``rejection`` is what Kafka said, or None when another blocks it."""

    id: int
    event_id: str
    topic: str
    key: str
    type: str
    since: datetime
    rejection: str | None


async def dead_letter(row_id: int, rejection: str) -> None:
    """Makes a row that Kafka rejects for good a dead letter; those of its key that come later follow by themselves."""
    await db.execute(
        "UPDATE outbox SET set_aside_at = clock_timestamp(), refusal = $2 WHERE id = $1 AND sent_at IS NULL",
        row_id,
        rejection,
    )


async def dead_letter_blocked(row_ids: Sequence[int]) -> None:
    """Makes rows dead letters that one of their key blocks; not those whose key was replayed a moment ago."""
    async with db.transaction():
        await db.execute("SELECT pg_advisory_xact_lock($1)", _LOCK)
        await db.execute(
            f"UPDATE outbox SET set_aside_at = clock_timestamp() WHERE id = ANY($1::bigint[]) AND {IS_BLOCKED}",  # noqa: S608
            row_ids,
        )


async def outbox_dead_letters(event_ids: Sequence[str] = ()) -> list[OutboxDeadLetter]:
    """The dead letters of these ids, or all, in the order of their keys; of very many the first thousand."""
    rows = await db.fetch(
        "SELECT id, event_id, topic, key, type, set_aside_at, refusal FROM outbox WHERE set_aside_at IS NOT NULL"
        " AND (event_id::text = ANY($2::text[]) OR cardinality($2::text[]) = 0) ORDER BY topic, key, id LIMIT $1",
        _LISTED,
        event_ids,
    )
    return [_letter(row) for row in rows]


async def replay_outbox_dead_letters(event_ids: Sequence[str]) -> int:
    """Hands these events, or all, to the relay again, each with all dead letters of its key; answers how many."""
    async with db.transaction():
        await db.execute("SELECT pg_advisory_xact_lock($1)", _LOCK)
        places = await _places(event_ids)
        return sum([await _release(topic, key) for topic, key in places])


async def discard_outbox_dead_letter(event_id: str, reason: str, by: str) -> int | None:
    """Deletes an event for good and remembers who wanted that and why; answers how many it blocked that go on.

    None when there is no such dead letter.
    """
    async with db.transaction():
        await db.execute("SELECT pg_advisory_xact_lock($1)", _LOCK)
        row = await db.fetch_row(
            "DELETE FROM outbox WHERE set_aside_at IS NOT NULL AND event_id::text = $1"
            " RETURNING id, event_id, topic, key, type, set_aside_at, refusal",
            event_id,
        )
        if row is None:
            return None
        await remember_discard(_discard(_letter(row), reason, by))
        return await _release_unless_rejected(row["topic"], row["key"])


def _discard(letter: OutboxDeadLetter, reason: str, by: str) -> Discard:
    digest = hashlib.sha256(f"{OUTBOX}\0{letter.event_id}".encode()).hexdigest()
    error = letter.rejection or "waited behind another"
    return Discard(digest, OUTBOX, letter.event_id, letter.topic, letter.key, letter.type, error, reason, by)


async def _places(event_ids: Sequence[str]) -> list[asyncpg.Record]:
    return await db.fetch(
        "SELECT DISTINCT topic, key FROM outbox WHERE set_aside_at IS NOT NULL"
        " AND (event_id::text = ANY($1::text[]) OR cardinality($1::text[]) = 0)",
        event_ids,
    )


async def _release_unless_rejected(topic: str, key: str) -> int:
    is_rejected = await db.fetch_value(
        "SELECT EXISTS (SELECT 1 FROM outbox"
        " WHERE set_aside_at IS NOT NULL AND topic = $1 AND key = $2 AND refusal IS NOT NULL)",
        topic,
        key,
    )
    return 0 if is_rejected else await _release(topic, key)


async def _release(topic: str, key: str) -> int:
    count = await db.execute(
        "UPDATE outbox SET set_aside_at = NULL, refusal = NULL"
        " WHERE set_aside_at IS NOT NULL AND topic = $1 AND key = $2",
        topic,
        key,
    )
    await db.execute("SELECT pg_notify($1, '')", CHANNEL)
    return count


def _letter(row: asyncpg.Record) -> OutboxDeadLetter:
    return OutboxDeadLetter(
        row["id"], str(row["event_id"]), row["topic"], row["key"], row["type"], row["set_aside_at"], row["refusal"]
    )
