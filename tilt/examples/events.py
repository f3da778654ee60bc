"""Publishes what subgraphs that do not run would have told: the events that pins name, as their contracts have them."""

import asyncio
import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import yaml
from aiokafka.errors import KafkaError

from shared.events.cloudevents import encode_headers
from shared.events.sending import producing
from shared.json import dumps
from tilt.examples.pins import PinError, PinnedEvent
from tilt.examples.tree import REPOSITORY

logger = logging.getLogger(__name__)

_CONTRACTS = REPOSITORY / "schema" / "events"
_OCCURRED_AT = "occurredAt"
_MOST_BYTES = 1_000_000
_RETRY_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Message:
    """What a contract says of an event: its topic, the property that is its key, and the JSON Schema of its payload."""

    topic: str
    key: str
    schema: Mapping[str, Any]


def check_events(events: Iterable[PinnedEvent]) -> None:
    """Holds events against their contracts.

    Raises:
        PinError: naming file and key of the first that is wrong.
    """
    for event in events:
        message = _message(event.type)
        if message is None:
            raise PinError(f"{event.where}: no subgraph publishes {event.type}")
        _check_payload(event, message)


def events_of(events: Iterable[PinnedEvent], subgraphs: Sequence[str]) -> list[PinnedEvent]:
    """Those that these subgraphs would publish."""
    return [event for event in events if event.type.split(".")[1] in subgraphs]


async def publish(events: Sequence[PinnedEvent], bootstrap_servers: str) -> None:
    """Sends them; while Kafka is away, again and again. The same event has the same id each time: it counts once."""
    while events:
        try:
            async with producing(bootstrap_servers, _MOST_BYTES) as producer:
                for event in events:
                    await _send(producer, event)
            logger.info("published %s", ", ".join(event.type for event in events))
            return
        except (KafkaError, ConnectionError) as error:
            logger.info("not published yet: %s", error)
            await asyncio.sleep(_RETRY_SECONDS)


async def _send(producer: Any, event: PinnedEvent) -> None:
    message, now = _message(event.type), datetime.now(UTC)
    assert message is not None, "events were checked"
    event_id = uuid5(NAMESPACE_URL, event.type + dumps(event.payload).decode())
    headers = encode_headers(event_id, event.type, now, {})
    payload = dumps(_complete(event.payload, message, now))
    await producer.send_and_wait(message.topic, payload, key=event.payload[message.key].encode(), headers=headers)


def _complete(payload: Mapping[str, Any], message: Message, now: datetime) -> dict[str, Any]:
    """With the moment at which it happened, which nobody wants to write."""
    happens = _OCCURRED_AT in message.schema.get("properties", {})
    return {**({_OCCURRED_AT: now.isoformat()} if happens else {}), **payload}


def _check_payload(event: PinnedEvent, message: Message) -> None:
    # Imported here: only a check needs it, and it is some megabytes.
    from jsonschema import Draft202012Validator, FormatChecker

    validator = Draft202012Validator(message.schema, format_checker=FormatChecker())
    payload = _complete(event.payload, message, datetime.now(UTC))
    for error in validator.iter_errors(payload):
        place = ".".join([event.where, *map(str, error.absolute_path)])
        raise PinError(f"{place}: {error.message}")
    if not isinstance(payload.get(message.key), str):
        raise PinError(f"{event.where}: {message.key} is missing: it is the event's key")


def _message(name: str) -> Message | None:
    """An event by its name, mercato.<subgraph>.<Message>."""
    parts = name.split(".")
    file = _CONTRACTS / f"{parts[1]}.yaml" if len(parts) == 3 else None
    return _messages(file).get(name) if file and file.exists() else None


@cache
def _messages(file: Path) -> dict[str, Message]:
    """All events of a subgraph's contract, by their names."""
    found: dict[str, Message] = {}
    contract = yaml.load(file.read_text(encoding="utf-8"), _Loader)  # noqa: S506 - a safe one
    for channel in contract["channels"].values():
        for reference in channel["messages"]:
            message = contract["components"]["messages"][reference]
            key = message["bindings"]["kafka"]["key"]["description"]
            schema = _schema(contract, message["payload"]["$ref"])
            found[message["name"]] = Message(channel["address"], key, schema)
    return found


def _schema(contract: Mapping[str, Any], reference: str) -> dict[str, Any]:
    own = contract["components"]["schemas"][reference.rpartition("/")[2]]
    return {**own, "components": {"schemas": contract["components"]["schemas"]}}


_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
