"""The table of ``docs/teams/federation.md`` against the tests that it names."""

import re
from pathlib import Path

import pytest

from shared.graphql.specification import SINCE

REPOSITORY = Path(__file__).parents[2]
HEAD = ["Capability", "How a team writes it here", "Tests", "Routers"]


def table() -> list[list[str]]:
    """The rows of the page's table, by their cells."""
    page = (REPOSITORY / "docs/teams/federation.md").read_text()
    rows = [[cell.strip() for cell in line.strip("|\n").split(" | ")] for line in page.splitlines() if line[:1] == "|"]
    head, _, *rest = rows
    assert head == HEAD
    return rest


ROWS = table()


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_every_row_names_tests_that_are_there(row: list[str]) -> None:
    named = re.findall(r"`([^`]+)::([^`]+)`", row[2])
    assert named, f"{row[0]} has no test"
    for file, name in named:
        source = (REPOSITORY / file).read_text()
        definition = rf"test\('{re.escape(name)}'" if file.endswith(".js") else rf"^(async )?def {name}\("
        assert re.search(definition, source, re.MULTILINE), f"{file} has no test {name}"


def test_every_directive_of_the_specification_has_a_row() -> None:
    capabilities = " ".join(row[0] for row in ROWS)
    assert [name for name in SINCE if not re.search(rf"@{name}\b", capabilities)] == []
