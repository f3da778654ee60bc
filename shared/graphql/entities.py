"""Entities: one ``_entities`` call becomes one batch load per type, whatever the number of representations.

Source of the protocol: the Apollo Federation subgraph specification.
"""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from asyncpg.pgproto.pgproto import UUID as DriverUUID
from graphql import GraphQLInterfaceType, GraphQLSchema, GraphQLUnionType

from shared.errors import BadUserInput, LimitExceeded, ServiceError
from shared.graphql.context import Info, RequestContext
from shared.graphql.fieldsets import Fields, FieldSet, Reader, fields_reader
from shared.graphql.keys import Keyed, keyed_types
from shared.graphql.skew import BeingUpdated
from shared.ids import is_id

MAX_REPRESENTATIONS = 1000


class Representation(NamedTuple):
    """What the router knows of an entity that it asks for.

    ``key`` is the key that it goes by, as the SDL writes it (``sku variation { id }``); ``fields`` are the key's fields
    and those that ``@requires`` names, by their snake_case names, nested ones as further mappings. What the router did
    not send is not in there.
    """

    key: str
    fields: Fields

    @property
    def id(self) -> UUID:
        """Its field ``id`` as a UUID; the nil UUID, which nothing has, for what is none."""
        return _parsed(self.fields.get("id"))


Loader = Callable[[Sequence[UUID], RequestContext], Awaitable[Mapping[UUID, Any]]]
WithRequired = Callable[[Any, Fields], Any]
RepresentationLoader = Callable[[Sequence[Representation], RequestContext], Awaitable[Sequence[Any]]]


@dataclass(frozen=True, slots=True)
class Entity:
    """A type or an interface whose key is ``id``, a UUID.

    ``load`` answers those of the asked ids that exist and that the caller may see, as ``python_type``. An interface has
    None: its ``load`` answers values of the types that implement it.

    Where ``@requires`` names fields, ``with_required`` makes of an entity and of those fields that the router sent, by
    their snake_case names, the entity that knows them.
    """

    typename: str
    python_type: type | None
    load: Loader
    with_required: WithRequired | None = None


@dataclass(frozen=True, slots=True)
class RepresentedEntity:
    """A type with other keys or with several, or such an interface.

    ``load`` answers, in the order of the representations, each one's entity as ``python_type``; None for one that does
    not exist or that the caller may not see, an exception for one that fails alone. An interface has None, as above.
    """

    typename: str
    python_type: type | None
    load: RepresentationLoader


AnyEntity = Entity | RepresentedEntity

_Represented = Mapping[str, Any]
_Batch = Callable[[Sequence[_Represented], RequestContext], Awaitable[Sequence[Any]]]


def bind_entities(schema: GraphQLSchema, entities: Sequence[AnyEntity]) -> None:
    """Has ``_entities`` load in batches, and interfaces of entities tell their types."""
    union, query = schema.get_type("_Entity"), schema.query_type
    if not isinstance(union, GraphQLUnionType) or query is None:
        return
    keyed = keyed_types(schema)
    batches = {each.typename: _batch(each, keyed[each.typename], schema) for each in entities}
    resolve_type = _type_resolver({each.python_type: each.typename for each in entities if each.python_type})
    union.resolve_type = resolve_type
    for named_type in schema.type_map.values():
        if isinstance(named_type, GraphQLInterfaceType) and named_type.name in keyed:
            named_type.resolve_type = named_type.resolve_type or resolve_type
    query.fields["_entities"].resolve = _entities_resolver(batches)


def _type_resolver(typenames: Mapping[type, str]) -> Callable[..., str]:
    return lambda value, *_: typenames[type(value)]


def _entities_resolver(batches: Mapping[str, _Batch]) -> Callable[..., Awaitable[list[Any]]]:
    async def resolve(_: Any, info: Info, representations: Sequence[_Represented]) -> list[Any]:
        if len(representations) > MAX_REPRESENTATIONS:
            raise _too_many(len(representations))
        found: list[Any] = [None] * len(representations)
        places: dict[str, list[int]] = defaultdict(list)
        for place, representation in enumerate(representations):
            typename = representation.get("__typename") if isinstance(representation, Mapping) else None
            if isinstance(typename, str) and typename in batches:
                places[typename].append(place)
            else:  # the router has it from another version of the schema
                found[place] = BeingUpdated(f"{str(typename)[:40]!r} is no entity of this subgraph.")
        for typename, own in places.items():
            loaded = await _loaded(batches[typename], [representations[place] for place in own], info.context)
            for place, value in zip(own, loaded, strict=True):
                found[place] = value
        return found

    return resolve


