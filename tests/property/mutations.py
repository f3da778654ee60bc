"""How many mutations a document asks for."""

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    OperationType,
    SelectionNode,
    SelectionSetNode,
    get_operation_ast,
    parse,
)
from graphql.language import FragmentSpreadNode, InlineFragmentNode

from tests.property.request import Document


def asked_mutations(document: Document) -> int:
    """The root fields of a mutation as routers count them, each as often as it is written or spread; 0 for a query."""
    parsed = parse(document.text)
    operation = get_operation_ast(parsed, document.operation_name)
    if operation is None or operation.operation is not OperationType.MUTATION:
        return 0
    fragments = {node.name.value: node for node in parsed.definitions if isinstance(node, FragmentDefinitionNode)}
    return _fields(operation.selection_set, fragments)


def _fields(selection_set: SelectionSetNode, fragments: dict[str, FragmentDefinitionNode]) -> int:
    return sum(_fields_of(selection, fragments) for selection in selection_set.selections)


def _fields_of(selection: SelectionNode, fragments: dict[str, FragmentDefinitionNode]) -> int:
    match selection:
        case FieldNode():
            return 1
        case InlineFragmentNode():
            return _fields(selection.selection_set, fragments)
        case FragmentSpreadNode():
            return _fields(fragments[selection.name.value].selection_set, fragments)
        case _:
            raise TypeError(f"{selection.kind} is no selection")
