"""Puts orders together."""

from collections.abc import Mapping
from dataclasses import dataclass

from schema.proto.mercato.inventory.v1 import inventory_pb2_grpc
from schema.proto.mercato.payments.v1 import payments_pb2_grpc
from shared.events.event import Recorder
from shared.persistence.work import UnitOfWork
from shared.rpc.peer import Peer
from shared.runtime.config import load_settings
from shared.runtime.subgraph import Subgraph
from shared.runtime.workers import Worker
from shared.transaction import Transaction
from subgraphs.orders.commands.capture_shipment import ShipmentSteps
from subgraphs.orders.commands.fulfil_order import OrderSteps
from subgraphs.orders.commands.give_back import RefundSteps
from subgraphs.orders.commands.run_saga import SagaRunner, Steps
from subgraphs.orders.domain.cart import DEFAULT_LIFETIME, CartLifetime
from subgraphs.orders.domain.cart_ports import CartRepository, CartWork, Catalogue, WaitingOrders
from subgraphs.orders.domain.fulfilment import Kind, Times
from subgraphs.orders.domain.ports import Inventory, Payments
from subgraphs.orders.entrypoints import events, graphql, rpc
from subgraphs.orders.entrypoints.cart_workers import CartExpiry
from subgraphs.orders.entrypoints.catalogue_events import CatalogueEvents
from subgraphs.orders.entrypoints.workers import FulfilmentWorker, measure_fulfilments
from subgraphs.orders.infrastructure import tables
from subgraphs.orders.infrastructure.carts import PostgresCarts
from subgraphs.orders.infrastructure.catalogue import PostgresCatalogue
from subgraphs.orders.infrastructure.rpc_inventory import RpcInventory
from subgraphs.orders.infrastructure.rpc_payments import RpcPayments
from subgraphs.orders.infrastructure.waiting_orders import PostgresWaitingOrders
from subgraphs.orders.seed import seed
from subgraphs.orders.settings import OrdersSettings


@dataclass(frozen=True, slots=True)
class PostgresCartWork:
    """What a handler of carts gets of Postgres."""

    lifetime: CartLifetime
    events: Recorder
    transaction: Transaction[CartWork]
    carts: CartRepository
    catalogue: Catalogue
    waiting_orders: WaitingOrders


def cart_unit_of_work(lifetime: CartLifetime = DEFAULT_LIFETIME) -> UnitOfWork[CartWork]:
    """Has handlers of carts, catalogue and stock performed; carts are kept for ``lifetime``."""
    repositories = PostgresCarts(), PostgresCatalogue(), PostgresWaitingOrders()

    def begin(events: Recorder) -> CartWork:
        return PostgresCartWork(lifetime, events, work.step, *repositories)

    work: UnitOfWork[CartWork] = UnitOfWork(begin)
    return work


def build() -> Subgraph:
    """Orders, configured by the environment."""
    settings = load_settings(OrdersSettings)
    secret, tls = settings.rpc_secret, settings.tls
    inventory = Peer(settings.inventory_rpc_address, secret, inventory_pb2_grpc.InventoryStub, tls)
    payments = Peer(settings.payments_rpc_address, secret, payments_pb2_grpc.PaymentsStub, tls)
    runner = SagaRunner(_kinds(settings, RpcInventory(inventory, settings.hold_seconds), RpcPayments(payments)))
    lease = settings.fulfilment_lease_seconds
    carts = cart_unit_of_work(settings.cart_lifetime)
    worker = FulfilmentWorker(settings.database_url, runner, settings.fulfilment_parallel, lease)
    return Subgraph(
        name="orders",
        settings=settings,
        tables=tables,
        bindables=graphql.bindables(settings.fulfilment_deadline_seconds, carts),
        entities=graphql.ENTITIES,
        seed=seed,
        rpc_services=(rpc.register,),
        handlers=(*CatalogueEvents(carts).handlers(), *events.HANDLERS),
        workers=(
            Worker("fulfilment", worker.run),
            Worker("measure-fulfilments", measure_fulfilments),
            Worker("expire-carts", CartExpiry(carts).run),
        ),
        resources=(inventory, payments),
    )


def _kinds(settings: OrdersSettings, inventory: Inventory, payments: Payments) -> Mapping[Kind, Steps]:
    times = Times(settings.fulfilment_lease_seconds, settings.action_deadline_seconds)
    return {
        Kind.ORDER: OrderSteps(inventory, payments, times, settings.capture, settings.cart_lifetime),
        Kind.REFUND: RefundSteps(inventory, payments, times.lease_seconds),
        Kind.SHIPMENT: ShipmentSteps(payments),
    }
