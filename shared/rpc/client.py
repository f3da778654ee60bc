"""The gRPC client of a subgraph: deadline, identity, trace context and error types, the same for every call."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

import grpc
from google.protobuf.message import Message
from opentelemetry.trace import SpanKind

from shared.rpc.credentials import channel_credentials
from shared.rpc.server import SECRET_KEY
from shared.rpc.status import from_rpc_error
from shared.security.secrets import Secret
from shared.security.tls import Identity
from shared.telemetry.context import propagation_headers
from shared.telemetry.tracing import span

DEADLINE_SECONDS = 5.0

Request = TypeVar("Request", bound=Message)
Response = TypeVar("Response", bound=Message)

_KEEPALIVE = (("grpc.keepalive_time_ms", 20_000), ("grpc.max_reconnect_backoff_ms", 1_000))


class RpcClient:
    """A connection to another subgraph.

    It connects when first used and again after each break, with the identity it was given.
    """

    def __init__(self, address: str, secret: Secret, identity: Identity | None = None) -> None:
        self._secret = secret
        self.channel = _channel(address, identity)

    async def call(
        self,
        method: Callable[..., Awaitable[Response]],
        request: Message,
        deadline_seconds: float = DEADLINE_SECONDS,
    ) -> Response:
        """Calls a stub's method.

        Raises:
            ServiceError: what the other side raised; Unavailable when it can't be reached or does not answer in time.
        """
        metadata = ((SECRET_KEY, self._secret.current()), *propagation_headers().items())
        with span(type(request).__name__, SpanKind.CLIENT):
            try:
                return await method(request, timeout=deadline_seconds, metadata=metadata)
            except grpc.aio.AioRpcError as error:
                raise from_rpc_error(error) from error

    async def close(self, grace_seconds: float = 1.0) -> None:
        """Ends the connection; calls under way may finish for as long as ``grace_seconds``."""
        await self.channel.close(grace=grace_seconds)


def _channel(address: str, identity: Identity | None) -> grpc.aio.Channel:
    if identity is None:
        return grpc.aio.insecure_channel(address, options=_KEEPALIVE)
    return grpc.aio.secure_channel(address, channel_credentials(identity), options=_KEEPALIVE)
