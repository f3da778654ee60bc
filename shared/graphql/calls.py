"""How a compiled query calls resolvers: with which arguments, and what they are told of their place."""

from collections.abc import Callable
from typing import Any

from graphql import (
    FieldNode,
    GraphQLField,
    GraphQLObjectType,
    GraphQLResolveInfo,
    GraphQLSchema,
    OperationDefinitionNode,
    VariableNode,
    get_argument_values,
)
from graphql.pyutils import is_awaitable

from shared.graphql.completion import Run
from shared.graphql.measure import Fragments


class Teller:
    """Tells resolvers of a query where they are."""

    def __init__(self, schema: GraphQLSchema, operation: OperationDefinitionNode, fragments: Fragments) -> None:
        self._schema = schema
        self._operation = operation
        self._fragments = fragments

    def told(
        self, place: int, parent: GraphQLObjectType, definition: GraphQLField, nodes: list[FieldNode], run: Run
    ) -> GraphQLResolveInfo[Any]:
        """What a resolver is told, for all objects of a run.

        A compiled query keeps no path, and none of graphql-core's helpers.
        """
        nothing: Any = None
        run.infos[place] = info = GraphQLResolveInfo(
            nodes[0].name.value,
            nodes,
            definition.type,
            parent,
            nothing,
            self._schema,
            self._fragments,
            None,
            self._operation,
            run.variables,
            run.context,
            is_awaitable,
            None,
            nothing,
        )
        return info


def arguments_of(definition: GraphQLField, node: FieldNode) -> Callable[[Run], dict[str, Any]]:
    """Arguments that hold no variable are coerced once; those that are one take its value, which is coerced already."""
    given = {argument.name.value: argument.value for argument in node.arguments or ()}
    within = [name for name, value in given.items() if _holds_variable(value)]
    if not within:
        constant = get_argument_values(definition, node)
        return lambda run: constant
    if not all(isinstance(given[name], VariableNode) for name in within):
        return lambda run: get_argument_values(definition, node, run.variables)
    return _by_variables(
        definition, node, {name: value.name.value for name, value in given.items() if isinstance(value, VariableNode)}
    )


def _by_variables(
    definition: GraphQLField, node: FieldNode, variables: dict[str, str]
) -> Callable[[Run], dict[str, Any]]:
    others = {name: argument for name, argument in definition.args.items() if name not in variables}
    constant = get_argument_values(GraphQLField(definition.type, others), node)
    places = [(definition.args[name].out_name or name, variable) for name, variable in variables.items()]

    def arguments(run: Run) -> dict[str, Any]:
        values, found = run.variables.coerced, constant.copy()
        for out_name, variable in places:
            if values.get(variable) is None:  # which may be wrong here, or stand for a default
                return get_argument_values(definition, node, run.variables)
            found[out_name] = values[variable]
        return found

    return arguments


def _holds_variable(value: Any) -> bool:
    if isinstance(value, VariableNode):
        return True
    parts = [*(getattr(value, "values", None) or ()), *(part.value for part in getattr(value, "fields", None) or ())]
    return any(_holds_variable(part) for part in parts)
