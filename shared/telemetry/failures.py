"""Failures as logs may have them.

An exception's own text may hold what a caller sent, and so is left out where nobody knows it.
"""

import traceback
from collections.abc import Iterator

import asyncpg
from aiokafka.errors import KafkaError
from tortoise.exceptions import DBConnectionError

from shared.errors import ServiceError

# Whose texts are ours, or about addresses and connections.
_TELLING = (
    OSError,
    TimeoutError,
    ServiceError,
    KafkaError,
    DBConnectionError,
    asyncpg.PostgresConnectionError,
    asyncpg.InvalidAuthorizationSpecificationError,
    asyncpg.InvalidCatalogNameError,
    asyncpg.InsufficientResourcesError,
    asyncpg.OperatorInterventionError,
    asyncpg.InterfaceError,
)
# What Postgres says of itself: names of the schema, never of its rows.
_PARTS = ("sqlstate", "table_name", "column_name", "constraint_name")


def described(error: BaseException) -> str:
    """A failure in one line: its kind, and of its text what holds no value of anybody's."""
    kind = type(error).__name__
    if isinstance(error, _TELLING) and not isinstance(
        error, ValueError
    ):  # a ValueError is about a value, asyncpg's too
        return f"{kind}: {first}" if (first := _first_line(error)) else kind
    if isinstance(error, asyncpg.PostgresError):
        parts = [str(part) for name in _PARTS if (part := getattr(error, name, None))]
        return f"{kind} ({', '.join(parts)})" if parts else kind
    return kind


def told(error: BaseException) -> str:
    """A failure with what led to it, where in the code they were raised, and each in one line."""
    return "\n\nThat was the cause of, or came before:\n\n".join(reversed([_raised(each) for each in _chain(error)]))


def _raised(error: BaseException) -> str:
    lines = "".join(traceback.format_tb(error.__traceback__)) + described(error)
    within = error.exceptions if isinstance(error, BaseExceptionGroup) else ()
    return "\n\nIn it:\n\n".join((lines, *map(told, within)))


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    following: BaseException | None = error
    while following is not None and id(following) not in seen:
        seen.add(id(following))
        yield following
        following = following.__cause__ or (None if following.__suppress_context__ else following.__context__)


def _first_line(error: BaseException) -> str:
    lines = str(error).splitlines()
    return lines[0] if lines else ""
