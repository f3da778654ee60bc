"""Field sets, such as ``sku variation { id }``: what ``@key`` and ``@requires`` name, and how it is read.

A reader is made once of each field set, and reads a representation's values by the types that the SDL gives them.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from graphql import (
    FieldNode,
    GraphQLError,
    GraphQLInterfaceType,
    GraphQLLeafType,
    GraphQLList,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLSchema,
    InlineFragmentNode,
    Node,
    OperationDefinitionNode,
    SelectionSetNode,
    get_named_type,
    is_abstract_type,
    is_composite_type,
    is_leaf_type,
    parse,
)

from shared.errors import BadUserInput
from shared.graphql.contract import ContractError
from shared.graphql.names import snake_case

Reader = Callable[[Any], Any]
Fields = Mapping[str, Any]


class FieldSet:
    """Fields of a type, nested ones too."""

    def __init__(self, text: str, schema: GraphQLSchema, owner: GraphQLNamedType, place: Node) -> None:
        """Reads ``text``, as the SDL has it at ``place``.

        Raises:
            ContractError: when it can't be read, or names what the type does not have.
        """
        self.text = " ".join(text.replace("{", " { ").replace("}", " } ").split())
        self.selection = _selection(text, place)
        self._names = _names(self.selection)
        for name in _mistakes(self.selection, owner, schema):
            raise ContractError(f'"{text}" names {name}, which {owner.name} has not in this subgraph', place)

    def is_in(self, representation: Mapping[str, Any]) -> bool:
        """Whether a representation has a value for each of the fields, as it must for those of a key."""
        return _holds(representation, self._names)


def fields_reader(schema: GraphQLSchema, owner: GraphQLNamedType, field_sets: Sequence[FieldSet]) -> Reader:
    """Reads those of the fields that a representation has, under their snake_case names.

    The reader raises BadUserInput for a value that is none of its field's type.
    """
    read = _object_reader(schema, owner, [each.selection for each in field_sets])

    def read_told(representation: Any) -> Any:
        try:
            return read(representation)
        except _NoSuchValueError as mistake:
            place = ("representations", *mistake.path)
            raise BadUserInput(f"{'.'.join(place)} has a value that is no {mistake.wanted}.", place) from mistake

    return read_told


def _selection(text: str, place: Node) -> SelectionSetNode:
    try:
        (operation,) = parse(f"{{ {text} }}", no_location=True).definitions
    except (GraphQLError, ValueError) as error:
        raise ContractError(f'"{text}" is no set of fields, such as "sku variation {{ id }}"', place) from error
    if not isinstance(operation, OperationDefinitionNode) or not operation.selection_set.selections:
        raise ContractError(f'"{text}" is no set of fields, such as "sku variation {{ id }}"', place)
    return operation.selection_set


def _mistakes(selection: SelectionSetNode, owner: GraphQLNamedType, schema: GraphQLSchema) -> Iterator[str]:
    """What can't be read of a type; arguments, aliases and fragments by name are none of a representation's."""
    for each in selection.selections:
        inner = owner
        if isinstance(each, FieldNode):
            name = each.name.value
            field = owner.fields.get(name) if isinstance(owner, GraphQLObjectType | GraphQLInterfaceType) else None
            if name == "__typename":
                continue
            if field is None or each.alias or is_composite_type(get_named_type(field.type)) != bool(each.selection_set):
                yield name
                continue
            if each.arguments:
                yield f"{name} with arguments"
            inner = get_named_type(field.type)
        elif isinstance(each, InlineFragmentNode):
            inner = schema.type_map.get(each.type_condition.name.value, owner) if each.type_condition else owner
        else:
            yield "a fragment by its name"
            continue
        if each.selection_set:
            yield from _mistakes(each.selection_set, inner, schema)


Names = Sequence[tuple[str, "Names | None"]]


def _names(selection: SelectionSetNode) -> Names:
    """A key's fields, each with those inside of it."""
    return [
        (each.name.value, _names(each.selection_set) if each.selection_set else None)
        for each in selection.selections
        if isinstance(each, FieldNode)
    ]


def _holds(value: Any, names: Names) -> bool:
    if not isinstance(value, dict):
        return False
    for name, inner in names:
        found = value.get(name)
        if found is None or (inner is not None and not _holds(found, inner)):
            return False
    return True


def _object_reader(schema: GraphQLSchema, owner: GraphQLNamedType, selections: Sequence[SelectionSetNode]) -> Reader:
    readers = list(_readers(schema, owner, selections))

    def read(value: Any) -> Fields | None:
        if value is None:
            return None
        if not isinstance(value, dict):
            raise _NoSuchValueError(owner)
        found: dict[str, Any] = {}
        for name, own, read_field in readers:
            if name in value:
                try:
                    found[own] = read_field(value[name])
                except _NoSuchValueError as mistake:
                    mistake.path.insert(0, name)
                    raise
        return found

    return read


def _readers(
    schema: GraphQLSchema, owner: GraphQLNamedType, selections: Sequence[SelectionSetNode]
) -> Iterator[tuple[str, str, Reader]]:
    """A field's name in the SDL, its name in Python, and its reader."""
    fields: dict[str, tuple[GraphQLOutputType, list[SelectionSetNode]]] = {}
    for selection in selections:
        _collect(schema, owner, selection, fields)
    for name, (output_type, inner) in fields.items():
        yield name, snake_case(name), _reader(schema, output_type, inner)
    if is_abstract_type(owner):
        yield "__typename", "__typename", str


def _collect(
    schema: GraphQLSchema,
    owner: GraphQLNamedType,
    selection: SelectionSetNode,
    fields: dict[str, tuple[GraphQLOutputType, list[SelectionSetNode]]],
) -> None:
    for each in selection.selections:
        if isinstance(each, InlineFragmentNode):
            named = schema.type_map[each.type_condition.name.value] if each.type_condition else owner
            _collect(schema, named, each.selection_set, fields)
        elif isinstance(each, FieldNode) and each.name.value != "__typename":
            assert isinstance(owner, GraphQLObjectType | GraphQLInterfaceType)
            _, inner = fields.setdefault(each.name.value, (owner.fields[each.name.value].type, []))
            if each.selection_set:
                inner.append(each.selection_set)


def _reader(schema: GraphQLSchema, output_type: GraphQLOutputType, selections: Sequence[SelectionSetNode]) -> Reader:
    if isinstance(output_type, GraphQLNonNull):
        return _reader(schema, output_type.of_type, selections)
    if isinstance(output_type, GraphQLList):
        return _list_reader(output_type, _reader(schema, output_type.of_type, selections))
    if is_leaf_type(output_type):
        return _leaf_reader(output_type)
    return _object_reader(schema, get_named_type(output_type), selections)


def _list_reader(list_type: GraphQLList[Any], read_item: Reader) -> Reader:
    def read(value: Any) -> list[Any] | None:
        if value is None:
            return None
        if not isinstance(value, list):
            raise _NoSuchValueError(list_type)
        return [read_item(item) for item in value]

    return read


def _leaf_reader(leaf_type: GraphQLLeafType) -> Reader:
    coerce = leaf_type.coerce_input_value

    def read(value: Any) -> Any:
        if value is None:
            return None
        try:
            return coerce(value)
        except Exception as error:
            raise _NoSuchValueError(leaf_type) from error

    return read


class _NoSuchValueError(Exception):
    """A value is none of its field's type; ``path`` leads to it."""

    def __init__(self, wanted: object) -> None:
        super().__init__()
        self.wanted = wanted
        self.path: list[str] = []
