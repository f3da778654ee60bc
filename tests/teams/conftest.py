"""A clone of this tree with a subgraph that the template made."""

from pathlib import Path

import pytest

from tests.scaffolded import clone, commit, scaffold
from tilt.embedded.manifest import read_manifests


@pytest.fixture(scope="session")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return clone(tmp_path_factory.mktemp("clone") / "tree")


@pytest.fixture
def questions(tree: Path) -> str:
    """A subgraph with everything that the template has, made and committed."""
    if "questions" not in read_manifests(tree):
        assert scaffold(tree, "add", "questions", "--rpc")[0] == 0
        commit(tree, "Add questions")
    return "questions"
