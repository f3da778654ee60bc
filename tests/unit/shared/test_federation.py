"""A subgraph on the chassis answers what the Federation subgraph specification asks of it.

The cases are those of Apollo's compatibility suite, and what it leaves out; ``docs/teams/federation.md`` lists them.
"""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from ariadne import QueryType
from graphql import GraphQLSchema

from shared.errors import BadUserInput, NotFound
from shared.graphql.federation import Entity, Representation, RepresentedEntity, build_schema
from shared.graphql.skew import BeingUpdated
from shared.security.auth import Principal
from tests.federated.asking import ENTITIES, ask, entities
from tests.federated.shelves import LOADS
from tests.federated.subgraphs import NAMES, schema, sdl

LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: [%s])\n'
TOMBS, SHORE, KAREGO = (str(UUID(int=number)) for number in (1, 2, 3))
URSULA = "ursula@example.org"


@pytest.fixture(scope="module")
def books() -> GraphQLSchema:
    return schema("books")


@pytest.fixture(autouse=True)
def loads() -> list[tuple[str, int]]:
    """What loaders are asked for."""
    LOADS.calls.clear()
    return LOADS.calls


def holder(*scopes: str) -> Principal:
    return Principal(uuid4(), frozenset(scopes), uuid4(), datetime.now(UTC))


def codes(errors: Any) -> list[tuple[str, list[Any]]]:
    """What went wrong, and where in the answer."""
    return [(type(error.original_error).__name__, error.path) for error in errors or ()]


@pytest.mark.parametrize("name", NAMES)
async def test_the_service_tells_the_contract_with_every_directive_as_it_was_written(name: str) -> None:
    result = await ask(schema(name), "{ _service { sdl } }")
    assert result.data == {"_service": {"sdl": sdl(name)}}


async def test_an_entity_is_found_by_one_field_that_is_no_id(books: GraphQLSchema) -> None:
    found = await entities(books, "... on Author { email name }", {"__typename": "Author", "email": URSULA})
    assert found == [{"__typename": "Author", "email": URSULA, "name": "Ursula"}]


async def test_an_entity_is_found_by_several_fields(books: GraphQLSchema) -> None:
    found = await entities(books, "... on Book { title }", {"__typename": "Book", "series": "Earthsea", "volume": 3})
    assert found == [{"__typename": "Book", "title": "The Shore"}]


async def test_an_entity_is_found_by_nested_fields_alone(books: GraphQLSchema) -> None:
    found = await entities(
        books, "... on Dossier { archive { number } outcome }", {"__typename": "Dossier", "archive": {"number": 7}}
    )
    assert found == [{"__typename": "Dossier", "archive": {"number": "7"}, "outcome": "closed"}]


async def test_all_keys_of_a_type_are_mixed_in_one_request_and_one_load(
    books: GraphQLSchema, loads: list[tuple[str, int]]
) -> None:
    found = await entities(
        books,
        "... on Book { id title } ... on Map { scale }",
        {"__typename": "Book", "series": "Earthsea", "imprint": {"code": "PAR"}},
        {"__typename": "Map", "id": KAREGO},
        {"__typename": "Book", "id": TOMBS},
        {"__typename": "Book", "series": "Earthsea", "volume": 99},
        {"__typename": "Book", "series": "Earthsea", "volume": 2},
    )
    assert found == [
        {"__typename": "Book", "id": SHORE, "title": "The Shore"},
        {"__typename": "Map", "scale": 5000},
        {"__typename": "Book", "id": TOMBS, "title": "The Tombs"},
        None,
        {"__typename": "Book", "id": TOMBS, "title": "The Tombs"},
    ]
    assert sorted(loads) == [("Book", 4), ("Map", 1)]


async def test_required_fields_reach_the_resolver_nested_ones_too(
    books: GraphQLSchema, loads: list[tuple[str, int]]
) -> None:
    sent = [
        {"__typename": "Author", "email": f"{number}@example.org", "pages": 100 * number, "career": {"years": 10}}
        for number in range(1, 31)
    ]
    found = await entities(books, "... on Author { pagesPerYear }", *sent)
    assert [each["pagesPerYear"] for each in found] == [10 * number for number in range(1, 31)]
    assert loads == [("Author", 30)]


