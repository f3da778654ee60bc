"""The SDL of a subgraph as examples need it: what can be asked, and what tells one object from another."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from graphql import (
    DirectiveNode,
    DocumentNode,
    FieldNode,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    ObjectTypeDefinitionNode,
    ObjectTypeExtensionNode,
    SelectionSetNode,
    build_ast_schema,
    parse,
    value_from_ast_untyped,
)

from shared.graphql.keys import directives_of
from tilt.examples.tree import REPOSITORY

SCHEMAS = REPOSITORY / "schema"

# Of a key: names of fields, those of objects with the names in them.
KeyFields = Mapping[str, "KeyFields | None"]
_ID: KeyFields = {"id": None}


@dataclass(frozen=True)
class Contract:
    """One subgraph's SDL, executable; ``keys`` has all types whose objects can be told apart."""

    name: str
    sdl: str
    schema: GraphQLSchema
    keys: Mapping[str, tuple[KeyFields, ...]]


def read_contract(name: str, folder: Path = SCHEMAS) -> Contract:
    """The contract of a subgraph of this tree."""
    return contract_of(name, (folder / f"{name}.graphql").read_text(encoding="utf-8"))


def contract_of(name: str, sdl: str) -> Contract:
    """A contract and the fields by which the router asks every subgraph."""
    document = parse(sdl, no_location=True)
    resolvable = sorted({node.name.value for node in _object_nodes(document) if any(map(_is_resolvable, _keys(node)))})
    protocol = parse(_protocol(document, resolvable), no_location=True)
    # Directives of Federation are declared nowhere in an SDL: it imports them.
    schema = build_ast_schema(
        DocumentNode(definitions=(*document.definitions, *protocol.definitions)), assume_valid_sdl=True
    )
    return Contract(name, sdl, schema, dict(_keyed_types(schema)))


def _protocol(document: DocumentNode, entities: list[str]) -> str:
    has_query = any(node.name.value == "Query" for node in _object_nodes(document))
    entities_field = "_entities(representations: [_Any!]!): [_Entity]!" if entities else ""
    return f"""
        scalar _Any
        type _Service {{ sdl: String }}
        {f"union _Entity = {' | '.join(entities)}" if entities else ""}
        {"extend type" if has_query else "type"} Query {{ _service: _Service! {entities_field} }}
    """


def _object_nodes(document: DocumentNode) -> Iterator[ObjectTypeDefinitionNode | ObjectTypeExtensionNode]:
    for node in document.definitions:
        if isinstance(node, ObjectTypeDefinitionNode | ObjectTypeExtensionNode):
            yield node


def _keys(node: Any) -> Iterator[DirectiveNode]:
    return (each for each in node.directives or () if each.name.value == "key")


def _is_resolvable(key: DirectiveNode) -> bool:
    return _arguments(key).get("resolvable", True) is not False


def _arguments(directive: DirectiveNode) -> dict[str, Any]:
    return {each.name.value: value_from_ast_untyped(each.value) for each in directive.arguments or ()}


def _keyed_types(schema: GraphQLSchema) -> Iterator[tuple[str, tuple[KeyFields, ...]]]:
    """Entities by their keys, and what else has an id by that."""
    for named in schema.type_map.values():
        if isinstance(named, GraphQLObjectType | GraphQLInterfaceType):
            keys = tuple(_key_fields(key) for key in directives_of(named, "key"))
            if keys or "id" in named.fields:
                yield named.name, keys or (_ID,)


def _key_fields(key: DirectiveNode) -> KeyFields:
    (definition,) = parse(f"{{ {_arguments(key)['fields']} }}", no_location=True).definitions
    return _names(definition.selection_set)  # type: ignore[attr-defined]


def _names(selections: SelectionSetNode) -> KeyFields:
    fields = [each for each in selections.selections if isinstance(each, FieldNode)]
    return {each.name.value: _names(each.selection_set) if each.selection_set else None for each in fields}
