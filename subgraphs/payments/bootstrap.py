"""Puts payments together."""

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from functools import partial

from shared.config import load_settings
from shared.subgraph import Subgraph
from shared.workers import Worker
from subgraphs.payments.domain.ports import NoticeReader, PaymentProvider
from subgraphs.payments.entrypoints import graphql, rpc, webhooks
from subgraphs.payments.entrypoints.workers import follow_payments
from subgraphs.payments.infrastructure import tables
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
    stripe = StripeProvider(settings.stripe_api_base, settings.stripe_api_key.get_secret_value())
    adapters = [_stripe(settings, stripe)]
    providers = {adapter.provider.name: adapter.provider for adapter in adapters}
    return Subgraph(
        name="payments",
        settings=settings,
        tables=tables,
        bindables=(graphql.MethodMutations(stripe.cards).bindable(),),
        entities=graphql.ENTITIES,
        seed=seed,
        rpc_services=(rpc.register(providers),),
        routes=webhooks.routes({adapter.provider.name: adapter.reader for adapter in adapters}),
        workers=(Worker("follow-payments", partial(follow_payments, providers)),),
        resources=[resource for adapter in adapters for resource in adapter.resources],
    )


def _stripe(settings: PaymentsSettings, provider: StripeProvider) -> Adapter:
    return Adapter(provider, StripeWebhooks(settings.stripe_webhook_secret.get_secret_value()), (provider,))