async def test_an_entity_by_id_is_completed_by_its_required_fields_where_they_were_sent() -> None:
    asked: list[int] = []

    async def load(ids: Any, _: Any) -> dict[UUID, Any]:
        asked.append(len(ids))
        return {UUID(int=1): {"id": UUID(int=1)}}

    contract = (
        LINK % '"@key", "@requires", "@external"'
        + """
      type Query { none: Int }
      type Crate @key(fields: "id") { id: ID! grams: Int @external kilos: Float @requires(fields: "grams") }
    """
    )

    def weighed(crate: dict[str, Any], required: Any) -> dict[str, Any]:
        return {**crate, "kilos": required["grams"] / 1000}

    crates = build_schema(contract, (), (Entity("Crate", dict, load, weighed),))
    known = [{"__typename": "Crate", "id": TOMBS, "grams": grams} for grams in (1500, 500)]
    others = [{"__typename": "Crate", "id": SHORE, "grams": 1}, {"__typename": "Crate", "id": TOMBS, "grams": "heavy"}]
    result = await ask(crates, ENTITIES % "... on Crate { kilos }", {"of": [*known, *others]})
    assert result.data is not None
    assert [each and each["kilos"] for each in result.data["_entities"]] == [1.5, 0.5, None, None]
    assert codes(result.errors) == [("BadUserInput", ["_entities", 3])]
    assert set(asked) == {2}


async def test_the_same_entity_with_other_required_values_has_other_answers(books: GraphQLSchema) -> None:
    sent = [{"__typename": "Author", "email": URSULA, "pages": pages, "career": {"years": 1}} for pages in (1, 2)]
    found = await entities(books, "... on Author { pagesPerYear }", *sent)
    assert [each["pagesPerYear"] for each in found] == [1, 2]


async def test_required_fields_that_are_null_or_were_not_sent_are_no_failure(books: GraphQLSchema) -> None:
    sent: list[dict[str, Any]] = [
        {"__typename": "Author", "email": URSULA},
        {"__typename": "Author", "email": URSULA, "pages": None, "career": None},
    ]
    found = await entities(books, "... on Author { name pagesPerYear }", *sent)
    assert found == [{"__typename": "Author", "name": "Ursula", "pagesPerYear": None}] * 2


async def test_values_of_a_representation_are_read_by_their_types_and_by_snake_case_names() -> None:
    asked: list[Representation] = []

    async def load(representations: Any, _: Any) -> list[Any]:
        asked.extend(representations)
        return [None] * len(representations)

    contract = (
        LINK % '"@key", "@requires", "@external"'
        + """
      scalar DateTime
      enum Kind { OLD NEW }
      interface Part { weight: Int }
      type Wheel implements Part { weight: Int spokes: Int }
      type Query { none: Int }
      type Car @key(fields: "id") {
        id: ID!
        builtAt: DateTime @external
        kind: Kind @external
        parts: [Part!] @external
        age: Int @requires(fields: "builtAt kind parts { __typename weight ... on Wheel { spokes } }")
      }
    """
    )
    car = build_schema(contract, (), (RepresentedEntity("Car", dict, load),))
    parts = [{"__typename": "Wheel", "weight": 3, "spokes": 32}, {"__typename": "Door", "weight": 9}]
    sent = {"__typename": "Car", "id": 5, "builtAt": "2026-01-02T03:04:05Z", "kind": "OLD", "parts": parts, "x": 1}
    assert await entities(car, "", sent) == [None]
    (representation,) = asked
    fields = dict(representation.fields)
    assert (representation.key, fields["built_at"].year) == ("id", 2026)
    assert (fields.pop("id"), fields.pop("kind"), fields.pop("parts")) == ("5", "OLD", parts)
    assert list(fields) == ["built_at"]


async def test_a_provided_field_is_answered_where_its_path_provides_it(books: GraphQLSchema) -> None:
    result = await ask(books, "query ($id: ID!) { book(id: $id) { author { email pages } } }", {"id": TOMBS})
    assert result.data == {"book": {"author": {"email": URSULA, "pages": 12}}}


