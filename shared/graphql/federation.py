"""Entities: one ``_entities`` call becomes one batch load per type, whatever the number of representations.

Source of the protocol: the Apollo Federation subgraph specification.
"""

import re
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from ariadne.contrib.federation import make_federated_schema
from ariadne.types import SchemaBindable
from asyncpg.pgproto.pgproto import UUID as DriverUUID
from graphql import GraphQLSchema, GraphQLUnionType

from shared.errors import LimitExceeded
from shared.graphql.authorization import enforce_authorization
from shared.graphql.context import Info, RequestContext
from shared.graphql.mutations import begin_only_for_callers_present
from shared.graphql.names import use_snake_case
from shared.graphql.scalars import SCALARS
from shared.graphql.skew import BeingUpdated
from shared.ids import is_id

MAX_REPRESENTATIONS = 1000

# Federation 2.9 has these. Ariadne's own definitions end at 2.6,
# and ``_service`` is without directives that it does not know.
COST_DIRECTIVES = """
directive @cost(
  weight: Int!
) on ARGUMENT_DEFINITION | ENUM | FIELD_DEFINITION | INPUT_FIELD_DEFINITION | OBJECT | SCALAR
directive @listSize(
  assumedSize: Int, slicingArguments: [String!], sizedFields: [String!], requireOneSlicingArgument: Boolean = true
) on FIELD_DEFINITION
"""

Loader = Callable[[Sequence[UUID], RequestContext], Awaitable[Mapping[UUID, Any]]]


@dataclass(frozen=True, slots=True)
class Entity:
    """A type with a key.

    ``load`` answers those of the asked ids that exist and that the caller may see, as ``python_type``.
    """

    typename: str
    python_type: type
    load: Loader


def build_schema(sdl: str, bindables: Iterable[SchemaBindable], entities: Iterable[Entity]) -> GraphQLSchema:
    """An executable subgraph: resolvers and scalars bound, authorization enforced, entities loaded in batches."""
    by_name = {entity.typename: entity for entity in entities}
    scalars = [scalar for name, scalar in SCALARS.items() if re.search(rf"^scalar {name}\b", sdl, re.MULTILINE)]
    schema = make_federated_schema([sdl, COST_DIRECTIVES], *scalars, *bindables)
    use_snake_case(schema)
    enforce_authorization(schema)
    begin_only_for_callers_present(schema)
    _bind_service(schema, sdl)
    _bind_entities(schema, by_name)
    return schema


def _bind_service(schema: GraphQLSchema, sdl: str) -> None:
    """The contract as it was written."""
    assert schema.query_type is not None
    schema.query_type.fields["_service"].resolve = lambda *_: {"sdl": sdl}


def _bind_entities(schema: GraphQLSchema, entities: Mapping[str, Entity]) -> None:
    union, query = schema.get_type("_Entity"), schema.query_type
    if not isinstance(union, GraphQLUnionType) or query is None:
        return
    resolvable = {object_type.name for object_type in union.types} & set(entities)
    typenames = {entities[name].python_type: name for name in resolvable}
    union.resolve_type = lambda value, *_: typenames[type(value)]
    query.fields["_entities"].resolve = _entities_resolver(entities)


def _entities_resolver(entities: Mapping[str, Entity]) -> Callable[..., Awaitable[list[Any]]]:
    async def resolve(_: Any, info: Info, representations: Sequence[Mapping[str, Any]]) -> list[Any]:
        keys = _keys(representations, entities)
        loaded = await _load([key for key in keys if not isinstance(key, BeingUpdated)], entities, info.context)
        return [key if isinstance(key, BeingUpdated) else loaded[key[0]].get(key[1]) for key in keys]

    return resolve


# A representation's type and id; the nil UUID for an id that is no UUID and so finds nothing.
Key = tuple[str, UUID]
_NOTHING = UUID(int=0)


def _keys(representations: Sequence[Any], entities: Mapping[str, Entity]) -> list[Key | BeingUpdated]:
    """An error for what this subgraph does not know: the router has it from another version of the schema."""
    if len(representations) > MAX_REPRESENTATIONS:
        raise LimitExceeded(
            f"{len(representations)} representations in one request, more than {MAX_REPRESENTATIONS}:"
            " ask for smaller pages.",
            ("representations",),
        )
    return [_key(representation, entities) for representation in representations]


def _key(representation: Any, entities: Mapping[str, Entity]) -> Key | BeingUpdated:
    typename = representation.get("__typename") if isinstance(representation, Mapping) else None
    if not isinstance(typename, str) or typename not in entities:
        return BeingUpdated(f"{str(typename)[:40]!r} is no entity of this subgraph.")
    if "id" not in representation:
        return BeingUpdated(f"{typename} has no other key than its id.")
    return typename, _parsed(representation["id"])


def _parsed(text: Any) -> UUID:
    return (
        DriverUUID(text) if is_id(text) else _NOTHING
    )  # also a UUID, and read in a tenth of the time: there may be hundreds


async def _load(
    keys: Sequence[Key], entities: Mapping[str, Entity], context: RequestContext
) -> dict[str, Mapping[UUID, Any]]:
    ids: dict[str, dict[UUID, None]] = defaultdict(dict)
    for typename, entity_id in keys:
        ids[typename][entity_id] = None
    return {typename: await _load_type(entities[typename], list(wanted), context) for typename, wanted in ids.items()}


async def _load_type(entity: Entity, ids: list[UUID], context: RequestContext) -> Mapping[UUID, Any]:
    """A failure becomes the answer of each entity of this type, so that those of other types still come."""
    try:
        return await entity.load(ids, context)
    except Exception as error:
        return dict.fromkeys(ids, error)
