"""Slices of the mesh: which subgraphs run, and which are answered for by examples; docs/teams/slices.md."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tilt.embedded.errors import MeshError
from tilt.embedded.manifest import Manifest
from tilt.embedded.marks import Mark
from tilt.embedded.process import REPOSITORY
from tilt.embedded.records import Records
from tilt.embedded.settings import Settings
from tilt.embedded.subgraphs import MANIFESTS
from tilt.embedded.topics import CONTRACTS

EXAMPLES = "examples"  # the name of the process that answers for those that do not run


@dataclass(frozen=True)
class Slice:
    """A part of the mesh: what runs, whom the examples answer for, and the files with what they are to answer."""

    real: tuple[str, ...]
    by_example: tuple[str, ...] = ()
    pin_files: tuple[Path, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Whether it is no slice."""
        return not self.by_example

    @property
    def told(self) -> str:
        """What is not real, for whoever looks at it."""
        pins = f", pinned by {', '.join(file.name for file in self.pin_files)}" if self.pin_files else ""
        return f"{', '.join(self.by_example)} answer by example{pins}"

    def backends(self, manifests: Mapping[str, Manifest] = MANIFESTS) -> frozenset[str]:
        """What the subgraphs that run need beside Postgres, Kafka and Valkey, which all need."""
        return frozenset(backend for name in self.real for backend in manifests[name].backends)


def slice_of(settings: Settings, manifests: Mapping[str, Manifest] = MANIFESTS) -> Slice:
    """What SUBGRAPHS asks for: those that it names and, in turn, whom each commands; all when it names none.

    Raises:
        MeshError: when it names one that there is not.
    """
    unknown = [name for name in settings.mercato_slice if name not in manifests]
    if unknown:
        raise MeshError(f"SUBGRAPHS={' '.join(unknown)}: there is no such subgraph. There are {', '.join(manifests)}.")
    if not settings.mercato_slice:
        return Slice(tuple(manifests))
    commanded = _with_commanded(settings.mercato_slice, manifests)
    real = tuple(name for name in manifests if name in commanded)
    files = (settings.mercato_slices_dir / f"{name}.yaml" for name in settings.mercato_slice)
    others = tuple(name for name in manifests if name not in real)
    return Slice(real, others, tuple(file for file in files if file.exists()) if others else ())


def _with_commanded(names: Sequence[str], manifests: Mapping[str, Manifest]) -> set[str]:
    found: set[str] = set()
    left = list(names)
    while left:
        name = left.pop()
        if name not in found:
            found.add(name)
            left += manifests[name].calls
    return found


def check_slice(settings: Settings) -> None:
    """What the examples of a slice are to answer can be so.

    Raises:
        MeshError: naming the file and the key that can't.
    """
    part = slice_of(settings)
    if not part.pin_files:
        return
    read = [*part.pin_files, *sorted((REPOSITORY / "schema").glob("*.graphql")), *sorted(CONTRACTS.glob("*.yaml"))]
    mark = Mark(settings.mercato_data_dir / "pins", ["\n".join(file.read_text(encoding="utf-8") for file in read)])
    if not mark.is_set():
        # Imported here: it reads all contracts, which takes a second and is needed after a change only.
        from tilt.examples.pin_files import read_checked

        read_checked(part.pin_files)
        mark.add()


def require_whole(settings: Settings) -> None:
    """Returns unless a slice runs.

    Raises:
        MeshError: when one does.
    """
    if EXAMPLES in Records(settings.mercato_data_dir / "processes.json").running():
        raise MeshError("The demonstration needs the whole mesh, and this is a slice of it: `make up`.")


def running_subgraphs(records: Records) -> tuple[str, ...]:
    """Those that the mesh of these records runs itself."""
    running = records.running()
    return tuple(name for name in MANIFESTS if name in running)
