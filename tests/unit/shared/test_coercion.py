"""Values of variables are those that graphql-core makes of them, and so are mistakes."""

from typing import Any

import pytest
from graphql import OperationDefinitionNode, build_schema, get_variable_values, parse
from graphql.execution.values import VariableValues
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.graphql.coercion import Variables
from shared.graphql.variables import InvalidVariablesError

SCHEMA = build_schema("""
type Query {
  shelf(filter: Filter, sizes: [Int!], grid: [[Float]], id: ID!, genre: Genre = PROSE, flag: Boolean): String
}
input Filter { id: ID!, title: String = "none", pages: Int, tags: [String!]!, not: Filter, choice: Choice }
input Choice @oneOf { id: ID, genre: Genre }
enum Genre { PROSE VERSE }
""")
QUERY = parse("""
query ($filter: Filter, $sizes: [Int!], $grid: [[Float]], $id: ID!, $genre: Genre = VERSE, $flag: Boolean) {
  shelf(filter: $filter, sizes: $sizes, grid: $grid, id: $id, genre: $genre, flag: $flag)
}
""")
(OPERATION,) = QUERY.definitions
assert isinstance(OPERATION, OperationDefinitionNode)
DEFINITIONS = OPERATION.variable_definitions or ()
VARIABLES = Variables(SCHEMA, DEFINITIONS)
NAMES = ("filter", "sizes", "grid", "id", "genre", "flag", "title", "pages", "tags", "not", "choice", "unknown")

leaves = st.none() | st.booleans() | st.integers(-5, 2**33) | st.floats() | st.sampled_from(["", "x", "PROSE", "7"])
values = st.recursive(
    leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=4)
)
filters = st.fixed_dictionaries(
    {"id": st.sampled_from(["1", 2]), "tags": st.lists(st.text(max_size=2), max_size=2)},
    optional={"title": st.none() | st.just("t"), "pages": leaves, "not": values, "choice": values},
)
sent = st.fixed_dictionaries(
    {"id": st.just("1") | values},
    optional={
        "filter": filters | values,
        "sizes": st.lists(st.integers(0, 9), max_size=3) | values,
        "grid": st.lists(st.lists(st.floats(0, 1), max_size=2), max_size=2) | values,
        "genre": st.sampled_from(["PROSE", "VERSE"]) | values,
        "flag": st.booleans() | values,
        "unknown": values,
    },
)


@given(sent)
@settings(max_examples=400, deadline=None)
def test_generated_values_are_coerced_as_by_graphql_core(variables: dict[str, Any]) -> None:
    expected = get_variable_values(SCHEMA, DEFINITIONS, variables)
    if isinstance(expected, list):
        with pytest.raises(InvalidVariablesError):
            VARIABLES.coerced(variables)
        return
    found = VARIABLES.coerced(variables)
    assert repr(found.coerced) == repr(expected.coerced)  # as NaN equals nothing
    assert list(found.coerced) == list(expected.coerced)
    assert set(found.sources) == set(expected.sources)


def test_what_is_plain_is_not_left_to_graphql_core(monkeypatch: pytest.MonkeyPatch) -> None:
    def left(*_: Any) -> VariableValues:
        raise AssertionError("it was left to graphql-core")

    monkeypatch.setattr("shared.graphql.coercion.coerced", left)
    inner = {"id": "2", "title": "t", "tags": []}
    plain = {
        "id": "1",
        "genre": "PROSE",
        "filter": {"id": "1", "title": "t", "tags": ["a"], "not": inner},
        "sizes": [1],
    }
    assert VARIABLES.coerced(plain).coerced["filter"]["not"] == inner
