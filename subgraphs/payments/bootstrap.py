"""Puts payments together: the one place that names concrete classes."""

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass

from schema.proto.mercato.inventory.v1.inventory_pb2_grpc import InventoryStub
from schema.proto.mercato.orders.v1.orders_pb2_grpc import OrdersStub
from shared.events.event import Recorder
from shared.persistence.work import UnitOfWork
from shared.rpc.peer import Peer
from shared.runtime.config import load_settings
from shared.runtime.subgraph import Subgraph
from shared.runtime.workers import Worker
from shared.transaction import Transaction
from subgraphs.payments.domain.books import OthersBooks, OwnBooks
from subgraphs.payments.domain.notice import NoticeReader
from subgraphs.payments.domain.ports import (
    Alarms,
    DisputeRepository,
    Leases,
    Looks,
    MethodRepository,
    NoticeRepository,
    PaymentRepository,
    PaymentsWork,
    Providers,
    RefundRepository,
)
from subgraphs.payments.domain.provider import CardVault, PaymentProvider
from subgraphs.payments.entrypoints import graphql, rpc, webhooks
from subgraphs.payments.entrypoints.command_line import commands
from subgraphs.payments.entrypoints.order_events import OrderEvents
from subgraphs.payments.entrypoints.reconciliation import Reconciliation
from subgraphs.payments.entrypoints.workers import Following
from subgraphs.payments.infrastructure import tables
from subgraphs.payments.infrastructure.alarms import PrometheusAlarms
from subgraphs.payments.infrastructure.disputes import PostgresDisputes
from subgraphs.payments.infrastructure.leases import PostgresLeases
from subgraphs.payments.infrastructure.looks import PostgresLooks
from subgraphs.payments.infrastructure.methods import PostgresMethods
from subgraphs.payments.infrastructure.notices import PostgresNotices
from subgraphs.payments.infrastructure.others_books import RpcBooks
from subgraphs.payments.infrastructure.payments import PostgresPayments
from subgraphs.payments.infrastructure.paypal_api import PayPalApi
from subgraphs.payments.infrastructure.paypal_certificates import PayPalCertificates, certificate_origins
from subgraphs.payments.infrastructure.paypal_lookups import PayPalLookups
from subgraphs.payments.infrastructure.paypal_provider import PayPalProvider
from subgraphs.payments.infrastructure.paypal_webhooks import PayPalWebhooks
from subgraphs.payments.infrastructure.refunds import PostgresRefunds
from subgraphs.payments.infrastructure.stripe_provider import StripeProvider
from subgraphs.payments.infrastructure.stripe_webhooks import StripeWebhooks
from subgraphs.payments.queries.books import PostgresBooks
from subgraphs.payments.seed import seed
from subgraphs.payments.settings import PaymentsSettings


@dataclass(frozen=True, slots=True)
class Adapter:
    """One provider's part: what it is asked by, what it tells by itself, and what is to be closed at the end."""

    provider: PaymentProvider
    reader: NoticeReader
    resources: Sequence[AbstractAsyncContextManager[object]]


@dataclass(frozen=True, slots=True)
class PostgresWork:
    """What a handler gets: Postgres, the providers and the books of the others."""

    transaction: Transaction[PaymentsWork]
    payments: PaymentRepository
    leases: Leases
    refunds: RefundRepository
    disputes: DisputeRepository
    notices: NoticeRepository
    looks: Looks
    methods: MethodRepository
    own_books: OwnBooks
    alarms: Alarms
    others_books: OthersBooks
    providers: Providers
    vault: CardVault


def unit_of_work(others_books: OthersBooks, providers: Providers, vault: CardVault) -> UnitOfWork[PaymentsWork]:
    """Has handlers performed."""
    repositories = (
        PostgresPayments(),
        PostgresLeases(),
        PostgresRefunds(),
        PostgresDisputes(),
        PostgresNotices(),
        PostgresLooks(),
        PostgresMethods(),
        PostgresBooks(),
    )

    def begin(_: Recorder) -> PaymentsWork:
        return PostgresWork(work.step, *repositories, PrometheusAlarms(), others_books, providers, vault)

    work: UnitOfWork[PaymentsWork] = UnitOfWork(begin)
    return work


def build() -> Subgraph:
    """Payments, configured by the environment."""
    settings = load_settings(PaymentsSettings)
    stripe = StripeProvider(settings.stripe_api_base, settings.stripe_api_key)
    adapters = [_stripe(settings, stripe), *([_paypal(settings)] if settings.paypal_client_id else [])]
    providers = {adapter.provider.name: adapter.provider for adapter in adapters}
    peers = _peers(settings)
    work = unit_of_work(RpcBooks(*peers), providers, stripe.cards)
    resources: list[AbstractAsyncContextManager[object]] = [
        *peers,
        *(resource for adapter in adapters for resource in adapter.resources),
    ]
    return Subgraph(
        name="payments",
        settings=settings,
        tables=tables,
        bindables=graphql.bindables(work),
        entities=graphql.entities(providers),
        seed=seed,
        rpc_services=(rpc.service(work),),
        handlers=OrderEvents(work).handlers(),
        routes=webhooks.routes({adapter.provider.name: adapter.reader for adapter in adapters}, work),
        workers=(
            Worker("follow-payments", Following(work).run),
            Worker("reconcile", Reconciliation(work, list(providers), settings.reconcile_seconds).run),
        ),
        commands=commands(work, resources),
        resources=resources,
    )


def _peers(settings: PaymentsSettings) -> tuple[Peer[OrdersStub], Peer[InventoryStub]]:
    secret, tls = settings.rpc_secret, settings.tls
    orders: Peer[OrdersStub] = Peer(settings.orders_rpc_address, secret, OrdersStub, tls)
    inventory: Peer[InventoryStub] = Peer(settings.inventory_rpc_address, secret, InventoryStub, tls)
    return orders, inventory


def _stripe(settings: PaymentsSettings, provider: StripeProvider) -> Adapter:
    return Adapter(provider, StripeWebhooks(settings.stripe_webhook_secret), (provider,))


def _paypal(settings: PaymentsSettings) -> Adapter:
    api = PayPalApi(settings.paypal_api_base, settings.paypal_client_id, settings.paypal_client_secret)
    provider = PayPalProvider(api, settings.paypal_return_url, settings.paypal_cancel_url)
    origins = [*certificate_origins(settings.paypal_api_base), *filter(None, [settings.paypal_certificate_origin])]
    certificates = PayPalCertificates(origins, settings.paypal_certificate_authorities)
    reader = PayPalWebhooks(settings.paypal_webhook_id, certificates, PayPalLookups(api, provider))
    return Adapter(provider, reader, (provider, certificates))
