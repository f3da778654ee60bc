"""What the template makes keeps every rule of the house, and passes its own tests."""

import shutil
import sys
from pathlib import Path

import pytest

from tests.scaffolded import run
from tilt.embedded.manifest import REPOSITORY

pytestmark = pytest.mark.slow  # a second run of linters and of many tests
PYTEST = (sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider")


@pytest.fixture(scope="module", autouse=True)
def checked_before(tree: Path) -> None:
    """What mypy knows of this tree holds for the clone's same files."""
    cache = REPOSITORY / ".mypy_cache"
    if cache.exists() and not (tree / ".mypy_cache").exists():
        shutil.copytree(cache, tree / ".mypy_cache")


@pytest.mark.parametrize(
    "command",
    [
        ("mypy",),
        ("lint-imports",),
        ("python", "scripts/costs.py", "--check"),
        ("python", "scripts/exits.py", "--check"),
        ("npm", "run", "--silent", "lint", "--prefix", "router"),
    ],
    ids=" ".join,
)
def test_the_linters_pass(tree: Path, questions: str, command: tuple[str, ...]) -> None:
    program = shutil.which(command[0], path=f"{Path(sys.executable).parent}") or command[0]
    status, said = run(tree, program, *command[1:])
    assert status == 0, said


def test_its_own_tests_pass(tree: Path, questions: str) -> None:
    folders = (f"tests/unit/{questions}", f"tests/integration/{questions}")
    status, said = run(tree, *PYTEST, *folders)
    assert status == 0, said
    assert "skipped" not in said


@pytest.mark.parametrize("folder", ["tests/contract", "tests/composition", "tests/deployment"])
def test_the_tests_of_all_subgraphs_pass_for_it(tree: Path, questions: str, folder: str) -> None:
    status, said = run(tree, *PYTEST, "-n", "2", folder)
    assert status == 0, said