def _too_many(count: int) -> LimitExceeded:
    return LimitExceeded(
        f"{count} representations in one request, more than {MAX_REPRESENTATIONS}: ask for smaller pages.",
        ("representations",),
    )


async def _loaded(batch: _Batch, representations: Sequence[_Represented], context: RequestContext) -> Sequence[Any]:
    """A failure becomes the answer of each entity of this type, so that those of other types still come."""
    try:
        return await batch(representations, context)
    except Exception as error:
        return [error] * len(representations)


def _batch(entity: AnyEntity, keyed: Keyed, schema: GraphQLSchema) -> _Batch:
    if isinstance(entity, Entity):
        by_id = _batch_by_id(entity.load)
        if entity.with_required is None:
            return by_id
        return _batch_with_required(
            by_id, entity.with_required, fields_reader(schema, keyed.named_type, keyed.requires)
        )
    reader = fields_reader(schema, keyed.named_type, (*keyed.keys, *keyed.requires))
    return _batch_by_representation(entity, keyed.keys, reader)


_NOTHING = UUID(int=0)  # for an id that is no UUID and so finds nothing


def _batch_by_id(load: Loader) -> _Batch:
    async def batch(representations: Sequence[_Represented], context: RequestContext) -> Sequence[Any]:
        ids = [_parsed(representation.get("id")) for representation in representations]
        loaded = await load(list(dict.fromkeys(ids)), context)
        found: list[Any] = [loaded.get(entity_id) for entity_id in ids]
        if _NOTHING in ids:
            _tell_of_missing_ids(representations, found)
        return found

    return batch


_BARE = 2  # what a representation has when nothing is required: its type and its id


def _batch_with_required(by_id: _Batch, with_required: WithRequired, read: Reader) -> _Batch:
    async def batch(representations: Sequence[_Represented], context: RequestContext) -> Sequence[Any]:
        found = list(await by_id(representations, context))
        for place, representation in enumerate(representations):
            if len(representation) > _BARE and found[place] is not None:
                found[place] = _completed(found[place], representation, with_required, read)
        return found

    return batch


def _completed(entity: Any, representation: _Represented, with_required: WithRequired, read: Reader) -> Any:
    try:
        return with_required(entity, read(representation))
    except BadUserInput as mistake:
        return mistake


def _tell_of_missing_ids(representations: Sequence[_Represented], found: list[Any]) -> None:
    for place, representation in enumerate(representations):
        if representation.get("id") is None:
            found[place] = BeingUpdated('A representation has no key: "id".')


def _parsed(text: Any) -> UUID:
    return (
        DriverUUID(text) if is_id(text) else _NOTHING
    )  # also a UUID, and read in a tenth of the time: there may be hundreds


def _batch_by_representation(entity: RepresentedEntity, keys: Sequence[FieldSet], read: Reader) -> _Batch:
    async def batch(representations: Sequence[_Represented], context: RequestContext) -> Sequence[Any]:
        found: list[Any] = [_represented(each, keys, read) for each in representations]
        asked = {place: each for place, each in enumerate(found) if isinstance(each, Representation)}
        loaded = await entity.load(list(asked.values()), context) if asked else ()
        for place, value in zip(asked, loaded, strict=True):
            found[place] = value
        return found

    return batch


def _represented(representation: _Represented, keys: Sequence[FieldSet], read: Reader) -> Representation | ServiceError:
    """What one asks for, or why it can't be told, which is its own answer alone."""
    key = next((key for key in keys if key.is_in(representation)), None)
    if key is None:
        wanted = " or ".join(f'"{key.text}"' for key in keys)
        return BeingUpdated(f"A representation has no key: {wanted}.")
    try:
        return Representation(key.text, read(representation))
    except BadUserInput as mistake:
        return mistake
