"""Who is told what: each process of the mesh gets its own addresses and secrets, and nothing that only others need.

That holds for the environment of whoever starts the mesh too, which may have secrets that are nobody's business here: a
process gets of it what any program needs to run, and what begins with its own name.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass

from tilt.embedded.manifest import Manifest
from tilt.embedded.subgraphs import MANIFESTS, SUBGRAPHS


@dataclass(frozen=True)
class Names:
    """Names of variables: these, and all that begin so."""

    exactly: tuple[str, ...] = ()
    beginnings: tuple[str, ...] = ()

    def __add__(self, other: "Names") -> "Names":
        return Names(self.exactly + other.exactly, self.beginnings + other.beginnings)

    def of(self, variables: Mapping[str, str]) -> dict[str, str]:
        """Those variables that have such a name."""
        return {
            name: value for name, value in variables.items() if name in self.exactly or name.startswith(self.beginnings)
        }


_WHERE_IT_RUNS = ("PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "LANGUAGE", "TZ", "TMPDIR")
_LIBRARIES = ("LD_LIBRARY_PATH", "SSL_CERT_FILE", "SSL_CERT_DIR", "JAVA_TOOL_OPTIONS")
_TOKENS = Names(("JWKS_URL", "TOKEN_ISSUER", "TOKEN_AUDIENCE"))
_FILES = Names(("SECRETS_DIR", "TLS_DIR"))

EVERYBODY = Names(_WHERE_IT_RUNS + _LIBRARIES, ("LC_", "PYTHON", "MALLOC_", "MERCATO_"))

_ROUTER = Names(
    ("NODE_OPTIONS", "NODE_ENV", "NODE_EXTRA_CA_CERTS"), ("ROUTER_", "SUPERGRAPH_", "TLS_", "LOG_", "RUST_", "HIVE_")
)
ROUTER = EVERYBODY + _TOKENS + _FILES + _ROUTER + Names(tuple(f"{name.upper()}_URL" for name in SUBGRAPHS))

_SERVERS = Names(("KAFKA_BOOTSTRAP_SERVERS", "REDIS_URL", "ROUTER_SECRET", "RPC_SECRET"))
_RUNNING = Names(("LOG_LEVEL", "DRAIN_SECONDS", "TIME_ZONE", "EVENT_MAX_BYTES"), ("OTEL_", "FAULT_"))
_OF_THE_MESH = _TOKENS + _FILES + _SERVERS + _RUNNING
_CHASSIS = EVERYBODY + _OF_THE_MESH


def for_everybody() -> dict[str, str]:
    """What any process takes of our own environment: where programs, libraries and languages are."""
    return EVERYBODY.of(os.environ)


def for_router(mesh: Mapping[str, str]) -> dict[str, str]:
    """The router's share of the mesh's variables and of our own environment."""
    return ROUTER.of({**os.environ, **mesh})


def for_subgraph(name: str, mesh: Mapping[str, str]) -> dict[str, str]:
    """A subgraph's share of the mesh's variables and of our own environment."""
    return {**(_CHASSIS + _own(MANIFESTS[name])).of({**os.environ, **mesh}), "OTEL_SERVICE_NAME": name}


def for_any_subgraph(variables: Mapping[str, str]) -> dict[str, str]:
    """What of these variables one subgraph or another is told, other than what every program is."""
    names = sum(map(_own, MANIFESTS.values()), _OF_THE_MESH + Names(("MERCATO_ENVIRONMENT",)))
    return names.of(variables)


def _own(manifest: Manifest) -> Names:
    """What a subgraph is told beside what all are told."""
    addresses = tuple(f"{called.upper()}_RPC_ADDRESS" for called in manifest.calls)
    exactly = tuple(name for name in manifest.settings if not name.endswith("*"))
    beginnings = tuple(name.removesuffix("*") for name in manifest.settings if name.endswith("*"))
    return Names((*addresses, *manifest.secrets, *exactly), (f"{manifest.name.upper()}_", *beginnings))
