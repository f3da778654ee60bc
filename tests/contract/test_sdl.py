"""The SDL against the code that runs."""

import pytest
from graphql import GraphQLObjectType, graphql_sync

from shared.graphql.federation import build_schema
from shared.graphql.names import AttributeResolver
from tests.contract.subgraphs import subgraph
from tilt.embedded.subgraphs import SUBGRAPHS


@pytest.mark.parametrize("name", SUBGRAPHS)
def test_every_root_field_has_a_resolver(name: str) -> None:
    built = subgraph(name)
    schema = build_schema(built.sdl, built.bindables, built.entities)
    roots = [root for root in (schema.query_type, schema.mutation_type) if root is not None]
    missing = [
        f"{root.name}.{field}"
        for root in roots
        for field, its in root.fields.items()
        if isinstance(its.resolve, AttributeResolver)
    ]
    assert missing == []


@pytest.mark.parametrize("name", SUBGRAPHS)
def test_every_resolvable_entity_of_the_sdl_can_be_loaded(name: str) -> None:
    built = subgraph(name)
    schema = build_schema(built.sdl, built.bindables, built.entities)
    keyed = {
        object_type.name
        for object_type in schema.type_map.values()
        if isinstance(object_type, GraphQLObjectType) and object_type.ast_node and _is_resolvable(object_type)
    }
    assert {entity.typename for entity in built.entities} == keyed


@pytest.mark.parametrize("name", SUBGRAPHS)
def test_a_subgraph_tells_its_contract_as_it_was_written(name: str) -> None:
    built = subgraph(name)
    schema = build_schema(built.sdl, built.bindables, built.entities)
    assert graphql_sync(schema, "{ _service { sdl } }").data == {"_service": {"sdl": built.sdl}}


def _is_resolvable(object_type: GraphQLObjectType) -> bool:
    assert object_type.ast_node is not None
    keys = [directive for directive in object_type.ast_node.directives or () if directive.name.value == "key"]
    unresolvable = [key for key in keys for argument in key.arguments or () if argument.name.value == "resolvable"]
    return len(keys) > len(unresolvable)
