"""What subgraphs import of others, imported once for the forks that run them.

Those are `embedded/prefork_server.py` and `reload.py`.
"""

import gc
import importlib
import sys
from collections.abc import Iterable
from types import ModuleType
from typing import cast

# What all of them do; what one alone imports is said in its subgraph.yaml.
# None of these may start a thread or open a connection when it is imported: neither survives a fork.
PRELOADED = (
    "aiokafka",
    "ariadne",
    "asyncpg",
    "google.protobuf.internal.builder",
    "google.protobuf.internal.python_message",
    "google.protobuf.runtime_version",
    "graphql",
    "grpc",
    "grpc.aio",
    "httptools",
    "httpx",
    "joserfc.jwt",
    "opentelemetry.sdk.trace.export",
    "orjson",
    "prometheus_client",
    "pydantic_settings",
    "starlette.applications",
    "tortoise",
    "tortoise.backends.asyncpg.client",
    "uuid_utils",
    "uvicorn",
    "uvicorn.protocols.http.httptools_impl",
    "uvloop",
)


# httpx would bring its command line, and that brings these: some megabytes of no use to anybody here.
_UNWANTED = "rich"


def preload(also: Iterable[str] = ()) -> None:
    """Import it all, with the collector off: it would walk over what stays anyway."""
    gc.disable()
    sys.modules.setdefault(_UNWANTED, cast(ModuleType, None))  # importing it fails now; httpx is prepared for that
    for module in (*PRELOADED, *also):
        importlib.import_module(module)
    if sys.modules[_UNWANTED] is None:
        del sys.modules[_UNWANTED]


def keep() -> None:
    """Keep the collector off what is there: a collection writes to every object and so unshares its page."""
    gc.collect()
    gc.freeze()
