"""Events of the outbox that Kafka refuses for good, and those behind them: set aside, listed, sent again or done without.

The events of one key keep their order, whatever happens. So while one of a key is set aside, all that follow it of that key are set
aside too, and wait; other keys go on. Whoever replays it has all of them sent in their order; whoever discards it has those behind
it go on.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import asyncpg

from shared.events.discards import OUTBOX, Discard, remember_discard
from shared.persistence import db
from shared.persistence.outbox import CHANNEL

_LOCK = 0x61736964  # "asid"; who sets aside and who replays take turns, or one could overlook what the other just did
_LISTED = 1000

# Whether a row of the outbox waits behind one that is set aside.
IS_BEHIND = (
    "EXISTS (SELECT 1 FROM outbox AS aside WHERE aside.set_aside_at IS NOT NULL"
    " AND aside.topic = outbox.topic AND aside.key = outbox.key)"
)


@dataclass(frozen=True, slots=True)
class SetAside:
    """An event that is set aside; ``refusal`` is what Kafka said, or None when it waits behind another of its key."""

    id: int
    event_id: str
    topic: str
    key: str
    type: str
    since: datetime
    refusal: str | None


async def refuse(row_id: int, refusal: str) -> None:
    """Sets a row aside that Kafka refuses for good; those of its key that come later follow it by themselves."""
    await db.execute(
        "UPDATE outbox SET set_aside_at = clock_timestamp(), refusal = $2 WHERE id = $1 AND sent_at IS NULL",
        row_id,
        refusal,
    )


async def put_behind(row_ids: Sequence[int]) -> None:
    """Sets rows aside whose key has one aside; not those whose key was replayed a moment ago."""
    async with db.transaction():
        await db.execute("SELECT pg_advisory_xact_lock($1)", _LOCK)
        await db.execute(
            f"UPDATE outbox SET set_aside_at = clock_timestamp() WHERE id = ANY($1::bigint[]) AND {IS_BEHIND}",  # noqa: S608
            row_ids,
        )


async def set_aside_events(event_ids: Sequence[str] = ()) -> list[SetAside]:
    """Those of these ids that are set aside, or all, in the order of their keys; of very many the first thousand."""
    rows = await db.fetch(
        "SELECT id, event_id, topic, key, type, set_aside_at, refusal FROM outbox WHERE set_aside_at IS NOT NULL"
        " AND (event_id::text = ANY($2::text[]) OR cardinality($2::text[]) = 0) ORDER BY topic, key, id LIMIT $1",
        _LISTED,
        event_ids,
    )
    return [_event(row) for row in rows]


async def replay_set_aside(event_ids: Sequence[str]) -> int:
    """Hands these events, or all, to the relay again, each with all that are aside of its key; answers how many those are."""
    async with db.transaction():
        await db.execute("SELECT pg_advisory_xact_lock($1)", _LOCK)
        places = await _places(event_ids)
        return sum([await _release(topic, key) for topic, key in places])


async def discard_set_aside(event_id: str, reason: str, by: str) -> int | None:
    """Deletes an event for good, remembers who wanted that and why, and answers how many went on that waited behind it.

    None when no such event is set aside.
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
        await remember_discard(_discard(_event(row), reason, by))
        return await _release_unless_refused(row["topic"], row["key"])


def _discard(event: SetAside, reason: str, by: str) -> Discard:
    digest = hashlib.sha256(f"{OUTBOX}\0{event.event_id}".encode()).hexdigest()
    error = event.refusal or "waited behind another"
    return Discard(digest, OUTBOX, event.event_id, event.topic, event.key, event.type, error, reason, by)


async def _places(event_ids: Sequence[str]) -> list[asyncpg.Record]:
    return await db.fetch(
        "SELECT DISTINCT topic, key FROM outbox WHERE set_aside_at IS NOT NULL"
        " AND (event_id::text = ANY($1::text[]) OR cardinality($1::text[]) = 0)",
        event_ids,
    )


async def _release_unless_refused(topic: str, key: str) -> int:
    is_refused = await db.fetch_value(
        "SELECT EXISTS (SELECT 1 FROM outbox WHERE set_aside_at IS NOT NULL AND topic = $1 AND key = $2 AND refusal IS NOT NULL)",
        topic,
        key,
    )
    return 0 if is_refused else await _release(topic, key)


async def _release(topic: str, key: str) -> int:
    count = await db.execute(
        "UPDATE outbox SET set_aside_at = NULL, refusal = NULL WHERE set_aside_at IS NOT NULL AND topic = $1 AND key = $2",
        topic,
        key,
    )
    await db.execute("SELECT pg_notify($1, '')", CHANNEL)
    return count


def _event(row: asyncpg.Record) -> SetAside:
    return SetAside(
        row["id"], str(row["event_id"]), row["topic"], row["key"], row["type"], row["set_aside_at"], row["refusal"]
    )
