"""Values of variables, coerced; what is wrong with one is told by its place and type, never by the value itself.

The router has coerced them by its supergraph before. A value of another shape than our input types have (a key, a value
of an enum, something required) is therefore version skew; only what a scalar does not take is the client's mistake.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
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
    """Values that are not of their variables' types.

    ``mistakes`` are the client's; ``differences`` say in a line each what our types do not have.
    """

    def __init__(self, mistakes: list[BadUserInput], differences: list[str]) -> None:
        super().__init__("; ".join([*(mistake.message for mistake in mistakes), *differences]))
        self.mistakes = mistakes
        self.differences = differences


def coerced(
    schema: GraphQLSchema, definitions: Collection[VariableDefinitionNode], variables: dict[str, Any]
) -> VariableValues:
    """The values that an operation is executed with.

    Raises:
        InvalidVariablesError: with at most five mistakes or differences.
    """
    values = get_variable_values(schema, definitions, variables, max_errors=1)
    if isinstance(values, VariableValues):
        return values
    found = list(islice(_unfit(schema, definitions, variables), limits.ERRORS))
    mistakes = [BadUserInput(each.told) for each in found if each.is_clients]
    differences = [each.told for each in found if not each.is_clients]
    if not found:
        mistakes = [BadUserInput("A variable has a value that its type does not take.")]
    raise InvalidVariablesError(mistakes, differences)


@dataclass(frozen=True, slots=True)
class _Unfit:
    """What does not fit, and whether the client could have known it from the supergraph."""

    told: str
    is_clients: bool


def _unfit(
    schema: GraphQLSchema, definitions: Collection[VariableDefinitionNode], variables: dict[str, Any]
) -> Iterator[_Unfit]:
    for definition in definitions:
        name = definition.variable.name.value
        input_type: Any = type_from_ast(schema, definition.type)
        if isinstance(input_type, GraphQLNonNull) and variables.get(name) is None:
            if name in variables or definition.default_value is None:  # which the document itself says
                yield _mistake((f"${name}",), f"is missing: it has the type {input_type}")
        elif name in variables:
            yield from _of_value(variables[name], input_type, (f"${name}",))


def _of_value(value: Any, input_type: GraphQLInputType, path: tuple[str, ...]) -> Iterator[_Unfit]:
    if isinstance(input_type, GraphQLNonNull):
        if value is None:
            yield _difference(path, f"is missing: it has the type {input_type}")
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


def _of_object(value: Any, input_type: GraphQLInputObjectType, path: tuple[str, ...]) -> Iterator[_Unfit]:
    if not isinstance(value, dict):
        yield _difference(path, f"has a value that is no {input_type}")
        return
    for name, field in input_type.fields.items():
        if name in value or is_required_input_field(field):
            yield from _of_value(value.get(name), field.type, (*path, name))
    for name in value:
        if name not in input_type.fields:
            yield _difference(path, f"has a field that {input_type} does not take: {name[: limits.KEY_CHARACTERS]}")


def _of_leaf(value: Any, leaf_type: GraphQLLeafType, path: tuple[str, ...]) -> Iterator[_Unfit]:
    hint = ""
    try:
        if leaf_type.coerce_input_value(value) is not Undefined:
            return
    except GraphQLError as error:
        hint = f": {error.message}" if _is_our_own(leaf_type) else ""
    except Exception:  # noqa: S110 - any failure says that it is no such value, as for graphql-core
        pass
    unfit = _mistake if isinstance(leaf_type, GraphQLScalarType) else _difference
    yield unfit(path, f"has a value that is no {leaf_type}{hint}")


def _is_our_own(leaf_type: GraphQLLeafType) -> bool:
    """Our scalars say what they want and not what they got; graphql-core's and enums name the value."""
    return isinstance(leaf_type, GraphQLScalarType) and not is_specified_scalar_type(leaf_type)


def _mistake(path: tuple[str, ...], what: str) -> _Unfit:
    return _Unfit(f"{'.'.join(path)} {what}.", is_clients=True)


def _difference(path: tuple[str, ...], what: str) -> _Unfit:
    return _Unfit(f"{'.'.join(path)} {what}.", is_clients=False)
