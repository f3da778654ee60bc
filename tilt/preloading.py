"""What subgraphs import of others, imported once for the forks that run them.

Those are `embedded/prefork_server.py` and `reload.py`.
"""

import gc
import importlib

# None of these may start a thread or open a connection when it is imported: neither survives a fork.
PRELOADED = (
    "aiohttp",
    "aiokafka",
    "ariadne",
    "asyncpg",
    "google.protobuf.message",
    "graphql",
    "grpc",
    "grpc.aio",
    "httptools",
    "httpx",
    "jinja2",
    "joserfc.jwt",
    "opentelemetry.sdk.trace.export",
    "orjson",
    "prometheus_client",
    "pydantic_settings",
    "redis.asyncio",
    "starlette.applications",
    "stripe",
    "tortoise",
    "tortoise.backends.asyncpg.client",
    "uuid_utils",
    "uvicorn",
    "uvicorn.protocols.http.httptools_impl",
    "uvloop",
)


def preload() -> None:
    """Import it all, with the collector off: it would walk over what stays anyway."""
    gc.disable()
    for module in PRELOADED:
        importlib.import_module(module)


def keep() -> None:
    """Keep the collector off what is there: a collection writes to every object and so unshares its page."""
    gc.collect()
    gc.freeze()
