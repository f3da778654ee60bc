"""One hostile request, and how it is written down."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

# In every text that a case sends: whoever finds it in a log has found what was sent.
PLANTED = "Pl4nt3d"
# Replaced by something new each time the case is sent, so that no cache of an earlier sending answers.
NONCE = b"N0nc3N0n"

MOST_BYTES = 256 * 1024
JSON = (("content-type", "application/json"),)

REFUSED = frozenset({"BAD_USER_INPUT", "LIMIT_EXCEEDED"})
LIMITED = frozenset({"LIMIT_EXCEEDED"})
# What may also be answered where it does no harm: data, or that the caller may not.
ANSWERED = REFUSED | {"", "UNAUTHENTICATED", "FORBIDDEN", "NOT_FOUND", "CONFLICT", "RATE_LIMITED"}


@dataclass(frozen=True)
class Case:
    """A request of at most 256 kB that somebody with bad intentions would send.

    ``codes`` are those of docs/frontend/errors.md that may be answered, "" for an answer without errors.
    ``by_staff`` sends it with a token that has all scopes: whoever is let in reaches more code.
    ``raw`` is sent as it is instead of a request made of the other members.
    """

    name: str
    body: bytes = b""
    codes: frozenset[str] = REFUSED
    by_staff: bool = False
    method: str = "POST"
    path: str = "/graphql"
    headers: tuple[tuple[str, str], ...] = JSON
    chunk_bytes: int | None = None

    def __post_init__(self) -> None:
        size = len(self.body)
        assert size <= MOST_BYTES, f"{self.name} has {size} bytes"


def asks(name: str, query: str, variables: Mapping[str, Any] | None = None, **other: Any) -> Case:
    """A case that sends a document, with variables if it has any."""
    return Case(name, body(query, variables), **other)


def body(query: str, variables: Mapping[str, Any] | None = None, **members: Any) -> bytes:
    """A request's JSON, characters as they are; a document ends in a comment that is new each time."""
    content = {
        "query": f"{query}\n#{NONCE.decode()}",
        **({"variables": variables} if variables is not None else {}),
        **members,
    }
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


def body_with(query: str, variables: str) -> bytes:
    """A request's JSON with variables that no JSON writer would write."""
    return body(query)[:-1] + b',"variables":' + variables.encode("utf-8", "surrogatepass") + b"}"


def fill(text: str, room: int = MOST_BYTES - 2_000) -> str:
    """As many repetitions of a text as a body has room for, written as JSON."""
    return text * (room // (len(json.dumps(text, ensure_ascii=False).encode("utf-8", "surrogatepass")) - 2))
