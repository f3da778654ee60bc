"""The body of a request, read within its limits: what it may hold is known before anything is made of it."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import orjson
from starlette.types import Receive

from shared.errors import BadUserInput, LimitExceeded
from shared.graphql import limits
from shared.runtime.callers import CallerGone

_LATE = "the body is late"


@dataclass(frozen=True, slots=True)
class Body:
    """What a request asks for."""

    query: str
    operation_name: str | None
    variables: dict[str, Any]


async def read_body(receive: Receive) -> Body:
    """The body of the request that is received.

    Raises:
        LimitExceeded: when it is too large, too slow, nested too deeply, or holds too many values or keys.
        BadUserInput: when it is no GraphQL request.
        CallerGone: when the caller goes before all of it is there.
    """
    task, loop = asyncio.current_task(), asyncio.get_running_loop()
    assert task is not None
    # By hand: asyncio.timeout costs every request ten times as much, and nearly every body is there already.
    timer = loop.call_later(limits.BODY_SECONDS, task.cancel, _LATE)
    try:
        content = await _read(receive)
    except asyncio.CancelledError as error:
        if _LATE not in error.args:
            raise
        task.uncancel()
        raise LimitExceeded(f"The request did not arrive within {limits.BODY_SECONDS:.0f} seconds.") from None
    finally:
        timer.cancel()
    return _parse(content)


async def _read(receive: Receive) -> bytes:
    parts: list[bytes] = []
    size, more = 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise CallerGone
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > limits.BODY_BYTES:
            raise LimitExceeded(f"The request is larger than {limits.BODY_BYTES} bytes.")
        more = message.get("more_body", False)
    return b"".join(parts)


def _parse(content: bytes) -> Body:
    parsed = _loaded(content)
    if not isinstance(parsed, dict) or not isinstance(parsed.get("query"), str):
        raise BadUserInput("The request's body is not an object with a text named query.", ("query",))
    if not isinstance(parsed.get("operationName"), str | None):
        raise BadUserInput("operationName is not a text.", ("operationName",))
    if not isinstance(parsed.get("variables"), dict | None):
        raise BadUserInput("variables is not an object.", ("variables",))
    return Body(parsed["query"], parsed.get("operationName"), parsed.get("variables") or {})


def _loaded(content: bytes) -> Any:
    # orjson itself ends at 1,024 levels, and the size of the body bounds the rest.
    try:
        parsed = orjson.loads(content)
    except orjson.JSONDecodeError as error:
        if "depth" in error.msg:
            raise _too_deep() from error
        raise BadUserInput("The request's body is not JSON.") from error
    require_bounded(parsed)
    return parsed


def require_bounded(value: Any) -> None:
    """Returns for a JSON value that is within the limits. A level at a time: no depth overflows a stack.

    Raises:
        LimitExceeded: when it is nested too deeply, or holds too many values or keys.
    """
    level, depth, count = _containers((value,)), 0, 0
    while level:
        depth += 1
        count += sum(map(len, level))
        if depth > limits.NESTING:
            raise _too_deep()
        if count > limits.VALUES:
            raise LimitExceeded(f"The request's JSON holds more than {limits.VALUES} values.")
        level = _containers_within(level)


def _containers_within(level: list[Any]) -> list[Any]:
    """One loop and no function for each container: most requests hold little else, and all of them pay for it."""
    found: list[Any] = []
    longest = limits.KEY_CHARACTERS
    for container in level:
        if type(container) is list:
            found += _containers(container)
            continue
        if len(container) > limits.OBJECT_KEYS:
            raise LimitExceeded(f"An object of the request's JSON has more than {limits.OBJECT_KEYS} keys.")
        for key, value in container.items():
            if len(key) > longest:
                raise LimitExceeded(f"A key of the request's JSON has more than {longest} characters.")
            if type(value) is dict or type(value) is list:
                found.append(value)
    return found


def _containers(values: Iterable[Any]) -> list[Any]:
    return [value for value in values if type(value) is dict or type(value) is list]


def _too_deep() -> LimitExceeded:
    return LimitExceeded(f"The request's JSON is nested more than {limits.NESTING} levels deep.")
