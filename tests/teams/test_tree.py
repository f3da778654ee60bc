"""What `make subgraph`, `make subgraph-update` and `make subgraph-remove` do to the tree."""

import sys
from pathlib import Path

import pytest

from tests.scaffolded import changed, commit, run, scaffold

SETTINGS = "subgraphs/{0}/settings.py"
TEMPLATE = Path("templates/subgraph/subgraphs/<< name >>/settings.py.jinja")


def test_what_is_made_is_in_every_list_and_passes_the_linters(tree: Path, questions: str) -> None:
    for command in (
        (sys.executable, "-m", "ruff", "check", "--quiet"),
        (sys.executable, "-m", "ruff", "format", "--check", "--quiet"),
        (sys.executable, "scripts/manifests.py", "--check"),
        ("node", "router/compose/hive-tls.js", "--check"),
        ("node", "router/lint/main.js"),
    ):
        assert run(tree, *command) == (0, "")
    assert "questions = []" in (tree / "pyproject.toml").read_text()
    assert "/subgraphs/questions/ @mercato/questions" in (tree / ".github" / "CODEOWNERS").read_text()
    assert "QUESTIONS @join__graph" in (tree / "schema" / "supergraph.graphql").read_text()


def test_what_is_removed_leaves_no_trace(tree: Path, questions: str) -> None:
    status, said = scaffold(tree, "add", "loyalty")
    assert (status, "subgraphs/loyalty/README.md is the first to read" in said) == (0, True)
    assert not list(tree.rglob("loyalty/**/*_pb2.py"))  # gRPC only where somebody asks for it
    assert scaffold(tree, "remove", "loyalty", "--yes")[0] == 0
    assert changed(tree) == ""


def test_nobody_removes_without_being_asked(tree: Path, questions: str) -> None:
    status, said = scaffold(tree, "remove", questions)
    assert status == 1
    assert "  subgraphs/questions\n" in said
    assert said.endswith("mercato: nobody can be asked here: make subgraph-remove NAME=questions YES=1\n")
    assert changed(tree) == ""


def test_what_others_need_or_people_made_is_not_removed(tree: Path, questions: str) -> None:
    assert scaffold(tree, "remove", "users", "--yes")[1].endswith("can't do without it\n")
    assert scaffold(tree, "remove", "notifications", "--yes")[1].endswith("it was not made by `make subgraph`\n")
    assert "there is no such subgraph; there are users, " in scaffold(tree, "remove", "nobody", "--yes")[1]
    assert changed(tree) == ""


def test_a_file_in_the_way_stays_and_nothing_is_made(tree: Path, questions: str) -> None:
    own = tree / "schema" / "wishes.graphql"
    own.write_text("mine")
    message = "mercato: schema/wishes.graphql is in the way: move it, or choose another name\n"
    assert scaffold(tree, "add", "wishes") == (1, message)
    assert changed(tree) == "?? schema/wishes.graphql\n"
    own.unlink()


@pytest.mark.slow
def test_what_cannot_be_composed_is_taken_back(tree: Path, questions: str) -> None:
    broken = tree / "schema" / "users.graphql"
    before = broken.read_text()
    broken.write_text(before + "\ntype Broken { a: Nothing! }\n")
    status, said = scaffold(tree, "add", "wishes")
    assert (status, "Nothing" in said) == (1, True)
    broken.write_text(before)
    assert changed(tree) == ""


@pytest.mark.slow
def test_a_later_change_of_the_template_comes_and_own_changes_stay(tree: Path, questions: str) -> None:
    own = tree / SETTINGS.format(questions)
    own.write_text(own.read_text().replace('"""The settings of questions."""', '"""All settings of questions."""'))
    assert scaffold(tree, "update", questions)[1].startswith("mercato: commit or stash your changes first")
    template = tree / TEMPLATE
    template.write_text(
        template.read_text().replace("    port: Port", "    # Where GraphQL is answered.\n    port: Port")
    )
    commit(tree, "Change the template, and questions")
    status, said = scaffold(tree, "update", questions)
    assert (status, said.startswith("questions has what changed in the template.")) == (0, True)
    text = own.read_text()
    assert text.startswith('"""All settings of questions."""')
    assert "    # Where GraphQL is answered.\n" in text
    assert changed(tree).splitlines() == [
        " M subgraphs/questions/.copier-answers.yml",
        f" M {SETTINGS.format(questions)}",
    ]
    commit(tree, "Update questions")


def test_who_was_not_made_by_the_template_is_not_updated(tree: Path) -> None:
    assert scaffold(tree, "update", "users")[1].endswith("it was not made by `make subgraph`\n")
