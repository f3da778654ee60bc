"""What somebody decided to do without: who, when and why. Rows are added and never deleted."""

from dataclasses import dataclass
from datetime import datetime

from shared.persistence import db


@dataclass(frozen=True, slots=True)
class Discard:
    """An event that was discarded. ``source`` is DEAD_LETTERS or OUTBOX, ``error`` what was wrong with it."""

    digest: str
    source: str
    event_id: str
    topic: str
    key: str
    event_type: str
    error: str
    reason: str
    by: str


DEAD_LETTERS = "dead-letters"
OUTBOX = "outbox"


async def remember_discard(discard: Discard) -> None:
    """Writes it down, once for each digest."""
    await db.execute(
        "INSERT INTO discarded_events (digest, source, event_id, topic, key, type, error, reason, discarded_by)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING",
        discard.digest, discard.source, discard.event_id, discard.topic, discard.key, discard.event_type, discard.error,
        discard.reason, discard.by,
    )  # fmt: skip


async def discards(source: str) -> list[tuple[datetime, Discard]]:
    """All of a source and when each was discarded, the latest last."""
    rows = await db.fetch("SELECT * FROM discarded_events WHERE source = $1 ORDER BY discarded_at", source)
    return [
        (
            row["discarded_at"],
            Discard(
                row["digest"], row["source"], row["event_id"], row["topic"], row["key"], row["type"], row["error"],
                row["reason"], row["discarded_by"],
            ),
        )
        for row in rows
    ]  # fmt: skip
