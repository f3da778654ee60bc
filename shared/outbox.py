"""The transactional outbox: an event is a row, committed or rolled back with the change that it tells of.

Source of the pattern: Chris Richardson, "Transactional outbox", microservices.io.
"""

from collections.abc import Iterable
from uuid import UUID

from shared import db
from shared.events.event import Event
from shared.ids import new_id
from shared.json import dumps
from shared.telemetry.context import propagation_headers

CHANNEL = "outbox"  # the relay LISTENs on it; a trigger of the table NOTIFYs


async def publish(*events: Event) -> None:
    """Adds events to the outbox, in the order given. Call it inside the transaction of the change."""
    await db.execute_many(
        "INSERT INTO outbox (event_id, topic, key, type, payload, trace) VALUES ($1, $2, $3, $4, $5, $6)",
        rows(events),
    )


async def publish_many(events: Iterable[Event]) -> None:
    """Adds a great number of events by COPY, as seeds do. Call it inside the transaction of the change."""
    await db.copy_rows("outbox", ("event_id", "topic", "key", "type", "payload", "trace"), rows(events))


def rows(events: Iterable[Event]) -> list[tuple[UUID, str, str, str, str, str]]:
    """The columns of each event, ready to be inserted."""
    trace = dumps(propagation_headers()).decode()
    return [(new_id(), event.topic, str(event.key), event.type, dumps(event.payload).decode(), trace) for event in events]
