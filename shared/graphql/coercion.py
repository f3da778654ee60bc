"""Values of variables, coerced by closures that are made of their types once a document.

As with compiled queries, what isn't plain is left to graphql-core: a mistake, a default.
"""

from collections.abc import Callable, Collection
from typing import Any

from graphql import (
    GraphQLError,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLLeafType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLSchema,
    Undefined,
    VariableDefinitionNode,
)
from graphql.execution.get_variable_signature import GraphQLVariableSignature, get_variable_signature
from graphql.execution.values import VariableValues, VariableValueSource

from shared.graphql.variables import coerced

Coercer = Callable[[Any], Any]


class NotPlainError(Exception):
    """A value that graphql-core has to look at."""


class Variables:
    """The variables of an operation that is valid."""

    def __init__(self, schema: GraphQLSchema, definitions: Collection[VariableDefinitionNode]) -> None:
        self._schema = schema
        self._definitions = definitions
        coercers = _Coercers()
        self._coercers = [(each, coercers.of(each.type)) for each in (_signature(schema, node) for node in definitions)]

    def coerced(self, values: dict[str, Any]) -> VariableValues:
        """The values that the operation is executed with.

        Raises:
            InvalidVariablesError: with at most five mistakes.
        """
        try:
            return self._coerced(values)
        except Exception:  # whatever it is: graphql-core finds it again, and tells it as the specification wants it
            return coerced(self._schema, self._definitions, values)

    def _coerced(self, values: dict[str, Any]) -> VariableValues:
        sources: dict[str, VariableValueSource] = {}
        found: dict[str, Any] = {}
        for signature, coerce in self._coercers:
            name = signature.name
            if name in values:
                found[name] = coerce(values[name])
                sources[name] = VariableValueSource(signature, values[name])
            elif signature.default is not None or isinstance(signature.type, GraphQLNonNull):
                raise NotPlainError
            else:
                sources[name] = VariableValueSource(signature)
        return VariableValues(sources, found)


def _signature(schema: GraphQLSchema, definition: VariableDefinitionNode) -> GraphQLVariableSignature:
    signature = get_variable_signature(schema, definition)
    assert not isinstance(signature, GraphQLError), "a valid document has variables of input types alone"
    return signature


class _Coercers:
    """Makes closures of types; those of input objects once, as they may be within themselves."""

    def __init__(self) -> None:
        self._objects: dict[str, Coercer] = {}

    def of(self, input_type: GraphQLInputType) -> Coercer:
        """That of a type."""
        if isinstance(input_type, GraphQLNonNull):
            return _required(self.of(input_type.of_type))
        if isinstance(input_type, GraphQLList):
            return _listed(self.of(input_type.of_type))
        if isinstance(input_type, GraphQLInputObjectType):
            return self._objects.get(input_type.name) or self._of_object(input_type)
        return _leaf(input_type)

    def _of_object(self, input_type: GraphQLInputObjectType) -> Coercer:
        fields: list[tuple[str, str, Coercer, bool]] = []
        self._objects[input_type.name] = coerce = _object(input_type, fields)
        for name, field in input_type.fields.items():
            fields.append((name, field.out_name or name, self.of(field.type), _may_be_left_out(field)))
        return coerce


def _may_be_left_out(field: GraphQLInputField) -> bool:
    return not isinstance(field.type, GraphQLNonNull) and field.default is None and field.default_value is Undefined


def _required(coerce: Coercer) -> Coercer:
    def coerce_required(value: Any) -> Any:
        if value is None:
            raise NotPlainError
        return coerce(value)

    return coerce_required


def _listed(coerce: Coercer) -> Coercer:
    def coerce_list(value: Any) -> Any:
        if value is None:
            return None
        if type(value) is not list:
            raise NotPlainError
        return [coerce(item) for item in value]

    return coerce_list


def _object(input_type: GraphQLInputObjectType, fields: list[tuple[str, str, Coercer, bool]]) -> Coercer:
    make, is_plain = input_type.out_type, not input_type.is_one_of

    def coerce_object(value: Any) -> Any:
        if value is None:
            return None
        if type(value) is not dict or not is_plain:
            raise NotPlainError
        unknown, found = len(value), {}
        for name, out_name, coerce, may_be_left_out in fields:
            if name in value:
                found[out_name] = coerce(value[name])
                unknown -= 1
            elif not may_be_left_out:
                raise NotPlainError
        if unknown:
            raise NotPlainError
        return make(found)

    return coerce_object


def _leaf(leaf_type: GraphQLLeafType) -> Coercer:
    convert = leaf_type.coerce_input_value

    def coerce_leaf(value: Any) -> Any:
        if value is None:
            return None
        converted = convert(value)
        if converted is Undefined:
            raise NotPlainError
        return converted

    return coerce_leaf
