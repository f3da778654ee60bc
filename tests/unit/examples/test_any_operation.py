"""Whatever valid operation is asked of one of our subgraphs, examples answer it without an error and by its types."""

from typing import Any

import pytest
from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
    get_named_type,
    is_leaf_type,
    parse,
    validate,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.unit.examples.asking import execute
from tilt.embedded.subgraphs import SUBGRAPHS
from tilt.examples.contract import read_contract
from tilt.examples.leaves import leaf
from tilt.examples.scalars import mistake_of

DEEPEST = 5
CONTRACTS = {name: read_contract(name) for name in SUBGRAPHS}


@st.composite
def operations(draw: st.DrawFn, name: str) -> str:
    """A query, a mutation, or what the router asks entities for."""
    schema = CONTRACTS[name].schema
    roots = [root for root in (schema.query_type, schema.mutation_type) if root and _own_fields(root)]
    entities = schema.type_map.get("_Entity")
    kind = draw(st.sampled_from([*roots, *([entities] if entities else [])]))
    if isinstance(kind, GraphQLObjectType):
        word = "mutation" if kind is schema.mutation_type else "query"
        return f"{word} {_selection(draw, kind, DEEPEST)}"
    union: Any = kind
    entity = draw(st.sampled_from(sorted(union.types, key=lambda each: each.name)))
    of = f'[{{ __typename: "{entity.name}", id: "{draw(st.uuids(version=4))}" }}]'
    return f"{{ _entities(representations: {of}) {{ ... on {entity.name} {_selection(draw, entity, DEEPEST)} }} }}"


def _selection(draw: st.DrawFn, parent: GraphQLObjectType, depth: int) -> str:
    fields = _own_fields(parent)
    flat = {name: field for name, field in fields.items() if is_leaf_type(get_named_type(field.type))}
    choice = sorted(fields if depth > 1 else flat) or ["__typename"]
    chosen = draw(st.lists(st.sampled_from(choice), min_size=1, max_size=4, unique=True))
    return "{ " + " ".join(_field(draw, name, fields.get(name), depth) for name in chosen) + " }"


def _field(draw: st.DrawFn, name: str, field: GraphQLField | None, depth: int) -> str:
    if field is None:
        return name
    given_arguments = {
        each: _argument(draw, each, argument)
        for each, argument in field.args.items()
        if isinstance(argument.type, GraphQLNonNull) or draw(st.booleans())
    }
    written = ", ".join(f"{each}: {text}" for each, text in given_arguments.items() if text)
    named: Any = get_named_type(field.type)
    below = "" if is_leaf_type(named) else f" {_selection(draw, named, depth - 1)}"
    return f"{name}{f'({written})' if written else ''}{below}"


def _argument(draw: st.DrawFn, name: str, argument: GraphQLArgument) -> str:
    if name in ("after", "before"):
        return ""  # only a page before it has one
    return str(draw(st.integers(1, 10))) if name in ("first", "last") else _literal(draw, argument.type)


def _literal(draw: st.DrawFn, expected: Any) -> str:
    if isinstance(expected, GraphQLNonNull):
        return _literal(draw, expected.of_type)
    if isinstance(expected, GraphQLList):
        return f"[{_literal(draw, expected.of_type)}]"
    if isinstance(expected, GraphQLEnumType):
        return str(draw(st.sampled_from(sorted(expected.values))))
    if isinstance(expected, GraphQLInputObjectType):
        fields = expected.fields.items()
        return "{ " + ", ".join(f"{name}: {_literal(draw, each.type)}" for name, each in fields) + " }"
    return _scalar(draw, expected)


def _scalar(draw: st.DrawFn, scalar: GraphQLScalarType) -> str:
    value = leaf(scalar.name, "", "given", str(draw(st.integers(0, 99))))
    return str(value).lower() if isinstance(value, bool | int | float) else f'"{value}"'


def _own_fields(named: GraphQLObjectType) -> dict[str, GraphQLField]:
    return {name: field for name, field in named.fields.items() if not name.startswith("_")}


def assert_typed(schema: GraphQLSchema, output: Any, value: Any) -> None:
    """Holds our own scalars to what they take; graphql-core has held all else while it answered."""
    if isinstance(output, GraphQLNonNull):
        assert value is not None
        assert_typed(schema, output.of_type, value)
    elif isinstance(value, list):
        for each in value:
            assert_typed(schema, output.of_type, each)
    elif isinstance(output, GraphQLScalarType) and value is not None:
        assert mistake_of(output.name, value) == ""
    elif isinstance(output, GraphQLObjectType) and value is not None:
        for name, each in value.items():
            if name != "__typename":
                assert_typed(schema, output.fields[name].type, each)


@pytest.mark.parametrize("name", SUBGRAPHS)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_every_valid_operation_is_answered_without_an_error_and_by_its_types(name: str, data: st.DataObject) -> None:
    contract = CONTRACTS[name]
    operation = data.draw(operations(name))
    assert validate(contract.schema, parse(operation)) == []
    result = execute(contract, operation)
    assert result.errors is None, operation
    root = contract.schema.mutation_type if operation.startswith("mutation") else contract.schema.query_type
    if "_entities" not in operation:
        assert_typed(contract.schema, root, result.data)
