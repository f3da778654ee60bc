"""The table of who may see which field against the SDL: a new field without a decision fails."""

import re
from collections.abc import Iterator

import pytest
from fields import committed, contracts, undecided, updated
from graphql import GraphQLObjectType

from shared.graphql.federation import build_schema
from tests.contract.subgraphs import subgraph
from tilt.embedded.subgraphs import SUBGRAPHS

DECISION = re.compile(r"everybody|parent|owner( or ([a-z]+:[a-z]+|holder of the id))?")
ROOTS = ("Query", "Mutation")


def test_the_committed_table_is_of_the_committed_contracts_and_each_field_is_decided() -> None:
    assert updated(committed(), contracts()) == committed()
    assert list(undecided(committed())) == []


def test_each_decision_is_one_of_the_words_of_the_table() -> None:
    decisions = {row["shown_to"] for rows in committed().values() for row in rows.values()}
    assert [each for each in decisions if not DECISION.fullmatch(each)] == []


def test_a_new_field_is_undecided_until_somebody_decides() -> None:
    given = dict(contracts())
    given["users"] = given["users"].replace("type Address {", 'type Address {\n  "Whose."\n  owner: String', 1)
    assert list(undecided(updated(committed(), given))) == ["users Address.owner"]


def test_a_changed_directive_makes_the_table_stale() -> None:
    given = dict(contracts())
    given["users"] = given["users"].replace("me: User @authenticated", "me: User", 1)
    assert updated(committed(), given) != committed()


@pytest.mark.parametrize("name", SUBGRAPHS)
def test_what_is_reached_without_a_parent_is_not_shown_to_the_parents_readers(name: str) -> None:
    roots = {*ROOTS, *entities(name)}
    shown = committed()[name].items()
    assert [field for field, row in shown if field.split(".")[0] in roots and row["shown_to"] == "parent"] == []


def entities(name: str) -> Iterator[str]:
    built = subgraph(name)
    schema = build_schema(built.sdl, built.bindables, built.entities)
    for each in built.entities:
        assert isinstance(schema.type_map[each.typename], GraphQLObjectType)
        yield each.typename
