"""Pages of connections, as the Relay cursor connections specification has them."""

import base64
import binascii
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from graphql import GraphQLArgument, GraphQLNamedType, GraphQLObjectType, get_named_type

from shared.errors import BadUserInput
from shared.graphql.pagination import MAX_FIRST, no_cursor
from tilt.examples import draws
from tilt.examples.asked import Asked
from tilt.examples.objects import Example

_USUAL = 20
_RANGE = re.compile(r"([0-9]+) to ([0-9]+)")


@dataclass(frozen=True, slots=True)
class Span:
    """Which items of a list a page holds, by their numbers."""

    begin: int
    end: int


def is_connection(named: GraphQLNamedType) -> bool:
    """Whether a type is a page of a list."""
    return isinstance(named, GraphQLObjectType) and {"edges", "pageInfo"} <= named.fields.keys()


def node_type(connection: Any) -> GraphQLNamedType:
    """What a connection lists."""
    edge: Any = get_named_type(connection.fields["edges"].type)
    node: GraphQLNamedType = get_named_type(edge.fields["node"].type)
    return node


def page(connection: GraphQLObjectType, nodes: Sequence[Any], asked: Asked) -> Example:
    """The page of a list that is asked for.

    Raises:
        BadUserInput: when a number is out of the range that the contract names, or a cursor is none of this list.
    """
    tag = draws.letters(asked.place, 8)
    span = _span(len(nodes), asked, tag)
    cursors = [_cursor(tag, number) for number in range(span.begin, span.end)]
    shown = nodes[span.begin : span.end]
    edge = get_named_type(connection.fields["edges"].type).name
    edges = [
        Example(edge, f"{asked.place}@{cursor}", {"cursor": cursor, "node": node})
        for cursor, node in zip(cursors, shown, strict=True)
    ]
    info = {
        "hasNextPage": span.end < len(nodes),
        "hasPreviousPage": span.begin > 0,
        "startCursor": cursors[0] if cursors else None,
        "endCursor": cursors[-1] if cursors else None,
    }
    page_info = Example(get_named_type(connection.fields["pageInfo"].type).name, f"{asked.place}.pageInfo", info)
    known = {"edges": edges, "nodes": shown, "pageInfo": page_info, "totalCount": len(nodes)}
    return Example(connection.name, asked.place, known)


def _span(length: int, asked: Asked, tag: str) -> Span:
    given = asked.arguments
    begin = _number(given["after"], tag, length) + 1 if given.get("after") is not None else 0
    end = _number(given["before"], tag, length) if given.get("before") is not None else length
    first, last = _size("first", asked), _size("last", asked)
    if first is not None or last is None:
        end = min(end, begin + (first if first is not None else _USUAL))
    if last is not None:
        begin = max(begin, end - last)
    return Span(begin, max(begin, end))


def _size(name: str, asked: Asked) -> int | None:
    size: int | None = asked.arguments.get(name)
    if size is None:
        return None
    lowest, highest = _range(asked.definition.args[name])
    if not lowest <= size <= highest:
        raise BadUserInput(f"{name} is {size}; it must be {lowest} to {highest}.", (name,))
    return size


def _range(argument: GraphQLArgument) -> tuple[int, int]:
    """What the contract says of a number, such as "How many, 1 to 100."; else what is usual here."""
    said = _RANGE.search(argument.description or "")
    return (int(said[1]), int(said[2])) if said else (1, MAX_FIRST)


def _cursor(tag: str, number: int) -> str:
    return base64.urlsafe_b64encode(json.dumps([tag, number]).encode()).decode().rstrip("=")


def _number(cursor: str, tag: str, length: int) -> int:
    try:
        found = json.loads(base64.b64decode(cursor + "=" * (-len(cursor) % 4), b"-_", validate=True))
        own_tag, number = found
    except (binascii.Error, ValueError, TypeError) as error:
        raise no_cursor() from error
    if own_tag != tag or not isinstance(number, int) or not 0 <= number < length:
        raise no_cursor()
    return number
