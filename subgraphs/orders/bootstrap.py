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
from subgraphs.orders.commands.expire_carts import expire_carts
from subgraphs.orders.domain.fulfilment import Kind, Times
from subgraphs.orders.domain.peers import Inventory, Payments
from subgraphs.orders.domain.ports import CartsToOrder, Disputes, Orders, OrdersWork, Refunds, Shipments
from subgraphs.orders.domain.saga_ports import Reports, Sagas
from subgraphs.orders.entrypoints import events, graphql, rpc
from subgraphs.orders.entrypoints.workers import FulfilmentWorker, measure_fulfilments
from subgraphs.orders.infrastructure import tables
from subgraphs.orders.infrastructure.disputes import PostgresDisputes
from subgraphs.orders.infrastructure.metrics import PrometheusReports
from subgraphs.orders.infrastructure.orders import PostgresOrders
from subgraphs.orders.infrastructure.refunds import PostgresRefunds
from subgraphs.orders.infrastructure.rpc_inventory import RpcInventory
from subgraphs.orders.infrastructure.rpc_payments import RpcPayments
from subgraphs.orders.infrastructure.sagas import PostgresSagas
from subgraphs.orders.infrastructure.shipments import PostgresShipments
from subgraphs.orders.queries.carts_to_order import PostgresCartsToOrder
from subgraphs.orders.sagas.order_steps import OrderSteps
from subgraphs.orders.sagas.refund_steps import RefundSteps
from subgraphs.orders.sagas.runner import SagaRunner, Steps
from subgraphs.orders.sagas.shipment_steps import ShipmentSteps
from subgraphs.orders.seed import seed
from subgraphs.orders.settings import OrdersSettings


@dataclass(frozen=True, slots=True)
class PostgresWork:
    """What a handler gets: Postgres, and the other subgraphs."""

    events: Recorder
    transaction: Transaction[OrdersWork]
    orders: Orders
    carts: CartsToOrder
    refunds: Refunds
    shipments: Shipments
    disputes: Disputes
    sagas: Sagas
    reports: Reports
    inventory: Inventory
    payments: Payments


def unit_of_work(inventory: Inventory, payments: Payments) -> UnitOfWork[OrdersWork]:
    """Has handlers performed, and sagas."""
    orders, carts = PostgresOrders(), PostgresCartsToOrder()
    parts = PostgresRefunds(), PostgresShipments(), PostgresDisputes(), PostgresSagas()
    reports = PrometheusReports()

    def begin(events: Recorder) -> OrdersWork:
        return PostgresWork(events, work.step, orders, carts, *parts, reports, inventory, payments)

    work: UnitOfWork[OrdersWork] = UnitOfWork(begin)
    return work


def build() -> Subgraph:
    """Orders, configured by the environment."""
    settings = load_settings(OrdersSettings)
    secret, tls = settings.rpc_secret, settings.tls
    inventory = Peer(settings.inventory_rpc_address, secret, inventory_pb2_grpc.InventoryStub, tls)
    payments = Peer(settings.payments_rpc_address, secret, payments_pb2_grpc.PaymentsStub, tls)
    work = unit_of_work(RpcInventory(inventory, settings.hold_seconds), RpcPayments(payments))
    lease = settings.fulfilment_lease_seconds
    runner = SagaRunner(_kinds(settings))
    worker = FulfilmentWorker(settings.database_url, work, runner, settings.fulfilment_parallel, lease)
    return Subgraph(
        name="orders",
        settings=settings,
        tables=tables,
        bindables=graphql.bindables(work, settings.fulfilment_deadline_seconds, settings.cart_lifetime),
        entities=graphql.ENTITIES,
        seed=seed,
        rpc_services=(rpc.register,),
        handlers=events.handlers(work),
        workers=(
            Worker("fulfilment", worker.run),
            Worker("measure-fulfilments", measure_fulfilments),
            Worker("expire-carts", expire_carts),
        ),
        resources=(inventory, payments),
    )


def _kinds(settings: OrdersSettings) -> Mapping[Kind, Steps]:
    times = Times(settings.fulfilment_lease_seconds, settings.action_deadline_seconds)
    return {
        Kind.ORDER: OrderSteps(times, settings.capture, settings.cart_lifetime),
        Kind.REFUND: RefundSteps(times.lease_seconds),
        Kind.SHIPMENT: ShipmentSteps(),
    }
