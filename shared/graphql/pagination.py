"""Keyset pages in the shape of the Relay cursor connections specification.

A cursor carries a short tag of its list: the field, whose it is, and how it is filtered. In any other list it is
rejected. The tag is no secret: a cursor only says where to go on in what its caller may see anyway.
"""

import base64
import binascii
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

import orjson

from shared.errors import BadUserInput
from shared.json import dumps

MAX_FIRST = 100
_LONGEST_CURSOR = 4_000  # characters; one that holds a title of the longest kind has half as many

Node = TypeVar("Node")


@dataclass(frozen=True, slots=True)
class PageRequest:
    """Which page is asked for: ``after`` holds the sort key of the item before it, or None for the first page.

    Requests for the same page of different lists are equal, so that one statement can read both.
    """

    first: int
    after: tuple[Any, ...] | None
    tag: str = field(compare=False)

    @property
    def limit(self) -> int:
        """How many rows to select: one more than the page, which tells whether another page follows."""
        return self.first + 1


@dataclass(frozen=True, slots=True)
class PageInfo:
    """Where a page stands in its list."""

    has_next_page: bool
    has_previous_page: bool
    start_cursor: str | None
    end_cursor: str | None


@dataclass(frozen=True, slots=True)
class Edge(Generic[Node]):
    """An item with its cursor."""

    cursor: str
    node: Node


@dataclass(frozen=True, slots=True)
class Connection(Generic[Node]):
    """A page of items."""

    edges: Sequence[Edge[Node]]
    nodes: Sequence[Node]
    page_info: PageInfo


def page_request(first: int | None, after: str | None, key_length: int, *of: object) -> PageRequest:
    """Reads the arguments of a connection field; ``key_length`` is the number of columns that the list is sorted by.

    ``of`` says which list it is, by texts that are the same each time:
    the field, its owner's id, what it is filtered by.

    Raises:
        BadUserInput: when ``first`` is not 1 to 100 or ``after`` is no cursor of this list.
    """
    count = 20 if first is None else first
    if not 1 <= count <= MAX_FIRST:
        raise BadUserInput(f"first is {count}; it must be 1 to {MAX_FIRST}.", ("first",))
    tag = _tag(of)
    return PageRequest(count, _decode_cursor(after, key_length, tag) if after is not None else None, tag)


def connection(
    rows: Sequence[Node], page: PageRequest, sort_key: Callable[[Node], tuple[Any, ...]]
) -> Connection[Node]:
    """The page that was asked for, from up to ``page.limit`` rows."""
    nodes = rows[: page.first]
    edges = [Edge(encode_cursor(page.tag, sort_key(node)), node) for node in nodes]
    info = PageInfo(
        has_next_page=len(rows) > page.first,
        has_previous_page=page.after is not None,
        start_cursor=edges[0].cursor if edges else None,
        end_cursor=edges[-1].cursor if edges else None,
    )
    return Connection(edges, nodes, info)


def encode_cursor(tag: str, sort_key: tuple[Any, ...]) -> str:
    """A sort key in a list as the opaque text that clients pass back."""
    return base64.urlsafe_b64encode(dumps((tag, *sort_key))).decode().rstrip("=")


def no_cursor() -> BadUserInput:
    """``after`` is none of the list's cursors."""
    return BadUserInput(
        "after is no cursor of this list; take one that the same list, filtered and sorted alike, gave you.", ("after",)
    )


def _tag(of: tuple[object, ...]) -> str:
    return hashlib.sha256("\n".join(map(str, of)).encode("utf-8", "surrogatepass")).hexdigest()[:8]


def _decode_cursor(cursor: str, key_length: int, tag: str) -> tuple[Any, ...]:
    if len(cursor) > _LONGEST_CURSOR:
        raise no_cursor()
    try:
        decoded = orjson.loads(base64.b64decode(cursor + "=" * (-len(cursor) % 4), b"-_", validate=True))
    except (binascii.Error, ValueError) as error:
        raise no_cursor() from error
    if not isinstance(decoded, list) or len(decoded) != 1 + key_length or decoded[0] != tag:
        raise no_cursor()
    return tuple(decoded[1:])
