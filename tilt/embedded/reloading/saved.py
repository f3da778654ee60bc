"""What was saved: which files make another version of what."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import PurePosixPath

COMPOSED = "supergraph"  # schema/supergraph.graphql, which is nobody's contract
CHASSIS = "shared"  # among the names of migrations: those of the tables that every subgraph has


@dataclass
class Saved:
    """What was saved and is not served yet, by the names of subgraphs."""

    manifests: bool = False
    topics: bool = False
    chassis: bool = False
    composed: bool = False
    contracts: set[str] = field(default_factory=set)
    code: set[str] = field(default_factory=set)
    migrations: set[str] = field(default_factory=set)

    def add(self, other: "Saved") -> None:
        """Take in what was saved since."""
        self.manifests |= other.manifests
        self.topics |= other.topics
        self.chassis |= other.chassis
        self.composed |= other.composed
        self.contracts |= other.contracts
        self.code |= other.code
        self.migrations |= other.migrations

    def discard(self, name: str) -> None:
        """Forget what was saved of a subgraph: it is served."""
        for names in (self.contracts, self.code, self.migrations):
            names.discard(name)


def saved_in(files: Iterable[str]) -> Saved:
    """What files make another version of; they are named relative to the tree."""
    saved = Saved()
    for file in files:
        _note(saved, PurePosixPath(file))
    return saved


def _note(saved: Saved, file: PurePosixPath) -> None:
    match file.parts:
        case ("supergraph.yaml",) | ("subgraphs", _, "subgraph.yaml"):
            saved.manifests = True
        case ("subgraphs", name, *below, _):
            saved.code.add(name)
            if "migrations" in below:
                saved.migrations.add(name)
        case ("shared", *below):
            saved.chassis = True
            if "migrations" in below:
                saved.migrations.add(CHASSIS)
        case ("schema", "events", _):
            saved.topics = True
        case ("schema", "proto", "mercato", name, *_):
            saved.code.add(name)
        case ("schema", _) if file.suffix == ".graphql":
            _note_contract(saved, file.stem)
        case _:
            pass


def _note_contract(saved: Saved, name: str) -> None:
    if name == COMPOSED:
        saved.composed = True
    else:
        saved.contracts.add(name)
