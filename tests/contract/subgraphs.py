"""The six subgraphs as their bootstraps build them, without any server."""

import functools

from shared.subgraph import Subgraph
from tests.subgraphs import built
from tilt.embedded.subgraphs import SUBGRAPHS

_NOWHERE = "127.0.0.1:1"


@functools.cache
def subgraph(name: str) -> Subgraph:
    """A subgraph that was told addresses where nobody listens."""
    return built(name, _environment())


def _environment() -> dict[str, str]:
    names = ("KAFKA_BOOTSTRAP_SERVERS", "INVENTORY_RPC_ADDRESS", "PAYMENTS_RPC_ADDRESS")
    urls = ("REDIS_URL", "JWKS_URL", "STRIPE_API_BASE", "SMTP_URL")
    secrets = ("ROUTER_SECRET", "RPC_SECRET", "STRIPE_API_KEY", "STRIPE_WEBHOOK_SECRET")
    schemes = {"REDIS_URL": "redis", "SMTP_URL": "smtp"}
    return {
        **dict.fromkeys(names, _NOWHERE),
        **{name: f"{schemes.get(name, 'http')}://{_NOWHERE}" for name in urls},
        **dict.fromkeys(secrets, "secret"),
        **{f"{name.upper()}_DATABASE_URL": f"postgres://{name}@{_NOWHERE}/{name}" for name in SUBGRAPHS},
    }
