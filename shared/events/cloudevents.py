"""Events on the wire: CloudEvents 1.0 in Kafka's binary mode (the Kafka Protocol Binding of CloudEvents 1.0.2)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from shared.telemetry.context import CORRELATION_HEADER, TRACE_HEADER

KafkaHeaders = Sequence[tuple[str, bytes]]


class MalformedEventError(Exception):
    """A message that is no event of ours and never will be: a retry can't help."""


@dataclass(frozen=True, slots=True)
class ReceivedEvent:
    """An event as it was read from Kafka."""

    id: UUID
    type: str
    time: datetime
    payload: Any
    trace: Mapping[str, str]


def encode_headers(
    event_id: UUID, event_type: str, time: datetime, trace: Mapping[str, str]
) -> list[tuple[str, bytes]]:
    """The headers of one event.

    ``event_type`` is ``mercato.<subgraph>.<Message>``; its second word becomes the source.
    """
    source = event_type.split(".")[1]
    headers = {
        "ce_specversion": "1.0",
        "ce_id": str(event_id),
        "ce_type": event_type,
        "ce_source": f"/mercato/{source}",
        "ce_time": time.isoformat(),
        "content-type": "application/json",
        **trace,
    }
    return [(name, value.encode()) for name, value in headers.items()]


def decode(headers: KafkaHeaders, value: bytes | None) -> ReceivedEvent:
    """Reads a message.

    Raises:
        MalformedEventError: when a header is missing or malformed, or the body is not JSON.
    """
    try:
        fields = {name: content.decode() for name, content in headers}
        time = datetime.fromisoformat(fields["ce_time"])
        if time.tzinfo is None:
            raise ValueError("ce_time has no time zone")
        return ReceivedEvent(
            id=UUID(fields["ce_id"]),
            type=fields["ce_type"],
            time=time,
            payload=orjson.loads(value or b""),
            trace={name: fields[name] for name in (TRACE_HEADER, CORRELATION_HEADER) if name in fields},
        )
    except KeyError as error:
        raise MalformedEventError(f"header {error} is missing") from error
    except ValueError as error:
        raise MalformedEventError(f"{type(error).__name__}: {error}") from error
