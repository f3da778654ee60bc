"""Puts orders together: the one place that names concrete classes."""

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
from subgraphs.orders.domain.cart import DEFAULT_LIFETIME, CartLifetime
from subgraphs.orders.domain.cart_ports import CartRepository, CartWork, Catalogue, WaitingOrders
from subgraphs.orders.domain.fulfilment import Kind, Times
from subgraphs.orders.domain.guest import OrderTokens
from subgraphs.orders.domain.peers import Inventory, Payments
from subgraphs.orders.domain.ports import Disputes, Orders, OrdersWork, Refunds, Shipments
from subgraphs.orders.domain.saga_ports import Reports, Sagas
from subgraphs.orders.entrypoints import events, graphql, rpc
from subgraphs.orders.entrypoints.cart_workers import CartExpiry
from subgraphs.orders.entrypoints.catalogue_events import CatalogueEvents
from subgraphs.orders.entrypoints.workers import Doorbell, FulfilmentWorker, measure_fulfilments
from subgraphs.orders.infrastructure import tables
from subgraphs.orders.infrastructure.carts import PostgresCarts
from subgraphs.orders.infrastructure.catalogue import PostgresCatalogue
from subgraphs.orders.infrastructure.disputes import PostgresDisputes
from subgraphs.orders.infrastructure.metrics import PrometheusReports
from subgraphs.orders.infrastructure.order_tokens import SecretOrderTokens
from subgraphs.orders.infrastructure.orders import PostgresOrders
from subgraphs.orders.infrastructure.refunds import PostgresRefunds
from subgraphs.orders.infrastructure.rpc_inventory import RpcInventory
from subgraphs.orders.infrastructure.rpc_payments import RpcPayments
from subgraphs.orders.infrastructure.saga_statements import CHANNEL
from subgraphs.orders.infrastructure.sagas import PostgresSagas
from subgraphs.orders.infrastructure.shipments import PostgresShipments
from subgraphs.orders.infrastructure.waiting_orders import PostgresWaitingOrders
from subgraphs.orders.sagas.order_steps import OrderSteps
from subgraphs.orders.sagas.refund_steps import RefundSteps
from subgraphs.orders.sagas.runner import SagaRunner, Steps
from subgraphs.orders.sagas.shipment_steps import ShipmentSteps
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


@dataclass(frozen=True, slots=True)
class PostgresWork:
    """What a handler of orders gets: Postgres, and the other subgraphs."""

    events: Recorder
    transaction: Transaction[OrdersWork]
    orders: Orders
    carts: CartRepository
    refunds: Refunds
    shipments: Shipments
    disputes: Disputes
    sagas: Sagas
    reports: Reports
    inventory: Inventory
    payments: Payments
    tokens: OrderTokens


def cart_unit_of_work(lifetime: CartLifetime = DEFAULT_LIFETIME) -> UnitOfWork[CartWork]:
    """Has handlers of carts, catalogue and stock performed; carts are kept for ``lifetime``."""
    repositories = PostgresCarts(), PostgresCatalogue(), PostgresWaitingOrders()

    def begin(events: Recorder) -> CartWork:
        return PostgresCartWork(lifetime, events, work.step, *repositories)

    work: UnitOfWork[CartWork] = UnitOfWork(begin)
    return work


def unit_of_work(inventory: Inventory, payments: Payments, tokens: OrderTokens) -> UnitOfWork[OrdersWork]:
    """Has handlers of orders performed, and their sagas."""
    orders, carts = PostgresOrders(), PostgresCarts()
    parts = PostgresRefunds(), PostgresShipments(), PostgresDisputes(), PostgresSagas()
    reports = PrometheusReports()

    def begin(events: Recorder) -> OrdersWork:
        return PostgresWork(events, work.step, orders, carts, *parts, reports, inventory, payments, tokens)

    work: UnitOfWork[OrdersWork] = UnitOfWork(begin)
    return work


def build() -> Subgraph:
    """Orders, configured by the environment."""
    settings = load_settings(OrdersSettings)
    secret, tls = settings.rpc_secret, settings.tls
    inventory = Peer(settings.inventory_rpc_address, secret, inventory_pb2_grpc.InventoryStub, tls)
    payments = Peer(settings.payments_rpc_address, secret, payments_pb2_grpc.PaymentsStub, tls)
    tokens = SecretOrderTokens(secret, settings.token_days)
    work = unit_of_work(RpcInventory(inventory, settings.hold_seconds), RpcPayments(payments), tokens)
    carts = cart_unit_of_work(settings.cart_lifetime)
    return Subgraph(
        name="orders",
        settings=settings,
        tables=tables,
        bindables=graphql.bindables(work, carts, tokens, settings.fulfilment_deadline_seconds),
        entities=graphql.ENTITIES,
        seed=seed,
        rpc_services=(rpc.service(tokens),),
        handlers=(*CatalogueEvents(carts).handlers(), *events.handlers(work)),
        workers=(
            Worker("fulfilment", _worker(settings, work).run),
            Worker("measure-fulfilments", measure_fulfilments),
            Worker("expire-carts", CartExpiry(carts).run),
        ),
        resources=(inventory, payments),
    )


def _worker(settings: OrdersSettings, work: UnitOfWork[OrdersWork]) -> FulfilmentWorker:
    doorbell, runner = Doorbell(settings.database_url, CHANNEL), SagaRunner(_kinds(settings))
    return FulfilmentWorker(doorbell, work, runner, settings.fulfilment_parallel, settings.fulfilment_lease_seconds)


def _kinds(settings: OrdersSettings) -> Mapping[Kind, Steps]:
    times = Times(settings.fulfilment_lease_seconds, settings.action_deadline_seconds)
    return {
        Kind.ORDER: OrderSteps(times, settings.capture, settings.cart_lifetime),
        Kind.REFUND: RefundSteps(times.lease_seconds),
        Kind.SHIPMENT: ShipmentSteps(),
    }
