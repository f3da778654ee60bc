"""Idempotency of gRPC commands: the first response to a key is kept and replayed."""

import base64
from collections.abc import Awaitable, Callable
from functools import partial
from typing import TypeVar

from google.protobuf.message import Message

from shared.persistence.idempotency import Answer, replayable, replayable_at_provider
from shared.persistence.work import Once

Outcome = TypeVar("Outcome")
Response = TypeVar("Response", bound=Message)


def once(
    request: Message, key: str, response_type: type[Response], answer: Callable[[Outcome], Response]
) -> Once[Outcome, Response]:
    """The request of a gRPC command that carries a key.

    What ``answer`` makes of the handler's outcome is kept and replayed.
    """

    def kept(outcome: Outcome) -> str:
        return _encode(answer(outcome))

    return Once(
        _scope(request), key, request.SerializeToString(deterministic=True), kept, partial(_decode, response_type)
    )


async def replayable_response(
    key: str, request: Message, response_type: type[Response], effect: Callable[[], Awaitable[Response]]
) -> Response:
    """Runs ``effect`` in one transaction with the record of its response, or answers what the key was answered before.

    Raises:
        BadUserInput, Conflict, Unavailable: as ``shared.persistence.idempotency.replayable`` does.
    """

    async def encoded_effect() -> str:
        return _encode(await effect())

    encoded = await replayable(_scope(request), key, request.SerializeToString(deterministic=True), encoded_effect)
    return _decode(response_type, encoded)


def _always(response: Message) -> bool:
    return True


async def replayable_provider_response(
    key: str,
    request: Message,
    response_type: type[Response],
    effect: Callable[[], Awaitable[Response]],
    is_final: Callable[[Response], bool] = _always,
) -> Response:
    """Runs ``effect``, which calls a provider, or answers what the same key was answered before.

    A response that ``is_final`` denies is given and not kept: the next request with the key is carried out again.
    Read what ``shared.persistence.idempotency.replayable_at_provider`` asks of an effect.

    Raises:
        BadUserInput, Conflict, Unavailable: as ``shared.persistence.idempotency.replayable_at_provider`` does.
    """

    async def encoded_effect() -> Answer:
        response = await effect()
        return Answer(_encode(response), is_final(response))

    encoded = await replayable_at_provider(
        _scope(request), key, request.SerializeToString(deterministic=True), encoded_effect
    )
    return _decode(response_type, encoded)


def _scope(request: Message) -> str:
    return f"rpc:{type(request).__name__}"


def _encode(response: Message) -> str:
    return base64.b64encode(response.SerializeToString()).decode()


def _decode(response_type: type[Response], encoded: str) -> Response:
    return response_type.FromString(base64.b64decode(encoded))
