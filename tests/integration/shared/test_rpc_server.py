"""The gRPC server of a subgraph, asked by those it should not trust."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import grpc
import pytest
import pytest_asyncio
from google.protobuf.wrappers_pb2 import StringValue

from shared.errors import Internal, ServiceError, Unavailable
from shared.rpc.client import RpcClient
from shared.rpc.server import SECRET_KEY, rpc_server
from shared.rpc.status import from_rpc_error
from shared.security.secrets import Secret
from tests.subgraphs import eventually
from tilt.embedded.ports import free_port

METHOD = "/mercato.test.v1.Echo/Say"
NONSENSE = b"\xff" * 20
LETTER = StringValue(value="hello").SerializeToString()


class Echo:
    """A service of one method; it answers once ``go`` is set."""

    def __init__(self) -> None:
        self.go = asyncio.Event()
        self.go.set()
        self.parsed = 0
        self.address = f"127.0.0.1:{free_port()}"

    async def say(self, request: StringValue, context: Any) -> StringValue:
        await self.go.wait()
        if request.value == "stumble":
            raise KeyError("a secret of the buyer")
        return request

    def parse(self, message: bytes) -> StringValue:
        self.parsed += 1
        return StringValue.FromString(message)

    def register(self, server: grpc.aio.Server) -> None:
        method = grpc.unary_unary_rpc_method_handler(self.say, self.parse, StringValue.SerializeToString)
        server.add_generic_rpc_handlers(
            (grpc.method_handlers_generic_handler("mercato.test.v1.Echo", {"Say": method}),)
        )

    async def ask(self, message: bytes, secret: str = "s") -> bytes:
        """The answer to these bytes, on a connection of its own."""
        async with grpc.aio.insecure_channel(self.address) as channel:
            call: Any = channel.unary_unary(METHOD)
            answer: bytes = await call(message, timeout=10, metadata=((SECRET_KEY, secret),))
        return answer


@pytest_asyncio.fixture(loop_scope="session")
async def echo() -> AsyncIterator[Echo]:
    service = Echo()
    server = rpc_server(service.address, Secret("s"), (service.register,))
    await server.start()
    yield service
    service.go.set()
    await server.stop(None)


async def rejected(echo: Echo, message: bytes, secret: str = "s") -> grpc.StatusCode:
    with pytest.raises(grpc.aio.AioRpcError) as error:
        await echo.ask(message, secret)
    return error.value.code()


async def test_a_message_without_the_secret_is_not_parsed(echo: Echo) -> None:
    assert await rejected(echo, LETTER, "guess") is grpc.StatusCode.UNAUTHENTICATED
    assert await rejected(echo, NONSENSE, "guess") is grpc.StatusCode.UNAUTHENTICATED
    assert echo.parsed == 0
    assert await echo.ask(LETTER) == LETTER
    assert echo.parsed == 1


async def test_what_is_no_message_is_the_callers_mistake(echo: Echo) -> None:
    assert await rejected(echo, NONSENSE) is grpc.StatusCode.INVALID_ARGUMENT


async def test_a_message_of_more_than_256_kb_is_rejected_unread(echo: Echo) -> None:
    fitting = StringValue(value="x" * (256 * 1024 - 5)).SerializeToString()
    assert await echo.ask(fitting) == fitting
    assert (
        await rejected(echo, StringValue(value="x" * 256 * 1024).SerializeToString())
        is grpc.StatusCode.RESOURCE_EXHAUSTED
    )
    assert echo.parsed == 1


async def test_more_than_a_hundred_calls_at_once_are_to_be_tried_again(echo: Echo) -> None:
    echo.go.clear()
    calls = [asyncio.create_task(echo.ask(LETTER)) for _ in range(100)]
    await eventually(lambda: is_reached(echo, 100), "a hundred calls are under way")
    client = RpcClient(echo.address, Secret("s"))
    with pytest.raises(ServiceError) as error:
        await client.call(
            client.channel.unary_unary(METHOD, StringValue.SerializeToString, StringValue.FromString), StringValue()
        )
    await client.close()
    assert isinstance(error.value, Unavailable)  # a saga would take anything else for a rejection
    echo.go.set()
    assert set(await asyncio.gather(*calls)) == {LETTER}


async def is_reached(echo: Echo, count: int) -> bool:
    return echo.parsed == count


async def test_an_unexpected_failure_is_internal_and_tells_no_detail(echo: Echo) -> None:
    with pytest.raises(grpc.aio.AioRpcError) as error:
        await echo.ask(StringValue(value="stumble").SerializeToString())
    assert error.value.code() is grpc.StatusCode.INTERNAL
    assert "Ask again with the same key" in (error.value.details() or "")
    assert "secret" not in (error.value.details() or "")
    assert type(from_rpc_error(error.value)) is Internal
