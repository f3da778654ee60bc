"""Puts payments together."""

from shared.config import load_settings
from shared.subgraph import Subgraph
from subgraphs.payments.entrypoints import graphql, rpc, webhooks
from subgraphs.payments.infrastructure import tables
from subgraphs.payments.infrastructure.stripe_provider import StripeProvider
from subgraphs.payments.infrastructure.stripe_webhooks import StripeWebhooks
from subgraphs.payments.seed import seed
from subgraphs.payments.settings import PaymentsSettings


def build() -> Subgraph:
    """Payments, configured by the environment."""
    settings = load_settings(PaymentsSettings)
    provider = StripeProvider(settings.stripe_api_base, settings.stripe_api_key.get_secret_value())
    return Subgraph(
        name="payments",
        settings=settings,
        tables=tables,
        bindables=(),
        entities=graphql.ENTITIES,
        seed=seed,
        rpc_services=(rpc.register(provider),),
        routes=webhooks.routes(StripeWebhooks(settings.stripe_webhook_secret.get_secret_value())),
        resources=(provider,),
    )
