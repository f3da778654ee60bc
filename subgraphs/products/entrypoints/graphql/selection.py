"""Looks ahead: which fields a query selects below the one that is being resolved."""

from graphql import FieldNode, FragmentDefinitionNode, FragmentSpreadNode, InlineFragmentNode, SelectionSetNode

from shared.graphql.context import Info


def names_below(info: Info) -> frozenset[str]:
    """The names of all fields at any depth, in fragments too; also of those that @skip or @include leave out."""
    names: set[str] = set()
    for node in info.field_nodes:
        _collect(node.selection_set, info.fragments, names)
    return frozenset(names)


def _collect(
    selection_set: SelectionSetNode | None, fragments: dict[str, FragmentDefinitionNode], names: set[str]
) -> None:
    for selection in selection_set.selections if selection_set else ():
        match selection:
            case FieldNode():
                names.add(selection.name.value)
                _collect(selection.selection_set, fragments, names)
            case InlineFragmentNode():
                _collect(selection.selection_set, fragments, names)
            case FragmentSpreadNode():
                _collect(fragments[selection.name.value].selection_set, fragments, names)
