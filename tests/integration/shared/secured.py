"""Inventory behind mutual TLS, and those who ask it."""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from pathlib import Path

import grpc
import httpx

from schema.proto.mercato.inventory.v1 import inventory_pb2 as pb
from schema.proto.mercato.inventory.v1 import inventory_pb2_grpc as pb_grpc
from shared.rpc.peer import Peer
from shared.rpc.server import SECRET_KEY
from shared.security.secrets import Secret
from shared.security.tls import Tls
from tests.subgraphs import Running, eventually
from tilt.embedded.ports import free_port

InventoryPeer = Peer[pb_grpc.InventoryStub]


def secured(environment: Mapping[str, str], folder: Path) -> dict[str, str]:
    """An environment in which inventory speaks TLS, and is asked for health and metrics on an open port."""
    port = str(free_port())
    return {
        **environment,
        "TLS_DIR": str(folder),
        "INVENTORY_OPEN_PORT": port,
        "INVENTORY_URL": f"http://127.0.0.1:{port}",
    }


async def ask(process: Running, context: ssl.SSLContext) -> str:
    """Asks inventory's GraphQL on a connection of its own."""
    address = f"https://127.0.0.1:{process.environment['INVENTORY_PORT']}/graphql"
    headers = {"x-router-secret": process.environment["ROUTER_SECRET"]}
    async with httpx.AsyncClient(verify=context, timeout=10) as http:
        answer = (await http.post(address, json={"query": "{ __typename }"}, headers=headers)).json()
    typename: str = answer["data"]["__typename"]
    return typename


async def call(process: Running, credentials: grpc.ChannelCredentials) -> pb.FindStockDifferencesResponse:
    """Calls inventory's gRPC on a connection of its own."""
    address = f"127.0.0.1:{process.environment['INVENTORY_GRPC_PORT']}"
    metadata = ((SECRET_KEY, process.environment["RPC_SECRET"]),)
    async with grpc.aio.secure_channel(address, credentials) as channel:
        stub = pb_grpc.InventoryStub(channel)
        answer: pb.FindStockDifferencesResponse = await stub.FindStockDifferences(
            pb.FindStockDifferencesRequest(), timeout=10, metadata=metadata
        )
    return answer


def inventory_peer(process: Running, tls: Tls) -> InventoryPeer:
    """Inventory as orders and payments call it."""
    address = f"127.0.0.1:{process.environment['INVENTORY_GRPC_PORT']}"
    return Peer(address, Secret(process.environment["RPC_SECRET"]), pb_grpc.InventoryStub, tls)


async def call_peer(peer: InventoryPeer) -> None:
    await peer.client.call(peer.stub.FindStockDifferences, pb.FindStockDifferencesRequest(), 10.0)


@contextlib.asynccontextmanager
async def following(folder: Path) -> AsyncIterator[Tls]:
    """The certificates of a client in this process, followed as a subgraph follows its own."""
    tls, stop = Tls(folder), asyncio.Event()
    watching = asyncio.create_task(tls.watch(stop))
    yield tls
    stop.set()
    await watching


class Load:
    """Questions asked one after the other until it ends, and how many were answered."""

    def __init__(self) -> None:
        self.answered = 0
        self.failures: list[str] = []
        self._over = False

    @contextlib.asynccontextmanager
    async def of(self, *questions: Callable[[], Awaitable[object]]) -> AsyncIterator[None]:
        """All questions side by side, for as long as the context lasts."""
        askers = [asyncio.create_task(self._ask(question)) for question in questions]
        try:
            yield
        finally:
            self._over = True
            await asyncio.gather(*askers)

    async def answers_more(self, count: int = 20) -> None:
        """Waits until so many more are answered, or one is not."""
        enough = self.answered + count

        async def is_enough() -> bool:
            return self.answered >= enough or bool(self.failures)

        await eventually(is_enough, f"{count} more answers")

    async def _ask(self, question: Callable[[], Awaitable[object]]) -> None:
        while not self._over:
            try:
                await question()
                self.answered += 1
            except Exception as error:
                self.failures.append(repr(error))
                return
