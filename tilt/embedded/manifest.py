"""What tools know of the subgraphs.

``supergraph.yaml`` names them, each one's ``subgraphs/<name>/subgraph.yaml`` says the rest.

This is the one reader of both. Lists in files that can't ask it are written by scripts/manifests.py. What else goes by
the name of a subgraph: its SDL and its events in schema/, its extra in pyproject.toml, its topic for dead letters.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from tilt.embedded.errors import MeshError

REPOSITORY = Path(__file__).resolve().parents[2]
NAMES_FILE = "supergraph.yaml"


class ManifestError(MeshError):
    """A manifest says what can't be so; the text names its file and key."""


def _port_in(url: object) -> int | None:
    return urlsplit(url).port if isinstance(url, str) else None


# A module of Python, a DNS label, a database and, in capitals, the beginning of variables.
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9]{0,30}$")]
Variable = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]*$")]
Port = Annotated[int, Field(ge=1, le=65535)]
Backend = Literal["localstripe", "mailbox"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Secret(_Strict):
    """A secret that one subgraph alone is told: a file of SECRETS_DIR that is named like its variable."""

    label: str  # what it is called where capitals can't be: in the annotations that Vault's agent reads
    file_setting: Variable | None = None  # the setting that is told its file, where the program reads the file itself
    live: bool = False  # a secret for real customers only: a demonstration shop is told it as a plain setting


class Share(_Strict):
    """What a pod asks of its node."""

    cpu: str
    memory: str
    most_memory: str  # with more it is killed


class Manifest(_Strict):
    """One subgraph: its name and what supergraph.yaml says of it, then the keys of its subgraph.yaml."""

    name: Name
    port: Annotated[Port, BeforeValidator(_port_in)] = Field(alias="routing_url")  # GraphQL's in development

    grpc_port: Port  # in development
    needs: tuple[str, ...] = ()  # those it is of no use without: started along with it, saved after it in a backup
    calls: tuple[str, ...] = ()  # those it calls by gRPC: it is told their addresses, and policies let it reach them
    backends: tuple[Backend, ...] = ()  # servers it asks beside Postgres, Kafka and Valkey, which all do
    imports: tuple[str, ...] = ()  # of others, beside what the chassis does: a prefork server has them ready
    settings: tuple[str, ...] = ()  # what it is told beside <NAME>_* and what all are told: names, or beginnings: X_*
    secrets: Mapping[Variable, Secret] = {}  # those that are its alone, beside its database's address
    serve: Share | None = None  # what its pods that serve ask for, where it is not what all ask for


def read_manifests(root: Path = REPOSITORY) -> dict[str, Manifest]:
    """All subgraphs of a tree, in the order of its supergraph.yaml.

    Raises:
        ManifestError: naming the file and the key that is missing or wrong.
    """
    declared = _parsed(root, NAMES_FILE).get("subgraphs")
    if not isinstance(declared, dict) or not declared:
        raise ManifestError(f"{NAMES_FILE}: subgraphs: names no subgraph")
    found = {name: _manifest(root, name, entry) for name, entry in declared.items()}
    for manifest in found.values():
        _require_others(manifest, found)
    _require_ports_apart(found)
    dependents_first(found)
    return found


def dependents_first(manifests: Mapping[str, Manifest]) -> tuple[str, ...]:
    """The names, each before those that it needs: a dependent before what it depends on.

    Raises:
        ManifestError: when they need each other in a circle.
    """
    ordered: list[str] = []

    def visit(name: str, asking: tuple[str, ...]) -> None:
        if name in asking:
            raise ManifestError(f"{_file_of(name)}: needs: {' needs '.join((*asking, name))}")
        if name not in ordered:
            for needed in manifests[name].needs:
                visit(needed, (*asking, name))
            ordered.append(name)

    for name in manifests:
        visit(name, ())
    return tuple(reversed(ordered))


def callers(manifests: Mapping[str, Manifest], name: str) -> tuple[str, ...]:
    """Those that call a subgraph by gRPC."""
    return tuple(each.name for each in manifests.values() if name in each.calls)


def _manifest(root: Path, name: str, entry: Any) -> Manifest:
    url = entry.get("routing_url") if isinstance(entry, dict) else None
    own = _parsed(root, _file_of(name))
    try:
        return Manifest.model_validate({**own, "name": name, "routing_url": url})
    except ValidationError as error:
        problem = error.errors()[0]
        key = ".".join(map(str, problem["loc"]))
        where = (
            f"{NAMES_FILE}: subgraphs.{name}.{key}" if key in ("name", "routing_url") else f"{_file_of(name)}: {key}"
        )
        raise ManifestError(f"{where}: {problem['msg']}") from None


def _require_others(manifest: Manifest, manifests: Mapping[str, Manifest]) -> None:
    for key, names in (("needs", manifest.needs), ("calls", manifest.calls)):
        for name in names:
            if name not in manifests or name == manifest.name:
                raise ManifestError(f"{_file_of(manifest.name)}: {key}: {name} is no other subgraph of {NAMES_FILE}")


def _require_ports_apart(manifests: Mapping[str, Manifest]) -> None:
    taken: dict[int, str] = {}
    for manifest in manifests.values():
        for key, port in (
            (f"{NAMES_FILE}: subgraphs.{manifest.name}.routing_url", manifest.port),
            (f"{_file_of(manifest.name)}: grpc_port", manifest.grpc_port),
        ):
            if port in taken:
                raise ManifestError(f"{key}: {port} is taken by {taken[port]}")
            taken[port] = key


def _parsed(root: Path, file: str) -> dict[str, Any]:
    try:
        found = yaml.safe_load((root / file).read_text(encoding="utf-8"))
    except OSError as error:
        raise ManifestError(f"{file}: {error.strerror}") from None
    except yaml.YAMLError as error:
        raise ManifestError(f"{file}: {' '.join(str(error).split())}") from None
    if not isinstance(found, dict):
        raise ManifestError(f"{file}: is no mapping of keys")
    return found


def _file_of(name: str) -> str:
    return f"subgraphs/{name}/subgraph.yaml"
