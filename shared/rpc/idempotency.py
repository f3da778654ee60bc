"""Idempotency of gRPC commands: the first response to a key is kept and replayed."""

import base64
from collections.abc import Awaitable, Callable
from typing import TypeVar

from google.protobuf.message import Message

from shared.idempotency import replayable

Response = TypeVar("Response", bound=Message)


async def replayable_response(
    key: str, request: Message, response_type: type[Response], effect: Callable[[], Awaitable[Response]]
) -> Response:
    """Runs ``effect`` in one transaction with the record of its response, or answers what the same key was answered before.

    Raises:
        BadUserInput: when the key is empty or too long.
        Conflict: when the key came with another request before.
    """

    async def encoded_effect() -> str:
        return base64.b64encode((await effect()).SerializeToString()).decode()

    scope = f"rpc:{type(request).__name__}"
    encoded = await replayable(scope, key, request.SerializeToString(deterministic=True), encoded_effect)
    return response_type.FromString(base64.b64decode(encoded))
