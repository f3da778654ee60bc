"""A fact that a subgraph publishes."""

from collections.abc import Mapping
from dataclasses import dataclass
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
