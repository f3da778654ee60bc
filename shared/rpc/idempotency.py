"""Idempotency of gRPC commands: the first response to a key is kept and replayed."""

import base64
from collections.abc import Callable
from functools import partial
from typing import TypeVar

from google.protobuf.message import Message

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


def _scope(request: Message) -> str:
    return f"rpc:{type(request).__name__}"


def _encode(response: Message) -> str:
    return base64.b64encode(response.SerializeToString()).decode()


def _decode(response_type: type[Response], encoded: str) -> Response:
    return response_type.FromString(base64.b64decode(encoded))
