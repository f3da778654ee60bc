"""A fact that a subgraph publishes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Event:
    """A fact to publish.

    ``type`` is a message name of the AsyncAPI contract, ``key`` the aggregate whose events keep their order.
    """

    topic: str
    key: UUID
    type: str
    payload: Mapping[str, Any]


@dataclass(slots=True)
class Recorder:
    """Where a handler leaves events; they are published if and only if its unit of work ends well."""

    events: list[Event] = field(default_factory=list)

    def record(self, *events: Event) -> None:
        """Adds events, in the order in which they are to be published."""
        self.events.extend(events)
