"""The gRPC server of a subgraph: identity, deadlines, logs, metrics, traces and error codes, as for every method."""

import logging
from collections.abc import Awaitable, Callable
from typing import Any

import grpc
from google.protobuf.message import DecodeError, Message
from opentelemetry.trace import SpanKind

from shared.errors import BadUserInput, Internal, ServiceError, Unauthenticated
from shared.rpc.credentials import server_credentials
from shared.rpc.status import FIELD_KEY, to_status
from shared.runtime.outages import OUTAGES, outage_error
from shared.security.secrets import Secret
from shared.security.tls import Tls
from shared.telemetry.context import continued
from shared.telemetry.metrics import measured
from shared.telemetry.tracing import span

logger = logging.getLogger(__name__)

SECRET_KEY = "x-rpc-secret"  # noqa: S105 - the metadata key's name

_MESSAGE_BYTES = 256 * 1024
_CALLS_AT_ONCE = 100  # of all callers; more are rejected before their messages are read

Method = Callable[[Message, grpc.aio.ServicerContext[Any, Any]], Awaitable[Message]]
Parse = Callable[[bytes], Message]
Answer = Callable[[bytes, grpc.aio.ServicerContext[Any, Any]], Awaitable[Message]]
Register = Callable[[grpc.aio.Server], None]


def rpc_server(
    address: str, secret: Secret, services: tuple[Register, ...], tls: Tls | None = None, reuse_port: bool = False
) -> grpc.aio.Server:
    """A server that is ready to be started; each of ``services`` adds its servicer to it.

    With ``tls``, clients need a certificate; with ``reuse_port``, others of this kind may have its address too.

    Raises:
        OSError: when the address is taken.
    """
    options = (("grpc.so_reuseport", int(reuse_port)), ("grpc.max_receive_message_length", _MESSAGE_BYTES))
    server = grpc.aio.server(interceptors=(_Chassis(secret),), options=options, maximum_concurrent_rpcs=_CALLS_AT_ONCE)
    for register in services:
        register(server)
    port = server.add_secure_port(address, server_credentials(tls)) if tls else server.add_insecure_port(address)
    if port == 0:
        raise OSError(f"cannot listen on {address}")
    return server


class _Chassis(grpc.aio.ServerInterceptor):
    """Puts every unary method into the same frame."""

    def __init__(self, secret: Secret) -> None:
        self._secret = secret

    # The arguments and the answer are grpc's own, generic in the messages of each method.
    async def intercept_service(self, continuation: Any, handler_call_details: grpc.HandlerCallDetails) -> Any:
        handler = await continuation(handler_call_details)
        if handler is None or handler.unary_unary is None:
            return handler
        # No deserializer: a message is parsed only once it is known that its sender may ask.
        return grpc.unary_unary_rpc_method_handler(
            self._framed(handler.unary_unary, handler.request_deserializer, handler_call_details.method),
            response_serializer=handler.response_serializer,
        )

    def _framed(self, method: Method, parse: Parse, name: str) -> Answer:
        async def call(request: bytes, context: grpc.aio.ServicerContext[Any, Any]) -> Message:
            metadata = {key: str(value) for key, value in context.invocation_metadata() or ()}
            with continued(metadata), measured("grpc", name) as operation, span(name, SpanKind.SERVER):
                try:
                    self._require_secret(metadata)
                    return await method(_parsed(request, parse), context)
                except Exception as error:
                    failure = _to_service_error(error, name)
                    operation.failed(failure.code)
                await _abort(context, failure)
                raise AssertionError("abort always raises")

        return call

    def _require_secret(self, metadata: dict[str, str]) -> None:
        if not self._secret.accepts(metadata.get(SECRET_KEY, "")):
            raise Unauthenticated("This service answers other subgraphs alone.")


def _parsed(request: bytes, parse: Parse) -> Message:
    try:
        return parse(request)
    except DecodeError as error:
        raise BadUserInput("This is no message of this method.") from error


async def _abort(context: grpc.aio.ServicerContext[Any, Any], failure: ServiceError) -> None:
    trailers = ((FIELD_KEY, ".".join(failure.field)),) if failure.field else ()
    await context.abort(to_status(failure), failure.message, trailers)


def _to_service_error(error: Exception, method: str) -> ServiceError:
    if isinstance(error, ServiceError):
        return error
    if isinstance(error, OUTAGES):
        return outage_error(error)
    logger.error("unexpected failure of %s", method, exc_info=error)
    return Internal(
        "Something went wrong on this side, whose log has it; what was done is not known. Ask again with the same key."
    )
