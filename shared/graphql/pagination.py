"""Keyset pages in the shape of the Relay cursor connections specification."""

import base64
import binascii
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import orjson

from shared.errors import BadUserInput
from shared.json import dumps

MAX_FIRST = 100
_LONGEST_CURSOR = 4_000  # characters; one that holds a title of the longest kind has half as many

Node = TypeVar("Node")


@dataclass(frozen=True, slots=True)
class PageRequest:
    """Which page is asked for: ``after`` holds the sort key of the item before it, or None for the first page."""

    first: int
    after: tuple[Any, ...] | None

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


def page_request(first: int | None, after: str | None, key_length: int) -> PageRequest:
    """Reads the arguments of a connection field; ``key_length`` is the number of columns that the list is sorted by.

    Raises:
        BadUserInput: when ``first`` is not 1 to 100 or ``after`` is no cursor of this list.
    """
    count = 20 if first is None else first
    if not 1 <= count <= MAX_FIRST:
        raise BadUserInput(f"first is {count}; it must be 1 to {MAX_FIRST}.", ("first",))
    return PageRequest(count, _decode_cursor(after, key_length) if after is not None else None)


def connection(rows: Sequence[Node], page: PageRequest, sort_key: Callable[[Node], tuple[Any, ...]]) -> Connection[Node]:
    """The page that was asked for, from up to ``page.limit`` rows."""
    nodes = rows[: page.first]
    edges = [Edge(encode_cursor(sort_key(node)), node) for node in nodes]
    info = PageInfo(
        has_next_page=len(rows) > page.first,
        has_previous_page=page.after is not None,
        start_cursor=edges[0].cursor if edges else None,
        end_cursor=edges[-1].cursor if edges else None,
    )
    return Connection(edges, nodes, info)


def encode_cursor(sort_key: tuple[Any, ...]) -> str:
    """A sort key as the opaque text that clients pass back."""
    return base64.urlsafe_b64encode(dumps(sort_key)).decode().rstrip("=")


def _decode_cursor(cursor: str, key_length: int) -> tuple[Any, ...]:
    if len(cursor) > _LONGEST_CURSOR:
        raise BadUserInput("after is no cursor of this list.", ("after",))
    try:
        key = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (binascii.Error, ValueError) as error:
        raise BadUserInput("after is no cursor of this list.", ("after",)) from error
    if not isinstance(key, list) or len(key) != key_length:
        raise BadUserInput("after is no cursor of this list.", ("after",))
    return tuple(key)
