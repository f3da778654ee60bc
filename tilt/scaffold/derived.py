"""What follows from a subgraph's files and its entry: formatted code, generated code, lists, the supergraph."""

import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from tilt.embedded.errors import MeshError
from tilt.scaffold.names import Answers

_IMAGES = Path("requirements") / "images"
_OUTPUTS = ("--python_out=.", "--pyi_out=.", "--grpc_python_out=.")


def complete(root: Path, answers: Answers, files: Iterable[Path]) -> None:
    """Makes what stands beside the template's files, which are relative.

    It is done before the entry, so that a running mesh finds the subgraph whole.
    """
    if answers.rpc:
        _run(root, sys.executable, "-m", "grpc_tools.protoc", "-I.", *_OUTPUTS, str(proto_of(answers.name)))
    # The order of imports depends on the name.
    python = [str(file) for file in files if file.suffix == ".py"]
    _run(root, sys.executable, "-m", "ruff", "check", "--quiet", "--select", "I", "--fix", *python)
    _run(root, sys.executable, "-m", "ruff", "format", "--quiet", *python)
    # Its extra is empty, so this is what `make lock` would write.
    image_lock(root, answers.name).write_bytes((root / _IMAGES / "chassis.txt").read_bytes())


def write_lists(root: Path) -> None:
    """Writes every list of subgraphs and composes the supergraph, as ``make manifests compose`` does."""
    _run(root, sys.executable, "scripts/manifests.py")
    _run(root / "router", "npm", "run", "--silent", "hive-tls")
    _run(root / "router", "npm", "run", "--silent", "compose")


def proto_of(name: str) -> Path:
    """The contract of its gRPC, relative."""
    return Path("schema", "proto", "mercato", name, "v1", f"{name}.proto")


def image_lock(root: Path, name: str) -> Path:
    """What its image installs."""
    return root / _IMAGES / f"{name}.txt"


def _run(folder: Path, *command: str) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)  # noqa: S603
    if done.returncode:
        raise MeshError(f"`{' '.join(command[:4])}` failed:\n{done.stdout}{done.stderr}".rstrip())
