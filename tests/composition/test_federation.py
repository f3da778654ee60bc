"""Composition of all that Federation has, and what it refuses because a router would lose it."""

import json
import shutil
from pathlib import Path

import pytest

from tests.composition.test_composition import npm, replace
from tests.federated.subgraphs import NAMES

FEDERATED = Path(__file__).parents[1] / "federated"


@pytest.fixture
def contracts(tmp_path: Path) -> Path:
    """Contracts that a test may spoil."""
    for name in NAMES:
        shutil.copy(FEDERATED / f"{name}.graphql", tmp_path)
    subgraphs = {name: {"routing_url": "http://x", "schema": {"file": f"{name}.graphql"}} for name in NAMES}
    (tmp_path / "supergraph.yaml").write_text(json.dumps({"subgraphs": subgraphs}))  # which is YAML too
    return tmp_path


def composed(contracts: Path) -> tuple[int, str, str]:
    """The status, what was told, and the supergraph."""
    supergraph = contracts / "supergraph.graphql"
    outcome = npm("compose", "--config", str(contracts / "supergraph.yaml"), "--out", str(supergraph))
    return outcome.returncode, outcome.stderr, supergraph.read_text() if supergraph.exists() else ""


def test_tags_and_composed_directives_are_in_the_supergraph_and_policies_are_not(contracts: Path) -> None:
    status, told, supergraph = composed(contracts)
    assert (status, told) == (0, "")
    assert 'remarks: String @tag(name: "internal")' in supergraph
    assert "type Book implements Work @cached(seconds: 60)" in supergraph
    assert "policy" not in supergraph.lower()


def test_a_policy_under_another_name_is_left_to_its_subgraph_too(contracts: Path) -> None:
    replace(contracts / "books.graphql", '"@policy"', '{ name: "@policy", as: "@asked" }')
    replace(contracts / "books.graphql", "@policy(", "@asked(")
    replace(contracts / "people.graphql", "name: String", 'name: String @federation__policy(policies: [["x"]])')
    status, told, supergraph = composed(contracts)
    assert (status, told) == (0, "")
    assert not any(word in supergraph.lower() for word in ("policy", "asked"))


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            '"percent(50)"',
            '"beta"',
            '[depot] depot.graphql:15:17: @override has the label "beta", and routers know "percent(0)" to',
        ),
        (
            "copies: Int!",
            'copies(by: Int @federation__fromContext(field: "$c { a }")): Int!',
            "[depot] depot.graphql:10:18: @fromContext is lost in the Node router: let callers give the argument,",
        ),
    ],
)
def test_what_routers_would_lose_is_refused_with_its_place(contracts: Path, old: str, new: str, told: str) -> None:
    replace(contracts / "depot.graphql", old, new)
    status, said, supergraph = composed(contracts)
    assert (status, supergraph) == (1, "")
    assert told in said
    assert "(1 problem)" in said
