"""Puts orders together."""

from schema.proto.mercato.inventory.v1 import inventory_pb2_grpc
from schema.proto.mercato.payments.v1 import payments_pb2_grpc
from shared.config import load_settings
from shared.rpc.peer import Peer
from shared.subgraph import Subgraph
from shared.workers import Worker
from subgraphs.orders.commands.fulfil_order import Fulfiller
from subgraphs.orders.entrypoints import events, graphql
from subgraphs.orders.entrypoints.workers import FulfilmentWorker, measure_fulfilments
from subgraphs.orders.infrastructure import tables
from subgraphs.orders.infrastructure.rpc_inventory import RpcInventory
from subgraphs.orders.infrastructure.rpc_payments import RpcPayments
from subgraphs.orders.seed import seed
from subgraphs.orders.settings import OrdersSettings


def build() -> Subgraph:
    """Orders, configured by the environment."""
    settings = load_settings(OrdersSettings)
    secret = settings.rpc_secret.get_secret_value()
    inventory = Peer(settings.inventory_rpc_address, secret, inventory_pb2_grpc.InventoryStub)
    payments = Peer(settings.payments_rpc_address, secret, payments_pb2_grpc.PaymentsStub)
    lease = settings.fulfilment_lease_seconds
    fulfiller = Fulfiller(RpcInventory(inventory, settings.hold_seconds), RpcPayments(payments), lease)
    worker = FulfilmentWorker(settings.database_url.get_secret_value(), fulfiller, settings.fulfilment_parallel, lease)
    return Subgraph(
        name="orders",
        settings=settings,
        tables=tables,
        bindables=graphql.bindables(settings.fulfilment_deadline_seconds),
        entities=graphql.ENTITIES,
        seed=seed,
        handlers=events.HANDLERS,
        workers=(Worker("fulfilment", worker.run), Worker("measure-fulfilments", measure_fulfilments)),
        resources=(inventory, payments),
    )
