"""Every address and secret of the mesh, as variables; `sharing.py` says who is told which."""

from tilt.embedded.credentials import Credentials
from tilt.embedded.manifest import callers
from tilt.embedded.ports import LOOPBACK
from tilt.embedded.settings import Settings
from tilt.embedded.subgraphs import MANIFESTS

STRIPE_WEBHOOK_PATH = "/webhooks/stripe"


def mesh_environment(settings: Settings, credentials: Credentials) -> dict[str, str]:
    """All variables: what whoever runs the mesh has, and no process of it."""
    values = {
        "ROUTER": settings.router,
        "ROUTER_HOST": settings.router_host,
        "ROUTER_PORT": str(settings.router_port),
        "ROUTER_METRICS_PORT": str(settings.router_metrics_port),
        "ROUTER_URL": settings.router_url,
        "KAFKA_BOOTSTRAP_SERVERS": kafka_address(settings),
        "REDIS_URL": settings.redis_url or f"redis://{LOOPBACK}:{settings.valkey_port}/0",
        "STRIPE_API_BASE": settings.stripe_api_base or f"http://{LOOPBACK}:{settings.localstripe_port}",
        "STRIPE_API_KEY": settings.stripe_api_key,
        "STRIPE_WEBHOOK_SECRET": credentials.stripe_webhook_secret,
        "SMTP_URL": settings.smtp_url or f"smtp://{LOOPBACK}:{settings.mailbox_smtp_port}",
        "MAILBOX_URL": settings.mailbox_url or f"http://{LOOPBACK}:{settings.mailbox_port}",
        "ROUTER_SECRET": credentials.router_secret,
        "RPC_SECRET": credentials.rpc_secret,
        "JWKS_URL": settings.jwks_url or f"{settings.subgraphs['users'].url}/.well-known/jwks.json",
        "TOKEN_ISSUER": settings.token_issuer,
        "TOKEN_AUDIENCE": settings.token_audience,
        "USERS_OPENID_URL": settings.subgraphs["users"].url,
        "USERS_SIGNING_KEY_FILE": credentials.users_signing_key_file,
        "LOG_LEVEL": settings.log_level,
        "TIME_ZONE": settings.time_zone,
        "EVENT_MAX_BYTES": str(settings.event_max_bytes),
    }
    if settings.otel_exporter_otlp_endpoint:
        values["OTEL_EXPORTER_OTLP_ENDPOINT"] = settings.otel_exporter_otlp_endpoint
    return values | subgraph_addresses(settings, credentials) | rpc_addresses(settings)


def subgraph_addresses(settings: Settings, credentials: Credentials) -> dict[str, str]:
    """<NAME>_HOST, _PORT, _GRPC_PORT, _URL and _DATABASE_URL of each subgraph."""
    values: dict[str, str] = {}
    for name, subgraph in settings.subgraphs.items():
        password = credentials.database_passwords[name]
        embedded = f"postgres://{name}:{password}@{LOOPBACK}:{settings.postgres_port}/{name}"
        own = {
            "HOST": subgraph.host,
            "PORT": str(subgraph.port),
            "GRPC_PORT": str(subgraph.grpc_port),
            "URL": subgraph.url,
            "DATABASE_URL": subgraph.database_url or embedded,
        }
        values |= {f"{name.upper()}_{suffix}": value for suffix, value in own.items()}
    return values


def rpc_addresses(settings: Settings) -> dict[str, str]:
    """<NAME>_RPC_ADDRESS of each subgraph that another one calls."""
    called = {name: settings.subgraphs[name] for name in MANIFESTS if callers(MANIFESTS, name)}
    return {
        f"{name.upper()}_RPC_ADDRESS": own.rpc_address or f"{own.host}:{own.grpc_port}" for name, own in called.items()
    }


def kafka_address(settings: Settings) -> str:
    """Where Kafka is, embedded or given."""
    return settings.kafka_bootstrap_servers or f"{LOOPBACK}:{settings.kafka_port}"


def stripe_webhook_url(settings: Settings) -> str:
    """Where localstripe sends its events."""
    return settings.subgraphs["payments"].url + STRIPE_WEBHOOK_PATH
