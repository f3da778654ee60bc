"""The supergraph is what the subgraphs' contracts compose to, and what can't be composed is refused in plain words."""

import shutil
import subprocess
from pathlib import Path

import pytest
from graphql import ObjectTypeDefinitionNode, TypeDefinitionNode, parse

REPOSITORY = Path(__file__).parents[2]
ROUTER = REPOSITORY / "router"


def npm(script: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = ["npm", "run", "--silent", script, "--", *arguments]
    return subprocess.run(command, cwd=ROUTER, capture_output=True, text=True, timeout=60, check=False)


def node(program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = ["node", program, *arguments]
    return subprocess.run(command, cwd=ROUTER, capture_output=True, text=True, timeout=60, check=False)


@pytest.fixture
def contracts(tmp_path: Path) -> Path:
    """A copy of the contracts that a test may spoil."""
    shutil.copy(REPOSITORY / "supergraph.yaml", tmp_path)
    shutil.copytree(REPOSITORY / "schema", tmp_path / "schema", ignore=shutil.ignore_patterns("events", "proto"))
    return tmp_path


def replace(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert old in text, f"{file.name} has no {old!r} to spoil"
    file.write_text(text.replace(old, new, 1))


def compose(contracts: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    supergraph = contracts / "schema" / "supergraph.graphql"
    return npm("compose", "--config", str(contracts / "supergraph.yaml"), "--out", str(supergraph), *arguments)


def test_the_committed_supergraph_is_what_the_subgraphs_compose_to() -> None:
    outcome = npm("compose", "--check")
    assert outcome.returncode == 0, outcome.stderr


def test_everything_that_clients_see_has_a_description_in_the_supergraph() -> None:
    document = parse((REPOSITORY / "schema" / "supergraph.graphql").read_text())
    types = [
        node for node in document.definitions if isinstance(node, TypeDefinitionNode) and "__" not in node.name.value
    ]
    assert {"Query", "Mutation", "StockUserError"} < {node.name.value for node in types}
    assert [node.name.value for node in types if not node.description] == []


def test_every_user_error_of_the_supergraph_is_one() -> None:
    document = parse((REPOSITORY / "schema" / "supergraph.graphql").read_text())
    objects = [each for each in document.definitions if isinstance(each, ObjectTypeDefinitionNode)]
    errors = [each for each in objects if each.name.value.endswith("UserError")]
    assert len(errors) >= 4
    assert {interface.name.value for each in errors for interface in each.interfaces or ()} == {"UserError"}
    assert all(each.interfaces for each in errors)


def test_a_stale_supergraph_is_told_of_and_left_alone(contracts: Path) -> None:
    supergraph = contracts / "schema" / "supergraph.graphql"
    before = supergraph.read_text()
    replace(contracts / "schema" / "inventory.graphql", "  available: Int!", "  atOnce: Int!\n  available: Int!")
    outcome = compose(contracts, "--check")
    assert outcome.returncode == 1
    assert "stale" in outcome.stderr
    assert supergraph.read_text() == before


def test_composing_again_or_in_another_order_changes_nothing(contracts: Path) -> None:
    committed = (REPOSITORY / "schema" / "supergraph.graphql").read_text()
    configuration = contracts / "supergraph.yaml"
    head, *subgraphs = configuration.read_text().split("\n  ")
    entries = "\n  ".join(subgraphs).rstrip().split("\n  ")
    groups = [entries[start : start + 4] for start in range(0, len(entries), 4)]
    configuration.write_text("\n  ".join([head, *(line for group in reversed(groups) for line in group)]) + "\n")
    assert compose(contracts).returncode == 0
    assert (contracts / "schema" / "supergraph.graphql").read_text() == committed


def test_a_type_that_two_subgraphs_see_differently_is_refused_with_its_name_and_theirs(contracts: Path) -> None:
    supergraph = contracts / "schema" / "supergraph.graphql"
    before = supergraph.read_text()
    replace(contracts / "schema" / "payments.graphql", "  amount: Decimal!", "  amount: Int!")
    outcome = compose(contracts)
    assert outcome.returncode == 1
    assert "Money.amount" in outcome.stderr
    assert '"payments"' in outcome.stderr
    assert '"products"' in outcome.stderr
    assert supergraph.read_text() == before


def test_a_field_that_two_subgraphs_claim_is_refused(contracts: Path) -> None:
    replace(
        contracts / "schema" / "inventory.graphql", "  stock: Stock\n", '  stock: Stock\n  "Claimed."\n  sku: String!\n'
    )
    outcome = compose(contracts)
    assert outcome.returncode == 1
    assert "ProductVariant.sku" in outcome.stderr


def test_a_syntax_error_is_told_with_subgraph_file_and_line(contracts: Path) -> None:
    replace(contracts / "schema" / "users.graphql", "type Query {", "type Query")
    outcome = compose(contracts)
    assert outcome.returncode == 1
    assert "[users] users.graphql:6:" in outcome.stderr


def test_breaking_changes_are_told_and_additions_pass(contracts: Path) -> None:
    base = REPOSITORY / "schema" / "supergraph.graphql"
    supergraph = contracts / "schema" / "supergraph.graphql"
    replace(
        contracts / "schema" / "users.graphql", "  name: String!\n", '  name: String!\n  "New."\n  nickname: String\n'
    )
    assert compose(contracts).returncode == 0
    grown = npm("check", "--base", str(base), "--supergraph", str(supergraph))
    assert grown.returncode == 0, grown.stdout
    shrunk = npm("check", "--base", str(supergraph), "--supergraph", str(base))
    assert shrunk.returncode == 1
    assert "'nickname' was removed" in shrunk.stdout


def test_the_examples_of_the_page_are_valid_against_the_supergraph() -> None:
    examples = sorted((ROUTER / "examples").glob("*.graphql"))
    assert len(examples) >= 6
    outcome = node("check/operations.js", *(str(example) for example in examples))
    assert outcome.returncode == 0, outcome.stderr


def test_a_wrong_example_would_be_noticed(tmp_path: Path) -> None:
    (tmp_path / "wrong.graphql").write_text("query Wrong($first: Int!) { products(first: $first) { nodes { titel } } }")
    (tmp_path / "wrong.variables.json").write_text('{ "first": "many" }')
    outcome = node("check/operations.js", str(tmp_path / "wrong.graphql"))
    assert outcome.returncode == 1
    assert "titel" in outcome.stderr
    assert "Int cannot represent" in outcome.stderr
