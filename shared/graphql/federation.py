"""A subgraph's executable schema, held to the Federation subgraph specification.

``docs/teams/federation.md`` has what that asks, capability by capability, and the test of each.
"""

import contextlib
from collections.abc import Iterable, Iterator

from ariadne.enums_default_values import repair_schema_default_enum_values, validate_schema_default_enum_values
from ariadne.types import SchemaBindable
from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    ObjectTypeDefinitionNode,
    ObjectTypeExtensionNode,
    TypeDefinitionNode,
    assert_valid_schema,
    build_ast_schema,
    parse,
)

from shared.graphql.authorization import Policies, enforce_authorization
from shared.graphql.contract import ContractError, query_name, read_contract
from shared.graphql.entities import AnyEntity, Entity, Representation, RepresentedEntity, bind_entities
from shared.graphql.mutations import begin_only_for_callers_present
from shared.graphql.names import use_snake_case
from shared.graphql.refusals import require_held
from shared.graphql.revocation import ask_whether_revoked
from shared.graphql.scalars import SCALARS

__all__ = ["AnyEntity", "ContractError", "Entity", "Representation", "RepresentedEntity", "build_schema"]

_NO_POLICIES: Policies = {}


def build_schema(
    sdl: str,
    bindables: Iterable[SchemaBindable],
    entities: Iterable[AnyEntity],
    policies: Policies = _NO_POLICIES,
) -> GraphQLSchema:
    """An executable subgraph: resolvers and scalars bound, authorization enforced, entities loaded in batches.

    Raises:
        ContractError: when the SDL says something that would not be done.
    """
    loaded = list(entities)
    contract = read_contract(sdl)
    with _mistakes_in_one_line():
        schema = _schema(contract)
        _bind(schema, [*_scalars_of(schema), *bindables])
    use_snake_case(schema)
    ask_whether_revoked(schema)
    enforce_authorization(schema, policies)
    begin_only_for_callers_present(schema)
    _bind_service(schema, sdl)
    require_held(schema, loaded)
    bind_entities(schema, loaded)
    return schema


@contextlib.contextmanager
def _mistakes_in_one_line() -> Iterator[None]:
    """What graphql-core and Ariadne find wrong with a schema, and with what is bound to it."""
    try:
        yield
    except GraphQLError as error:
        place = error.nodes[0] if error.nodes else None
        raise ContractError(error.message.splitlines()[0], place) from error
    except (TypeError, ValueError) as error:
        raise ContractError(str(error).partition("\n")[0]) from error


def _schema(contract: DocumentNode) -> GraphQLSchema:
    protocol = parse(_protocol(contract), no_location=True)
    return build_ast_schema(DocumentNode(definitions=(*contract.definitions, *protocol.definitions)))


def _protocol(contract: DocumentNode) -> str:
    """What the router asks every subgraph for."""
    query = query_name(contract)
    has_query = any(isinstance(each, TypeDefinitionNode) and each.name.value == query for each in contract.definitions)
    entities = sorted(_names_of_entities(contract))
    return "\n".join(
        [
            "scalar _Any",
            "type _Service { sdl: String }",
            f"union _Entity = {' | '.join(entities)}" if entities else "",
            f"{'extend type' if has_query else 'type'} {query} {{ _service: _Service!",
            "_entities(representations: [_Any!]!): [_Entity]!" if entities else "",
            "}",
        ]
    )


def _names_of_entities(contract: DocumentNode) -> set[str]:
    return {
        each.name.value
        for each in contract.definitions
        if isinstance(each, ObjectTypeDefinitionNode | ObjectTypeExtensionNode)
        and any(directive.name.value == "key" for directive in each.directives or ())
    }


def _scalars_of(schema: GraphQLSchema) -> list[SchemaBindable]:
    return [scalar for name, scalar in SCALARS.items() if name in schema.type_map]


def _bind(schema: GraphQLSchema, bindables: Iterable[SchemaBindable]) -> None:
    for bindable in bindables:
        bindable.bind_to_schema(schema)
    validate_schema_default_enum_values(schema)
    assert_valid_schema(schema)
    repair_schema_default_enum_values(schema)


def _bind_service(schema: GraphQLSchema, sdl: str) -> None:
    """The contract as it was written."""
    assert schema.query_type is not None
    schema.query_type.fields["_service"].resolve = lambda *_: {"sdl": sdl}
