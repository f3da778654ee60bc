"""Puts payments together."""

import argparse
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from dataclasses import dataclass
from functools import partial

from schema.proto.mercato.inventory.v1.inventory_pb2_grpc import InventoryStub
from schema.proto.mercato.orders.v1.orders_pb2_grpc import OrdersStub
from shared.rpc.peer import Peer
from shared.runtime.config import load_settings
from shared.runtime.subgraph import Command, Subgraph
from shared.runtime.workers import Worker
from subgraphs.payments.commands.ask_provider import Providers
from subgraphs.payments.commands.reconcile import Reconciler
from subgraphs.payments.domain.ports import NoticeReader, PaymentProvider
from subgraphs.payments.entrypoints import dispute_decisions, graphql, late_payments, reconciliation, rpc, webhooks
from subgraphs.payments.entrypoints.workers import follow_payments
from subgraphs.payments.infrastructure import tables
from subgraphs.payments.infrastructure.audits import Auditors
from subgraphs.payments.infrastructure.paypal_api import PayPalApi
from subgraphs.payments.infrastructure.paypal_certificates import PayPalCertificates, certificate_origins
from subgraphs.payments.infrastructure.paypal_lookups import PayPalLookups
from subgraphs.payments.infrastructure.paypal_provider import PayPalProvider
from subgraphs.payments.infrastructure.paypal_webhooks import PayPalWebhooks
from subgraphs.payments.infrastructure.stripe_provider import StripeProvider
from subgraphs.payments.infrastructure.stripe_webhooks import StripeWebhooks
from subgraphs.payments.seed import seed
from subgraphs.payments.settings import PaymentsSettings


@dataclass(frozen=True, slots=True)
class Adapter:
    """One provider's part: what it is asked by, what it tells by itself, and what is to be closed at the end."""

    provider: PaymentProvider
    reader: NoticeReader
    resources: Sequence[AbstractAsyncContextManager[object]]


def build() -> Subgraph:
    """Payments, configured by the environment."""
    settings = load_settings(PaymentsSettings)
    stripe = StripeProvider(settings.stripe_api_base, settings.stripe_api_key)
    adapters = [_stripe(settings, stripe), *([_paypal(settings)] if settings.paypal_client_id else [])]
    providers = {adapter.provider.name: adapter.provider for adapter in adapters}
    peers = _peers(settings)
    reconciler = Reconciler(Auditors(*peers), providers)
    resources: list[AbstractAsyncContextManager[object]] = [
        *peers,
        *(resource for adapter in adapters for resource in adapter.resources),
    ]
    return Subgraph(
        name="payments",
        settings=settings,
        tables=tables,
        bindables=(graphql.MethodMutations(stripe.cards).bindable(),),
        entities=graphql.entities(providers),
        seed=seed,
        rpc_services=(rpc.register(providers),),
        routes=webhooks.routes({adapter.provider.name: adapter.reader for adapter in adapters}),
        workers=(
            Worker("follow-payments", partial(follow_payments, providers)),
            Worker("reconcile", partial(reconciliation.reconcile_regularly, reconciler, settings.reconcile_seconds)),
        ),
        commands=(
            _reconcile_command(reconciler, resources),
            _settle_late_command(providers),
            _decide_dispute_command(providers),
        ),
        resources=resources,
    )


def _peers(settings: PaymentsSettings) -> tuple[Peer[OrdersStub], Peer[InventoryStub]]:
    secret, tls = settings.rpc_secret, settings.tls
    orders: Peer[OrdersStub] = Peer(settings.orders_rpc_address, secret, OrdersStub, tls)
    inventory: Peer[InventoryStub] = Peer(settings.inventory_rpc_address, secret, InventoryStub, tls)
    return orders, inventory


def _reconcile_command(reconciler: Reconciler, resources: Sequence[AbstractAsyncContextManager[object]]) -> Command:
    async def run(options: argparse.Namespace) -> None:
        async with AsyncExitStack() as stack:
            for resource in resources:
                await stack.enter_async_context(resource)
            await reconciliation.reconcile_once(reconciler, options)

    help_text = "compare the books of provider, payments, orders and inventory; status 1 when they differ"
    return Command("reconcile", help_text, reconciliation.arguments, run)


def _settle_late_command(providers: Providers) -> Command:
    async def run(options: argparse.Namespace) -> None:
        await late_payments.settle_late(options, providers)

    help_text = "book as paid outside of the provider what came too late and the provider does not give back"
    return Command("settle-late", help_text, late_payments.arguments, run)


def _decide_dispute_command(providers: Providers) -> Command:
    async def run(options: argparse.Namespace) -> None:
        await dispute_decisions.decide(options, providers)

    help_text = "book what a buyer's bank decided about a payment whose provider is not configured any more"
    return Command("decide-dispute", help_text, dispute_decisions.arguments, run)


def _stripe(settings: PaymentsSettings, provider: StripeProvider) -> Adapter:
    return Adapter(provider, StripeWebhooks(settings.stripe_webhook_secret), (provider,))


def _paypal(settings: PaymentsSettings) -> Adapter:
    api = PayPalApi(settings.paypal_api_base, settings.paypal_client_id, settings.paypal_client_secret)
    provider = PayPalProvider(api, settings.paypal_return_url, settings.paypal_cancel_url)
    origins = [*certificate_origins(settings.paypal_api_base), *filter(None, [settings.paypal_certificate_origin])]
    certificates = PayPalCertificates(origins, settings.paypal_certificate_authorities)
    reader = PayPalWebhooks(settings.paypal_webhook_id, certificates, PayPalLookups(api, provider))
    return Adapter(provider, reader, (provider, certificates))
