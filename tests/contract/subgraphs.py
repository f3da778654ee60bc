"""The subgraphs as their bootstraps build them, without any server."""

import atexit
import functools
import tempfile
from pathlib import Path

from joserfc.jwk import ECKey

from shared.runtime.subgraph import Subgraph
from tests.subgraphs import built
from tilt.embedded.subgraphs import SUBGRAPHS

_NOWHERE = "127.0.0.1:1"


@functools.cache
def subgraph(name: str) -> Subgraph:
    """A subgraph that was told addresses where nobody listens."""
    return built(name, _environment())


@functools.cache
def _signing_key_file() -> str:
    key = ECKey.generate_key("P-256")
    with tempfile.NamedTemporaryFile("wb", prefix="mercato-key-", suffix=".pem", delete=False) as file:
        file.write(key.as_pem(private=True))
    atexit.register(Path(file.name).unlink)
    return file.name


def _environment() -> dict[str, str]:
    names = ("KAFKA_BOOTSTRAP_SERVERS", "INVENTORY_RPC_ADDRESS", "PAYMENTS_RPC_ADDRESS")
    urls = ("REDIS_URL", "JWKS_URL", "STRIPE_API_BASE", "SMTP_URL")
    secrets = ("ROUTER_SECRET", "RPC_SECRET", "STRIPE_API_KEY", "STRIPE_WEBHOOK_SECRET")
    schemes = {"REDIS_URL": "redis", "SMTP_URL": "smtp"}
    return {
        **dict.fromkeys(names, _NOWHERE),
        **{name: f"{schemes.get(name, 'http')}://{_NOWHERE}" for name in urls},
        **dict.fromkeys(secrets, "secret"),
        "USERS_SIGNING_KEY_FILE": _signing_key_file(),
        **{f"{name.upper()}_DATABASE_URL": f"postgres://{name}@{_NOWHERE}/{name}" for name in SUBGRAPHS},
    }
