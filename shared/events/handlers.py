"""What a subgraph does with the events it reads."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic.alias_generators import to_camel

from shared.events.cloudevents import MalformedEventError, ReceivedEvent
from shared.persistence import db


class Payload(BaseModel):
    """A tolerant reader: declare the properties that you use, the others are ignored.

    Names are camelCase on the wire.
    """

    model_config = ConfigDict(extra="ignore", frozen=True, alias_generator=to_camel)


@dataclass(frozen=True, slots=True)
class EventHandler:
    """The effect of one type of event. It runs inside the transaction that records the event as processed."""

    topic: str
    event_type: str
    payload_type: type[BaseModel]
    handle: Callable[[Any], Awaitable[None]]


class Inbox:
    """Applies events, each once: the effect and the row that remembers it are one transaction."""

    def __init__(self, handlers: Iterable[EventHandler]) -> None:
        self._handlers: Mapping[str, EventHandler] = {handler.event_type: handler for handler in handlers}
        self.topics = sorted({handler.topic for handler in self._handlers.values()})

    def handles(self, event_type: str) -> bool:
        """Whether events of this type have an effect here."""
        return event_type in self._handlers

    async def apply(self, events: list[ReceivedEvent]) -> None:
        """Applies events in their order and in one transaction: all of them or none.

        Raises:
            MalformedEventError: when a payload is not what its contract says.
        """
        known = [(event, handler) for event in events if (handler := self._handlers.get(event.type))]
        payloads = [_parse(event, handler) for event, handler in known]
        async with db.transaction():
            fresh = await _remember([event.id for event, _ in known])
            for (event, handler), payload in zip(known, payloads, strict=True):
                if event.id in fresh:
                    fresh.discard(event.id)
                    await handler.handle(payload)


async def _remember(ids: list[UUID]) -> set[UUID]:
    """Records events as processed and answers which of them were not yet."""
    rows = await db.fetch(
        "INSERT INTO inbox (event_id) SELECT id FROM unnest($1::uuid[]) AS id"
        " ORDER BY id ON CONFLICT DO NOTHING RETURNING event_id",
        ids,
    )
    return {row["event_id"] for row in rows}


def _parse(event: ReceivedEvent, handler: EventHandler) -> BaseModel:
    try:
        return handler.payload_type.model_validate(event.payload)
    except ValidationError as error:
        raise MalformedEventError(f"{event.type}: {error.errors(include_url=False, include_input=False)}") from error
