"""Orders on real servers: its own process, inventory's process, and a payments server that keeps to the contract."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import partial

import asyncpg
import pytest
import pytest_asyncio

from schema.proto.mercato.inventory.v1 import inventory_pb2_grpc
from schema.proto.mercato.payments.v1 import payments_pb2_grpc
from shared.rpc.client import RpcClient
from shared.runtime.subgraph import Subgraph
from shared.security.secrets import Secret
from tests.backends import Backends
from tests.databases import Databases
from tests.identity import Issuer
from tests.integration.orders.faults import Faults
from tests.integration.orders.order_kinds import Room, add_row, in_memory
from tests.integration.orders.peers import InventoryGate, PaymentsDouble, served
from tests.integration.orders.shop import Shop
from tests.orders import WORK
from tests.subgraphs import Running, connected, fresh_environment, running
from tilt.embedded.ports import free_ports


@dataclass(frozen=True)
class Peers:
    """What orders commands, and the environment in which it finds them."""

    environment: dict[str, str]
    databases: Databases
    inventory: Running
    payments: PaymentsDouble
    faults: Faults


def on_ports(name: str, environment: dict[str, str]) -> dict[str, str]:
    """The environment with free ports of its own for a subgraph: other tests run theirs on the session's."""
    port, grpc_port = free_ports(2)
    own = {"PORT": str(port), "GRPC_PORT": str(grpc_port), "URL": f"http://127.0.0.1:{port}"}
    return environment | {f"{name.upper()}_{variable}": value for variable, value in own.items()}


@pytest_asyncio.fixture
async def orders(backends: Backends) -> AsyncIterator[Subgraph]:
    """Orders' commands and queries in this process, on a fresh database."""
    async with connected(backends, "orders") as subgraph:
        yield subgraph


@pytest_asyncio.fixture(scope="package")
async def inventory_server(backends: Backends, issuer: Issuer) -> AsyncIterator[Running]:
    """Inventory as it runs in the mesh."""
    environment = on_ports("inventory", await fresh_environment(backends, "inventory", "kafka"))
    async with running("inventory", {**environment, "JWKS_URL": issuer.jwks_url}) as process:
        yield process


@pytest_asyncio.fixture(scope="package")
async def peers(backends: Backends, issuer: Issuer, inventory_server: Running) -> AsyncIterator[Peers]:
    """Inventory behind a gate, and payments."""
    inventory_port, payments_port = free_ports(2)
    environment = await fresh_environment(backends, "orders", "kafka") | {
        "JWKS_URL": issuer.jwks_url,
        "INVENTORY_RPC_ADDRESS": f"127.0.0.1:{inventory_port}",
        "PAYMENTS_RPC_ADDRESS": f"127.0.0.1:{payments_port}",
    }
    secret, faults = environment["RPC_SECRET"], Faults()
    client = RpcClient(f"127.0.0.1:{inventory_server.environment['INVENTORY_GRPC_PORT']}", Secret(secret))
    gate, payments = InventoryGate(client, faults), PaymentsDouble(faults)
    async with (
        served(
            environment["INVENTORY_RPC_ADDRESS"],
            secret,
            partial(inventory_pb2_grpc.add_InventoryServicer_to_server, gate),
        ),
        served(
            environment["PAYMENTS_RPC_ADDRESS"],
            secret,
            partial(payments_pb2_grpc.add_PaymentsServicer_to_server, payments),
        ),
    ):
        yield Peers(environment, backends.databases, inventory_server, payments, faults)
    await client.close()


@pytest_asyncio.fixture(scope="package")
async def shop(peers: Peers, issuer: Issuer) -> AsyncIterator[Shop]:
    """A shop whose orders run in one process, as in the mesh."""
    async with running("orders", on_ports("orders", peers.environment)) as process:
        catalogue = await asyncpg.connect(peers.environment["ORDERS_DATABASE_URL"])
        stockroom = await asyncpg.connect(peers.inventory.environment["INVENTORY_DATABASE_URL"])
        yield Shop(process, issuer, catalogue, stockroom, peers.payments, peers.faults)
        await catalogue.close()
        await stockroom.close()


@pytest_asyncio.fixture(params=["memory", "postgres"])
async def room(request: pytest.FixtureRequest, backends: Backends) -> AsyncIterator[Room]:
    """Orders of both kinds."""
    if request.param == "memory":
        yield in_memory()
        return
    async with connected(backends, "orders"):
        yield Room(WORK.perform, add_row)


@pytest_asyncio.fixture(scope="module")
async def late_shop(backends: Backends, peers: Peers, issuer: Issuer) -> AsyncIterator[Shop]:
    """A shop that takes the money with the first shipment, on a database of its own."""
    fresh = await fresh_environment(backends, "orders", "kafka")
    environment = peers.environment | {
        "ORDERS_DATABASE_URL": fresh["ORDERS_DATABASE_URL"],
        "ORDERS_CAPTURE": "shipment",
    }
    async with running("orders", on_ports("orders", environment)) as process:
        catalogue = await asyncpg.connect(environment["ORDERS_DATABASE_URL"])
        stockroom = await asyncpg.connect(peers.inventory.environment["INVENTORY_DATABASE_URL"])
        yield Shop(process, issuer, catalogue, stockroom, peers.payments, peers.faults)
        await catalogue.close()
        await stockroom.close()
