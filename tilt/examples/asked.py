"""A field that is asked for."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graphql import GraphQLField

from tilt.examples.objects import Example

PAGING = ("first", "after", "last", "before")


@dataclass(frozen=True, slots=True)
class Asked:
    """A field of an object, with its arguments; ``caller`` is the id of the user on whose behalf it is asked."""

    example: Example
    name: str
    definition: GraphQLField
    arguments: Mapping[str, Any]
    caller: str | None = None

    @property
    def place(self) -> str:
        """What decides the value: whose field it is, and the arguments but for those of pages."""
        given = {name: value for name, value in self.arguments.items() if value is not None and name not in PAGING}
        arguments = json.dumps(given, sort_keys=True, default=str) if given else ""
        return f"{self.example.identity}.{self.name}{arguments}"
