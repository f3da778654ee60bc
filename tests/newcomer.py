"""A copy of this tree in which there is one more subgraph, that nothing but manifests and contracts tell of."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tilt.embedded.manifest import REPOSITORY

NEWCOMER = "guestbook"
TOPIC = "guestbook.entry.v1"
# What the lists of subgraphs are in, and what they are made from.
COPIED = (
    ".github",
    "k8s",
    "pyproject.toml",
    "router",
    "schema",
    "scripts",
    "supergraph.yaml",
    "tilt",
    ":(glob)subgraphs/*/subgraph.yaml",
)
LINKED = ("shared", "tests")


def tree_with_newcomer(tree: Path, port: int = 4190, grpc_port: int = 4290) -> Path:
    """Makes it; the lists in its files are still without the newcomer."""
    for file in copied_files():
        (tree / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(REPOSITORY / file, tree / file, follow_symlinks=False)
    for folder in LINKED:
        (tree / folder).symlink_to(REPOSITORY / folder)
    introduce(tree, port, grpc_port)
    return tree


def copied_files() -> Iterator[Path]:
    """Those files of ours that the copy has, relative to it."""
    command = ("git", "ls-files", "--cached", "--others", "--exclude-standard", "--", *COPIED)
    listed = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=True).stdout
    return (Path(name) for name in listed.splitlines() if (REPOSITORY / name).exists())


def introduce(tree: Path, port: int, grpc_port: int) -> None:
    """Writes what a team writes of its subgraph."""
    with (tree / "supergraph.yaml").open("a") as names:
        names.write(
            f"  {NEWCOMER}:\n    routing_url: http://127.0.0.1:{port}/graphql\n"
            f"    schema:\n      file: ./schema/{NEWCOMER}.graphql\n"
        )
    (tree / "subgraphs" / NEWCOMER).mkdir()
    (tree / "subgraphs" / NEWCOMER / "subgraph.yaml").write_text(f"grpc_port: {grpc_port}\nneeds: [users]\n")
    (tree / "schema" / "events" / f"{NEWCOMER}.yaml").write_text(f"channels: {{ entry: {{ address: {TOPIC} }} }}\n")


def dismiss(tree: Path) -> None:
    """Takes back what `introduce` wrote."""
    shutil.copy2(REPOSITORY / "supergraph.yaml", tree)
    shutil.rmtree(tree / "subgraphs" / NEWCOMER)
    (tree / "schema" / "events" / f"{NEWCOMER}.yaml").unlink()


def make_manifests(tree: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """What `make manifests` runs, in that tree."""
    command = (sys.executable, str(tree / "scripts" / "manifests.py"), *options)
    return subprocess.run(command, capture_output=True, text=True, check=False)
