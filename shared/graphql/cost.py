"""The cost of an operation, about the number of objects in its largest answer.

The arithmetic is that of ``docs/frontend/limits.md``.

It is reckoned from ``@cost`` and ``@listSize`` in the SDL, once a document;
what depends on variables, again for each request.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from graphql import (
    BooleanValueNode,
    DirectiveNode,
    FieldNode,
    FragmentSpreadNode,
    GraphQLArgument,
    GraphQLCompositeType,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    ListValueNode,
    OperationDefinitionNode,
    OperationType,
    SelectionNode,
    SelectionSetNode,
    ValueNode,
    VariableNode,
    get_named_type,
    get_nullable_type,
    is_composite_type,
    is_list_type,
    value_from_ast_untyped,
)

from shared.errors import LimitExceeded
from shared.graphql import limits
from shared.graphql.measure import Fragments

MUTATION = 10
_UNSAID_SIZE = 10

Variables = Mapping[str, Any]
# A number, or how it comes from the values of variables.
Estimate = int | Callable[[Variables], int]


class CostLimitExceeded(LimitExceeded):
    """An operation that costs more than one may."""

    def __init__(self, estimated: int) -> None:
        super().__init__(
            f"The operation costs {estimated}, more than {limits.COST}: ask for smaller pages, or in several requests."
        )
        self.estimated = estimated
        self.maximum = limits.COST


def require_affordable(cost: Estimate, variables: Variables) -> None:
    """Returns for an operation that may be executed with these values of variables.

    Raises:
        CostLimitExceeded: when it costs too much.
    """
    estimated = reckoned(cost, variables)
    if estimated > limits.COST:
        raise CostLimitExceeded(estimated)


def reckoned(cost: Estimate, variables: Variables) -> int:
    """An estimate's number for these values of variables."""
    return cost if isinstance(cost, int) else cost(variables)


class CostModel:
    """What a schema says of the cost of its fields."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self._schema = schema

    def cost(self, operation: OperationDefinitionNode, fragments: Fragments) -> Estimate:
        """What an operation costs that is valid and measured."""
        root = self._schema.get_root_type(operation.operation)
        assert root is not None
        own = MUTATION if operation.operation is OperationType.MUTATION else 0
        return _summed((own, _Reckoning(self._schema, fragments).of(operation.selection_set, root, {})))


class _Reckoning:
    """Reckons the cost of one operation."""

    def __init__(self, schema: GraphQLSchema, fragments: Fragments) -> None:
        self._schema = schema
        self._fragments = fragments

    def of(self, selection_set: SelectionSetNode, parent: GraphQLNamedType, sized: Mapping[str, Estimate]) -> Estimate:
        """What a selection costs for one object; ``sized`` has the sizes of fields that its parent's field knows."""
        return _summed([self._of_selection(selection, parent, sized) for selection in selection_set.selections])

    def _of_selection(
        self, selection: SelectionNode, parent: GraphQLNamedType, sized: Mapping[str, Estimate]
    ) -> Estimate:
        if isinstance(selection, FieldNode):
            cost = self._of_field(selection, parent, sized)
        elif isinstance(selection, InlineFragmentNode):
            condition = selection.type_condition
            cost = self.of(
                selection.selection_set, self._schema.type_map[condition.name.value] if condition else parent, sized
            )
        else:
            assert isinstance(selection, FragmentSpreadNode)
            fragment = self._fragments[selection.name.value]
            cost = self.of(fragment.selection_set, self._schema.type_map[fragment.type_condition.name.value], sized)
        return _conditional(cost, selection.directives or ())

    def _of_field(self, node: FieldNode, parent: GraphQLNamedType, sized: Mapping[str, Estimate]) -> Estimate:
        name = node.name.value
        if name in ("__typename", "__schema", "__type"):
            return 0
        assert isinstance(parent, GraphQLObjectType | GraphQLInterfaceType)
        field = parent.fields[name]
        named = get_named_type(field.type)
        size = _size(name, field, node, sized)
        inner = self.of(node.selection_set, named, _sizes_within(field, node)) if node.selection_set else 0
        return _summed(
            (
                _weight(field, 0),
                _argument_weights(field, node),
                _product(size, _summed((_weight_of_type(named), inner))),
            )
        )