async def test_a_shared_an_overridden_and_an_inaccessible_field_are_answered_by_the_subgraph(
    books: GraphQLSchema,
) -> None:
    result = await ask(books, "query ($id: ID!) { book(id: $id) { size { weightGrams unit } remarks } }", {"id": TOMBS})
    assert result.data == {"book": {"size": {"weightGrams": 350, "unit": "g"}, "remarks": "spine torn"}}
    moved = await entities(
        schema("depot"), "... on Dossier { shelf }", {"__typename": "Dossier", "archive": {"number": "7"}}
    )
    assert moved == [{"__typename": "Dossier", "shelf": "in the depot"}]


async def test_an_interface_is_found_by_its_key_and_each_value_tells_its_type(
    books: GraphQLSchema, loads: list[tuple[str, int]]
) -> None:
    sent = [{"__typename": "Work", "id": each} for each in (KAREGO, str(uuid4()), TOMBS)]
    found = await entities(books, "... on Work { id title } ... on Map { scale }", *sent)
    assert found == [
        {"__typename": "Map", "id": KAREGO, "title": "Karego-At", "scale": 5000},
        None,
        {"__typename": "Book", "id": TOMBS, "title": "The Tombs"},
    ]
    assert loads == [("Work", 3)]
    listed = await ask(books, "{ works { __typename title } }")
    assert listed.data is not None
    assert [each["__typename"] for each in listed.data["works"]] == ["Book", "Book", "Map"]


async def test_an_interface_object_is_found_under_the_interfaces_name() -> None:
    found = await entities(schema("depot"), "... on Work { copies }", {"__typename": "Work", "id": SHORE})
    assert found == [{"__typename": "Work", "copies": 2}]


async def test_directives_go_by_other_names_and_by_their_full_ones() -> None:
    contract = (
        'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", as: "fed",'
        ' import: [{name: "@authenticated", as: "@loggedIn"}])'
        'type Query { open: Int closed: Int @loggedIn bare: Int @fed__requiresScopes(scopes: [["staff"]]) }'
    )
    query = QueryType()
    for name in ("open", "closed", "bare"):
        query.set_field(name, lambda *_: 1)
    renamed = build_schema(contract, (query,), ())
    result = await ask(renamed, "{ open closed bare }")
    assert result.data == {"open": 1, "closed": None, "bare": None}
    assert codes(result.errors) == [("Unauthenticated", ["closed"]), ("Unauthenticated", ["bare"])]
    assert (await ask(renamed, "{ closed bare }", principal=holder("staff"))).data == {"closed": 1, "bare": 1}


async def test_definitions_that_a_generator_wrote_into_the_contract_are_taken_for_the_specifications() -> None:
    contract = (
        LINK % '"@key", "FieldSet"'
        + """
      directive @key(fields: FieldSet!, resolvable: Boolean = true) repeatable on OBJECT | INTERFACE
      scalar FieldSet
      type Query { none: Int }
      type User @key(fields: "id", resolvable: false) { id: ID! }
    """
    )
    assert (await ask(build_schema(contract, (), ()), "{ __typename }")).data == {"__typename": "Query"}


POLICED = "query ($id: ID!) { book(id: $id) { title margin } }"


@pytest.mark.parametrize("scopes", [("bookseller",), ("accountant", "auditor"), ("auditor", "accountant", "other")])
async def test_who_meets_one_of_a_policys_alternatives_sees_the_field(books: GraphQLSchema, scopes: Any) -> None:
    result = await ask(books, POLICED, {"id": TOMBS}, holder(*scopes))
    assert (result.data, result.errors) == ({"book": {"title": "The Tombs", "margin": 3}}, None)


@pytest.mark.parametrize(
    ("principal", "code"), [(None, "Unauthenticated"), (holder("accountant"), "Forbidden"), (holder(), "Forbidden")]
)
async def test_who_meets_no_policy_sees_all_but_the_field(
    books: GraphQLSchema, principal: Principal | None, code: str
) -> None:
    result = await ask(books, POLICED, {"id": TOMBS}, principal)
    assert result.data == {"book": {"title": "The Tombs", "margin": None}}
    assert codes(result.errors) == [(code, ["book", "margin"])]


GUARDED = """
  scalar Secret @authenticated
  enum Rank @requiresScopes(scopes: [["staff"]]) { LOW HIGH }
  interface Account @authenticated { owner: String }
  interface Ledger { total: Int @requiresScopes(scopes: [["books"]]) }
  type Savings implements Account & Ledger { owner: String total: Int plain: Int }
  type Query { secret: Secret secrets: [Secret!] rank: Rank savings: Savings }
"""


