"""What the SDL says of each entity: its keys, and which fields of others it requires."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graphql import DirectiveNode, GraphQLInterfaceType, GraphQLObjectType, GraphQLSchema

from shared.graphql.contract import directive_arguments
from shared.graphql.fieldsets import FieldSet

Composite = GraphQLObjectType | GraphQLInterfaceType


@dataclass(frozen=True, slots=True)
class Keyed:
    """A type that the router may ask for by a key.

    ``keys`` are those that it may be asked by here; without one, another subgraph answers for the type.
    """

    named_type: Composite
    keys: Sequence[FieldSet]
    requires: Sequence[FieldSet]


def keyed_types(schema: GraphQLSchema) -> Mapping[str, Keyed]:
    """All types with a key, by their names."""
    return {
        named_type.name: _keyed(named_type, schema)
        for named_type in schema.type_map.values()
        if isinstance(named_type, Composite) and any(directives_of(named_type, "key"))
    }


def directives_of(element: Any, name: str) -> Iterator[DirectiveNode]:
    """The directives of this name at an element of the schema, its extensions included."""
    nodes = [element.ast_node, *(getattr(element, "extension_ast_nodes", None) or ())]
    for node in nodes:
        if node:
            yield from (each for each in node.directives or () if each.name.value == name)


def _keyed(named_type: Composite, schema: GraphQLSchema) -> Keyed:
    keys = [
        each for each in directives_of(named_type, "key") if directive_arguments(each).get("resolvable") is not False
    ]
    requires = [each for field in named_type.fields.values() for each in directives_of(field, "requires")]
    return Keyed(named_type, _field_sets(keys, named_type, schema), _field_sets(requires, named_type, schema))


def _field_sets(
    directives: Sequence[DirectiveNode], named_type: Composite, schema: GraphQLSchema
) -> Sequence[FieldSet]:
    return [FieldSet(str(directive_arguments(each).get("fields")), schema, named_type, each) for each in directives]
