#!/usr/bin/env python3
"""Runs the tests of one subgraph alone: the folders of tests that have its name, and what contracts ask of it."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tilt.embedded.manifest import REPOSITORY, read_manifests

NO_TESTS = 5  # pytest's status where nothing was selected


def main() -> None:
    """Ends with the status of the first run that failed."""
    name, names = " ".join(sys.argv[1:]), read_manifests()
    if name not in names:
        sys.exit(f"mercato: SUBGRAPH={name}: there is no such subgraph. There are {', '.join(names)}.")
    for command in commands(name):
        status = subprocess.run(command, cwd=REPOSITORY).returncode  # noqa: S603
        if status not in (0, NO_TESTS):
            sys.exit(status)


def commands(name: str, tests: Path = REPOSITORY / "tests") -> Iterator[list[str]]:
    """Its own tests, four files at a time, and those of the contracts that are asked of each subgraph."""
    pytest = [sys.executable, "-m", "pytest"]
    own = sorted(str(folder.relative_to(tests.parent)) for folder in tests.glob(f"*/{name}") if folder.is_dir())
    if own:
        yield [*pytest, "-n", "4", "--dist", "loadfile", *own]
    yield [*pytest, "tests/contract", "--ignore=tests/contract/providers", "-k", f"[{name}]"]


if __name__ == "__main__":
    main()
