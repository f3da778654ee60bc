"""A document as a client sends it."""

import json
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Document:
    """A request's document, variables and operation name."""

    text: str
    variables: dict[str, Any]
    operation_name: str | None

    def request(self) -> dict[str, Any]:
        """The body of the request."""
        named = {"operationName": self.operation_name} if self.operation_name is not None else {}
        return {"query": self.text, "variables": self.variables, **named}

    def __str__(self) -> str:
        return json.dumps(self.variables) + f" {self.operation_name or ''}\n" + self.text
