"""What an operation asks for at the top: how metrics name it, and where its answer has places."""

from collections.abc import Iterator

from graphql import FieldNode, FragmentSpreadNode, InlineFragmentNode, OperationDefinitionNode, SelectionSetNode

from shared.graphql.measure import Fragments

_NAMED_FIELDS = 3
_ENTITIES = "_entities"

# Where something is in an answer: response keys, and indices of lists.
Place = tuple[str | int, ...]


def label_of(definition: OperationDefinitionNode, fragments: Fragments) -> str:
    """Root fields, and for ``_entities`` the types asked for: a bounded set of names, since the schema is bounded."""
    names = sorted({_name(field) for field in _fields(definition.selection_set, fragments)})
    # All combinations of many would be too many names.
    return f"{definition.operation.value} {','.join(names) if len(names) <= _NAMED_FIELDS else 'several'}"


def places_of(definition: OperationDefinitionNode, fragments: Fragments) -> list[Place]:
    """The places that stay empty where there is no answer: root fields, and of entities the fields of the first one."""
    places: dict[Place, None] = {}
    for field in _fields(definition.selection_set, fragments):
        if field.name.value == _ENTITIES and field.selection_set:
            inner = _fields(field.selection_set, fragments)
            places |= {(_key(field), 0, _key(each)): None for each in inner if each.name.value != "__typename"}
        else:
            places[(_key(field),)] = None
    return list(places)


def _fields(selection_set: SelectionSetNode, fragments: Fragments) -> Iterator[FieldNode]:
    for selection in selection_set.selections:
        match selection:
            case FieldNode():
                yield selection
            case InlineFragmentNode():
                yield from _fields(selection.selection_set, fragments)
            case FragmentSpreadNode() if fragment := fragments.get(selection.name.value):
                yield from _fields(fragment.selection_set, fragments)


def _key(field: FieldNode) -> str:
    return (field.alias or field.name).value


def _name(field: FieldNode) -> str:
    if field.name.value != _ENTITIES or field.selection_set is None:
        return field.name.value
    inline = [part for part in field.selection_set.selections if isinstance(part, InlineFragmentNode)]
    types = sorted({part.type_condition.name.value for part in inline if part.type_condition})
    return f"{_ENTITIES}({'|'.join(types)})"
