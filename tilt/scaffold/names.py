"""What a new subgraph is called, and what follows from that; a name that would not do is rejected before anything."""

import keyword
import re
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from graphql import GraphQLSchema, build_ast_schema, parse

from tilt.embedded.errors import MeshError
from tilt.embedded.manifest import read_manifests

LONGEST_NAME = 20  # its lines of code stay within the house's 120 characters
_NAME = re.compile(rf"[a-z][a-z0-9]{{1,{LONGEST_NAME - 1}}}")
# What else has a log, a container, a role of Postgres or a folder of that name.
_TAKEN = frozenset(
    {"backends", "kafka", "localstripe", "mailbox", "postgres", "router", "schema", "shared", "supergraph", "valkey"}
)


class NameRejectedError(MeshError):
    """A subgraph can't have this name; the text says why, and the way out."""


@dataclass(frozen=True, slots=True)
class Answers:
    """What the template asks. ``one`` is what there are many of in the subgraph; ports are those of development."""

    name: str
    one: str
    port: int
    grpc_port: int
    rpc: bool

    def as_data(self) -> dict[str, Any]:
        """By the names of the template."""
        return asdict(self)


def answers_for(root: Path, name: str, rpc: bool) -> Answers:
    """The answers for a new subgraph of a tree.

    Raises:
        NameRejectedError: when it can't be called that.
        ManifestError: when the manifests of the others can't be read.
    """
    manifests = read_manifests(root)
    _require_name(name, frozenset(manifests))
    one = singular(name)
    _require_free_in_api(root, name, one)
    ports = [(each.port, each.grpc_port) for each in manifests.values()]
    return Answers(name, one, 1 + max(port for port, _ in ports), 1 + max(port for _, port in ports), rpc)


def singular(name: str) -> str:
    """What one of many is called: review of reviews, category of categories; a name that is no plural stays."""
    if name.endswith("ies") and len(name) > 4:
        return name[:-3] + "y"
    if re.search(r"(s|x|z|ch|sh)es$", name):
        return name[:-2]
    return name[:-1] if name.endswith("s") and not name.endswith(("ss", "us", "is")) else name


def _require_name(name: str, known: frozenset[str]) -> None:
    if not _NAME.fullmatch(name):
        rule = f"2 to {LONGEST_NAME} lower-case letters and digits, a letter first"
        raise NameRejectedError(f"NAME={name}: write {rule}: make subgraph NAME=reviews")
    if name in known:
        raise NameRejectedError(f"NAME={name}: there is such a subgraph; choose another name, or remove it first")
    if name in _TAKEN:
        raise NameRejectedError(f"NAME={name}: a part of the mesh is called that; choose another")
    if keyword.iskeyword(name) or keyword.iskeyword(singular(name)):
        raise NameRejectedError(f"NAME={name}: {singular(name)!r} is a word of Python's; choose another")


def _require_free_in_api(root: Path, name: str, one: str) -> None:
    schema = build_ast_schema(
        parse((root / "schema" / "supergraph.graphql").read_text()), assume_valid=True, assume_valid_sdl=True
    )
    for coordinate in _coordinates(name, one):
        if _is_there(schema, coordinate):
            raise NameRejectedError(f"NAME={name}: the supergraph has {coordinate} already; choose another")


def _coordinates(name: str, one: str) -> tuple[str, ...]:
    """What the template adds to the supergraph: types, and fields of types that are there."""
    one_type = one.capitalize()
    types = [f"{one_type}{ending}" for ending in ("", "Connection", "Edge", "UserError", "ErrorCode", "CreateInput")]
    return (*types, f"Query.{one}", f"Mutation.{one}Create", f"Product.{name}")


def _is_there(schema: GraphQLSchema, coordinate: str) -> bool:
    typename, _, field = coordinate.partition(".")
    its = schema.get_type(typename)
    return its is not None and (not field or field in getattr(its, "fields", {}))
