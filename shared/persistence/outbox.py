"""The transactional outbox: an event is a row, committed or rolled back with the change that it tells of.

Source of the pattern: Chris Richardson, "Transactional outbox", microservices.io.
"""

from collections.abc import Iterable
from uuid import UUID

from shared.errors import LimitExceeded
from shared.events.event import Event
from shared.ids import new_id
from shared.json import dumps
from shared.persistence import db
from shared.telemetry.context import propagation_headers

CHANNEL = "outbox"  # the relay LISTENs on it; a trigger of the table NOTIFYs
DEFAULT_EVENT_BYTES = 1_000_000  # Kafka's default message.max.bytes is 1,048,588; the rest is for headers and framing

_COLUMNS = ("event_id", "topic", "key", "type", "payload", "trace")


def published_if(condition: str) -> str:
    """A query of a WITH, for a statement that writes its events along; ``:events`` is what ``as_json`` makes of them.

    They are published where the condition, which may be about the statement's other queries, holds for them.
    """
    return _published("payload", "", condition)


def published_with(payload: str, source: str) -> str:
    """The same for events to which something is added that only the statement knows, such as when it happened.

    ``payload`` is what is stored of the text ``payload``; ``source`` names the queries that it is taken from.
    One that has no rows publishes nothing.
    """
    return _published(payload, f"{source}, ", "true")


def _published(payload: str, source: str, condition: str) -> str:
    return f"""
published AS (
  INSERT INTO outbox (event_id, topic, key, type, payload, trace)
  SELECT event_id, topic, key, type, {payload}, trace FROM {source}json_to_recordset(:events::json) AS event
    (event_id uuid, topic text, key text, type text, payload text, trace text)
  WHERE {condition}
)
"""  # noqa: S608 - constants


PUBLISHED = published_if("true")

_max_bytes = DEFAULT_EVENT_BYTES


def limit_events(max_bytes: int) -> None:
    """Has this process reject events of more bytes.

    That is the setting EVENT_MAX_BYTES, which is to follow Kafka's message.max.bytes.
    """
    global _max_bytes
    _max_bytes = max_bytes


async def publish(*events: Event) -> None:
    """Adds events to the outbox, in the order given. Call it inside the transaction of the change.

    Raises:
        LimitExceeded: when one is larger than Kafka takes; so the change that it tells of fails as a whole.
    """
    await db.execute(f"WITH {PUBLISHED} SELECT", events=as_json(events))


async def publish_many(events: Iterable[Event]) -> None:
    """Adds a great number of events by COPY, as seeds do.

    Call it inside the transaction of the change; raises as ``publish``.
    """
    await db.copy_rows("outbox", _COLUMNS, rows(events))


def as_json(events: Iterable[Event]) -> str:
    """What ``PUBLISHED`` takes; raises LimitExceeded as ``publish`` does."""
    return dumps([dict(zip(_COLUMNS, row, strict=True)) for row in rows(events)]).decode()


def rows(events: Iterable[Event]) -> list[tuple[UUID, str, str, str, str, str]]:
    trace = dumps(propagation_headers()).decode()
    return [(new_id(), event.topic, str(event.key), event.type, _payload(event, len(trace)), trace) for event in events]


def _payload(event: Event, trace_bytes: int) -> str:
    payload = dumps(event.payload)
    if len(payload) + trace_bytes > _max_bytes:
        name = event.type.rpartition(".")[2]
        raise LimitExceeded(
            f"This change is too large to be told to others: {name} would have {len(payload):,} bytes,"
            f" and at most {_max_bytes:,} can be sent."
        )
    return payload.decode()