async def test_what_is_guarded_by_a_scalar_an_enum_or_an_interface_is_guarded_wherever_it_is_answered() -> None:
    query = QueryType()
    query.set_field("secret", lambda *_: "x")
    query.set_field("secrets", lambda *_: ["x"])
    query.set_field("rank", lambda *_: "LOW")
    query.set_field("savings", lambda *_: {"owner": "x", "total": 1, "plain": 2})
    guarded = build_schema(LINK % '"@authenticated", "@requiresScopes"' + GUARDED, (query,), ())
    everything = "{ secret secrets rank savings { owner total plain } }"
    nothing = {"secret": None, "secrets": None, "rank": None, "savings": {"owner": None, "total": None, "plain": 2}}
    assert (await ask(guarded, everything)).data == nothing
    some = await ask(guarded, everything, principal=holder())
    assert some.data == {
        **nothing,
        "secret": "x",
        "secrets": ["x"],
        "savings": {"owner": "x", "total": None, "plain": 2},
    }
    assert (await ask(guarded, everything, principal=holder("staff", "books"))).errors is None


async def test_what_can_not_be_asked_for_is_an_error_at_its_place_and_the_others_come(books: GraphQLSchema) -> None:
    sent: list[dict[str, Any]] = [
        {"__typename": "Book", "id": TOMBS},
        {"__typename": "Book", "series": "Earthsea"},
        {"__typename": "Book", "series": "Earthsea", "volume": "two"},
        {"__typename": "Dossier", "archive": {"number": None}},
        {"__typename": "Map"},
        {"__typename": "Map", "id": KAREGO},
    ]
    result = await ask(books, ENTITIES % "... on Book { title }", {"of": sent})
    assert result.data is not None
    assert [bool(each) for each in result.data["_entities"]] == [True, False, False, False, False, True]
    kinds = ("BeingUpdated", "BadUserInput", "BeingUpdated", "BeingUpdated")  # a key that is not known is version skew
    assert codes(result.errors) == [(kind, ["_entities", place]) for place, kind in enumerate(kinds, 1)]
    messages = [error.message for error in result.errors or ()]
    first = (result.errors or [])[0].original_error
    assert isinstance(first, BeingUpdated)
    assert first.difference == 'A representation has no key: "id" or "series volume" or "series imprint { code }".'
    assert messages[1] == "representations.volume has a value that is no Int."


async def test_a_load_that_fails_empties_its_own_type_alone_and_one_entity_may_fail_alone() -> None:
    async def fail(_: Any, __: Any) -> Any:
        raise NotFound("It is not there.")

    async def load_pens(asked: Any, _: Any) -> list[Any]:
        return [BadUserInput("Torn.") if each.fields["ink"] == "red" else Pen(each.fields["ink"]) for each in asked]

    contract = (
        LINK % '"@key"'
        + """
      type Query { none: Int }
      type Pen @key(fields: "ink") { ink: String! }
      type Nib @key(fields: "id") { id: ID! }
    """
    )
    pens = build_schema(contract, (), (RepresentedEntity("Pen", Pen, load_pens), Entity("Nib", dict, fail)))
    sent = [{"__typename": "Nib", "id": TOMBS}, *({"__typename": "Pen", "ink": ink} for ink in ("red", "blue"))]
    result = await ask(pens, ENTITIES % "... on Pen { ink }", {"of": sent})
    assert result.data == {"_entities": [None, None, {"__typename": "Pen", "ink": "blue"}]}
    assert codes(result.errors) == [("NotFound", ["_entities", 0]), ("BadUserInput", ["_entities", 1])]


class Pen:
    def __init__(self, ink: str) -> None:
        self.ink = ink


async def test_a_type_that_the_subgraph_only_refers_to_is_no_entity_of_it() -> None:
    contract = (
        LINK % '"@key"'
        + """
      type Query { none: Int }
      type User @key(fields: "id", resolvable: false) { id: ID! }
    """
    )
    result = await ask(build_schema(contract, (), ()), ENTITIES % "", {"of": [{"__typename": "User", "id": TOMBS}]})
    assert codes(result.errors) == [("BeingUpdated", ["_entities", 0])]