def _size(name: str, field: GraphQLField, node: FieldNode, sized: Mapping[str, Estimate]) -> Estimate:
    """How many objects a field answers at most."""
    if not is_list_type(get_nullable_type(field.type)):
        return 1
    if name == "_entities":
        return _length(
            next(argument.value for argument in node.arguments or () if argument.name.value == "representations")
        )
    own = _said_size(field, node)
    return own if own is not None else sized.get(name, _UNSAID_SIZE)


def _sizes_within(field: GraphQLField, node: FieldNode) -> Mapping[str, Estimate]:
    names = _list_size(field).get("sizedFields")
    if not names:
        return {}
    size = _said_size(field, node)
    return dict.fromkeys(names, size) if size is not None else {}


def _said_size(field: GraphQLField, node: FieldNode) -> Estimate | None:
    """The size by the field's own ``@listSize``: the largest of its slicing arguments, otherwise the assumed size."""
    said = _list_size(field)
    slices = [_slice(field.args[name], name, node) for name in said.get("slicingArguments") or ()]
    given = [each for each in slices if each is not None]
    if given:
        return _largest(given)
    assumed: int | None = said.get("assumedSize")
    return assumed


def _slice(argument: GraphQLArgument, name: str, node: FieldNode) -> Estimate | None:
    default = _default(argument)
    value = next((given.value for given in node.arguments or () if given.name.value == name), None)
    if isinstance(value, IntValueNode):
        return max(0, int(value.value))
    if not isinstance(value, VariableNode):
        return default
    variable = value.name.value
    otherwise = default if default is not None else _UNSAID_SIZE

    def by_variable(variables: Variables) -> int:
        number = variables.get(variable)
        return otherwise if number is None else max(0, int(number))

    return by_variable


def _default(argument: GraphQLArgument) -> int | None:
    node = argument.ast_node.default_value if argument.ast_node else None
    return int(node.value) if isinstance(node, IntValueNode) else None


def _length(value: ValueNode) -> Estimate:
    if isinstance(value, ListValueNode):
        return len(value.values)
    if not isinstance(value, VariableNode):
        return 1
    name = value.name.value

    def by_variable(variables: Variables) -> int:
        given = variables.get(name)
        return len(given) if isinstance(given, list) else 1

    return by_variable


def _conditional(cost: Estimate, directives: Iterable[DirectiveNode]) -> Estimate:
    """What is left out costs nothing."""
    for directive in directives:
        wanted = {"include": True, "skip": False}.get(directive.name.value)
        if wanted is not None:
            cost = _if(next(argument.value for argument in directive.arguments or ()), wanted, cost)
    return cost


def _if(value: ValueNode, wanted: bool, cost: Estimate) -> Estimate:
    if isinstance(value, BooleanValueNode):
        return cost if value.value is wanted else 0
    assert isinstance(value, VariableNode)
    name = value.name.value
    return lambda variables: reckoned(cost, variables) if variables.get(name) is wanted else 0


def _argument_weights(field: GraphQLField, node: FieldNode) -> int:
    return sum(_weight(field.args[argument.name.value], 0) for argument in node.arguments or ())


def _weight_of_type(named: GraphQLNamedType) -> int:
    return _weight(named, 1 if is_composite_type(named) else 0)


def _weight(element: GraphQLField | GraphQLArgument | GraphQLNamedType | GraphQLCompositeType, otherwise: int) -> int:
    weight: int = _directive(element, "cost").get("weight", otherwise)
    return weight


def _list_size(field: GraphQLField) -> Mapping[str, Any]:
    return _directive(field, "listSize")


def _directive(element: Any, name: str) -> Mapping[str, Any]:
    """The arguments of a directive in the SDL; none where it is not there."""
    for directive in element.ast_node.directives or () if element.ast_node else ():
        if directive.name.value == name:
            return {
                argument.name.value: value_from_ast_untyped(argument.value) for argument in directive.arguments or ()
            }
    return {}


def _summed(parts: Iterable[Estimate]) -> Estimate:
    constant, varying = 0, []
    for part in parts:
        if isinstance(part, int):
            constant += part
        else:
            varying.append(part)
    if not varying:
        return constant
    return lambda variables: constant + sum([part(variables) for part in varying])


def _product(size: Estimate, each: Estimate) -> Estimate:
    if isinstance(size, int):
        if isinstance(each, int):
            return size * each
        return each if size == 1 else lambda variables: size * reckoned(each, variables)
    return lambda variables: size(variables) * reckoned(each, variables)


def _largest(sizes: list[Estimate]) -> Estimate:
    if len(sizes) == 1:
        return sizes[0]
    return lambda variables: max(reckoned(size, variables) for size in sizes)
