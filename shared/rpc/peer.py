"""A connection to another subgraph's gRPC service, as a resource of a subgraph."""

import asyncio
from collections.abc import Callable
from types import TracebackType
from typing import Generic, Self, TypeVar

import grpc

from shared.rpc.client import RpcClient
from shared.security.secrets import Secret
from shared.security.tls import Tls

_GRACE_SECONDS = 30.0  # longer than any call's deadline

Stub = TypeVar("Stub")


class Peer(Generic[Stub]):
    """A subgraph's gRPC service. It is opened inside the running event loop, which gRPC binds its channels to.

    A channel keeps the certificates that it was made with:
    when they have changed, the next call gets a new one, and calls under way finish on the old one.
    """

    def __init__(
        self, address: str, secret: Secret, stub_type: Callable[[grpc.aio.Channel], Stub], tls: Tls | None = None
    ) -> None:
        self._address = address
        self._secret = secret
        self._stub_type = stub_type
        self._tls = tls
        self._closing: set[asyncio.Task[None]] = set()

    @property
    def client(self) -> RpcClient:
        """The connection. Ask for it anew for each call."""
        self._follow_certificates()
        return self._client

    @property
    def stub(self) -> Stub:
        """The service's methods on that connection."""
        self._follow_certificates()
        return self._stub

    async def __aenter__(self) -> Self:
        self._connect()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await asyncio.gather(self._client.close(), *self._closing)

    def _connect(self) -> None:
        self._identity = self._tls.identity if self._tls else None
        self._client = RpcClient(self._address, self._secret, self._identity)
        self._stub = self._stub_type(self._client.channel)

    def _follow_certificates(self) -> None:
        if self._tls is None or self._tls.identity is self._identity:
            return
        closing = asyncio.create_task(self._client.close(_GRACE_SECONDS))
        self._closing.add(closing)
        closing.add_done_callback(self._closing.discard)
        self._connect()
