"""A connection to another subgraph's gRPC service, as a resource of a subgraph."""

from collections.abc import Callable
from types import TracebackType
from typing import Generic, Self, TypeVar

import grpc

from shared.rpc.client import RpcClient

Stub = TypeVar("Stub")


class Peer(Generic[Stub]):
    """A subgraph's gRPC service. It is opened inside the running event loop, which gRPC binds its channels to."""

    client: RpcClient
    stub: Stub

    def __init__(self, address: str, secret: str, stub_type: Callable[[grpc.aio.Channel], Stub]) -> None:
        self._address = address
        self._secret = secret
        self._stub_type = stub_type

    async def __aenter__(self) -> Self:
        self.client = RpcClient(self._address, self._secret)
        self.stub = self._stub_type(self.client.channel)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.client.close()
