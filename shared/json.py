"""JSON with the types that our rows hold."""

from typing import Any
from uuid import UUID

import orjson


def dumps(value: Any) -> bytes:
    """JSON of a value; asyncpg's own subclass of UUID, which orjson does not know, is written as any UUID.

    Raises:
        TypeError: for a type that has no JSON form here, such as Decimal: money is integers.
    """
    return orjson.dumps(value, default=_plain)


def canonical(value: Any) -> bytes:
    """The JSON that equal values have in common, whatever the order of their properties.

    Raises:
        TypeError: as ``dumps`` does.
    """
    return orjson.dumps(value, default=_plain, option=orjson.OPT_SORT_KEYS)


def _plain(value: Any) -> str:
    if isinstance(value, UUID):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")
