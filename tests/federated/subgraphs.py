"""The three subgraphs: each one's SDL with what answers it."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

from ariadne import ObjectType, QueryType
from graphql import GraphQLSchema

from shared.graphql.context import Info, RequestContext
from shared.graphql.federation import Entity, Representation, RepresentedEntity, build_schema
from shared.security.auth import Principal
from tests.federated.shelves import BOOKS, LOADS, MAPS, PEOPLE, WORKS, Author, Book, Copies, Dossier, Map, Named, Person

NAMES = ("books", "depot", "people")
POLICIES = {
    "bookseller": lambda caller: _has(caller, "bookseller"),
    "accountant": lambda caller: _has(caller, "accountant"),
    "auditor": lambda caller: _has(caller, "auditor"),
}


def sdl(name: str) -> str:
    """The contract of one of them."""
    return Path(__file__).with_name(f"{name}.graphql").read_text()


def schema(name: str) -> GraphQLSchema:
    """One of them, executable."""
    builders = {"books": _books, "depot": _depot, "people": _people}
    return builders[name]()


def _has(caller: Principal | None, scope: str) -> bool:
    return caller is not None and scope in caller.scopes


def _books() -> GraphQLSchema:
    query = QueryType()
    query.set_field("book", lambda _, info, id: WORKS.get(UUID(id)))
    query.set_field("works", lambda _, info: list(WORKS.values()))
    query.set_field("dossier", lambda _, info, number: Dossier(Named(number=number), "in books"))
    entities = (
        RepresentedEntity("Book", Book, _load_books),
        RepresentedEntity("Dossier", Dossier, _load_dossiers),
        RepresentedEntity("Author", Author, _load_authors),
        Entity("Map", Map, _load_maps),
        Entity("Work", None, _load_works),
    )
    return build_schema(sdl("books"), (query,), entities, POLICIES)


async def _load_books(asked: Sequence[Representation], _: RequestContext) -> Sequence[Book | None]:
    """By whichever of its keys each one goes."""
    LOADS.note("Book", asked)
    found: dict[tuple[Any, ...], Book] = {
        **{("id", str(each.id)): each for each in BOOKS},
        **{("series volume", each.series, each.volume): each for each in BOOKS},
        **{("series imprint { code }", each.series, each.imprint.code): each for each in BOOKS},
    }
    return [found.get((each.key, *_values(each.key, each.fields))) for each in asked]


def _values(key: str, fields: Mapping[str, Any]) -> tuple[Any, ...]:
    if key == "id":
        return (fields["id"],)
    return (fields["series"], fields["volume"] if key == "series volume" else fields["imprint"]["code"])


async def _load_dossiers(asked: Sequence[Representation], _: RequestContext) -> Sequence[Dossier]:
    LOADS.note("Dossier", asked)
    return [Dossier(Named(number=each.fields["archive"]["number"]), "in books") for each in asked]


async def _load_authors(asked: Sequence[Representation], _: RequestContext) -> Sequence[Author]:
    """Each with what people knows of it, as far as the router sent that."""
    LOADS.note("Author", asked)
    return [
        Author(each.fields["email"], "Ursula", each.fields.get("pages"), (each.fields.get("career") or {}).get("years"))
        for each in asked
    ]


async def _load_maps(ids: Sequence[UUID], _: RequestContext) -> Mapping[UUID, Map]:
    LOADS.note("Map", ids)
    return {each.id: each for each in MAPS if each.id in ids}


async def _load_works(ids: Sequence[UUID], _: RequestContext) -> Mapping[UUID, Book | Map]:
    LOADS.note("Work", ids)
    return {work_id: WORKS[work_id] for work_id in ids if work_id in WORKS}


def _people() -> GraphQLSchema:
    query = QueryType()
    query.set_field("author", lambda _, info, email: PEOPLE.get(email))
    return build_schema(sdl("people"), (query,), (RepresentedEntity("Author", Person, _load_people),))


async def _load_people(asked: Sequence[Representation], _: RequestContext) -> Sequence[Person | None]:
    LOADS.note("Author", asked)
    return [PEOPLE.get(each.fields["email"]) for each in asked]


def _depot() -> GraphQLSchema:
    query, dossier = QueryType(), ObjectType("Dossier")
    query.set_field("rarest", lambda _, info: Copies(UUID(int=3), 3))
    dossier.set_field("shelf", _shelf)
    entities = (Entity("Work", Copies, _load_copies), RepresentedEntity("Dossier", Dossier, _load_dossiers))
    return build_schema(sdl("depot"), (query, dossier), entities)


def _shelf(_: Dossier, info: Info) -> str:
    return "in the depot"


async def _load_copies(ids: Sequence[UUID], _: RequestContext) -> Mapping[UUID, Copies]:
    LOADS.note("Work", ids)
    return {work_id: Copies(work_id, work_id.int) for work_id in ids}
