"""Values of variables, coerced; what is wrong with one is told by its place and type, never by the value itself."""

from collections.abc import Collection, Iterator
from itertools import islice
from typing import Any

from graphql import (
    GraphQLError,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLLeafType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLScalarType,
    GraphQLSchema,
    Undefined,
    VariableDefinitionNode,
    is_leaf_type,
    is_required_input_field,
    is_specified_scalar_type,
    type_from_ast,
)
from graphql.execution.values import VariableValues, get_variable_values

from shared.errors import BadUserInput
from shared.graphql import limits


class InvalidVariablesError(Exception):
    """Values that are not of their variables' types."""

    def __init__(self, mistakes: list[BadUserInput]) -> None:
        super().__init__("; ".join(mistake.message for mistake in mistakes))
        self.mistakes = mistakes


def coerced(
    schema: GraphQLSchema, definitions: Collection[VariableDefinitionNode], variables: dict[str, Any]
) -> VariableValues:
    """The values that an operation is executed with.

    Raises:
        InvalidVariablesError: with at most five mistakes.
    """
    values = get_variable_values(schema, definitions, variables, max_errors=1)
    if isinstance(values, VariableValues):
        return values
    found = islice(_mistakes(schema, definitions, variables), limits.ERRORS)
    raise InvalidVariablesError(list(found) or [BadUserInput("A variable has a value that its type does not take.")])


def _mistakes(
    schema: GraphQLSchema, definitions: Collection[VariableDefinitionNode], variables: dict[str, Any]
) -> Iterator[BadUserInput]:
    for definition in definitions:
        name = definition.variable.name.value
        input_type: Any = type_from_ast(schema, definition.type)
        if name in variables or (definition.default_value is None and isinstance(input_type, GraphQLNonNull)):
            yield from _of_value(variables.get(name), input_type, (f"${name}",))


def _of_value(value: Any, input_type: GraphQLInputType, path: tuple[str, ...]) -> Iterator[BadUserInput]:
    if isinstance(input_type, GraphQLNonNull):
        if value is None:
            yield _mistake(path, f"is missing: it has the type {input_type}")
        else:
            yield from _of_value(value, input_type.of_type, path)
    elif value is None:
        return
    elif isinstance(input_type, GraphQLList):
        for index, item in enumerate(value if isinstance(value, list) else [value]):
            yield from _of_value(item, input_type.of_type, (*path, str(index)))
    elif isinstance(input_type, GraphQLInputObjectType):
        yield from _of_object(value, input_type, path)
    elif is_leaf_type(input_type):
        yield from _of_leaf(value, input_type, path)


def _of_object(value: Any, input_type: GraphQLInputObjectType, path: tuple[str, ...]) -> Iterator[BadUserInput]:
    if not isinstance(value, dict):
        yield _mistake(path, f"has a value that is no {input_type}")
        return
    for name, field in input_type.fields.items():
        if name in value or is_required_input_field(field):
            yield from _of_value(value.get(name), field.type, (*path, name))
    for name in value:
        if name not in input_type.fields:
            yield _mistake(path, f"has a field that {input_type} does not take: {name[: limits.KEY_CHARACTERS]}")


def _of_leaf(value: Any, leaf_type: GraphQLLeafType, path: tuple[str, ...]) -> Iterator[BadUserInput]:
    hint = ""
    try:
        if leaf_type.coerce_input_value(value) is not Undefined:
            return
    except GraphQLError as error:
        hint = f": {error.message}" if _is_our_own(leaf_type) else ""
    except Exception:  # noqa: S110 - any failure says that it is no such value, as for graphql-core
        pass
    yield _mistake(path, f"has a value that is no {leaf_type}{hint}")


def _is_our_own(leaf_type: GraphQLLeafType) -> bool:
    """Our scalars say what they want and not what they got; graphql-core's and enums name the value."""
    return isinstance(leaf_type, GraphQLScalarType) and not is_specified_scalar_type(leaf_type)


def _mistake(path: tuple[str, ...], what: str) -> BadUserInput:
    return BadUserInput(f"{'.'.join(path)} {what}.")
