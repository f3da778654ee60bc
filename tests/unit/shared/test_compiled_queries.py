"""A compiled query answers what graphql-core answers, or leaves the answer to it."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from ariadne import ObjectType, QueryType
from graphql import ExecutionResult, GraphQLSchema, OperationDefinitionNode, execute, parse
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.graphql.compiled import CompiledQuery
from shared.graphql.documents import DocumentCache
from shared.graphql.federation import Entity, build_schema

SDL = """
extend schema @link(url: "https://specs.apollo.dev/federation/v2.6", import: ["@key"])
type Query { shelf(size: Int = 2): [Book!]! book(id: ID!): Book broken: Book lost: Book! }
type Book @key(fields: "id") {
  id: ID!
  fullTitle: String
  pages: Int!
  price: Float
  tags: [String!]
  genre: Genre
  author(loud: Boolean = false): Author
  sequel: Book
}
type Author { name: String! shout: String! books: [Book] }
enum Genre { PROSE VERSE }
"""


@dataclass(frozen=True, slots=True)
class Author:
    name: str
    loud: bool
    books: Sequence[Any]


@dataclass(frozen=True, slots=True)
class Book:
    id: UUID
    full_title: str | None
    pages: int
    price: float | None
    tags: list[str] | None
    genre: str | None
    sequel: "Book | None"


def book(number: int) -> Book:
    sequel = book(number - 1) if number else None
    return Book(
        UUID(int=number), f"Volume {number}" if number % 2 else None, number, 1.5, ["a"] * number, "PROSE", sequel
    )


query, books, authors = QueryType(), ObjectType("Book"), ObjectType("Author")


@query.field("shelf")
async def resolve_shelf(_: Any, info: Any, size: int) -> list[Book]:
    return [book(number) for number in range(size)]


@query.field("book")
def resolve_book(_: Any, info: Any, id: str) -> Book:
    return book(3)


@query.field("broken")
async def resolve_broken(_: Any, info: Any) -> Book:
    raise RuntimeError("torn pages")


@query.field("lost")
def resolve_lost(_: Any, info: Any) -> None:
    return None


@books.field("author")
async def resolve_author(parent: Book, info: Any, loud: bool) -> Author:
    return Author(f"Author {parent.pages}", loud, [parent, None])


@authors.field("shout")
def resolve_shout(parent: Author, info: Any) -> str:
    return parent.name.upper() if parent.loud else parent.name


async def load_books(ids: Sequence[UUID], context: Any) -> Mapping[UUID, Book]:
    return {entity_id: book(entity_id.int) for entity_id in ids if entity_id.int < 5}


SCHEMA: GraphQLSchema = build_schema(SDL, (query, books, authors), (Entity("Book", Book, load_books),))


async def by_specification(text: str, variables: dict[str, Any] | None) -> tuple[Any, bool]:
    outcome = execute(SCHEMA, parse(text), variable_values=variables)
    result = outcome if isinstance(outcome, ExecutionResult) else await outcome
    return result.data, bool(result.errors)


def compiled(text: str) -> CompiledQuery | None:
    return DocumentCache(SCHEMA).prepare(text, None).compiled


async def answered(text: str, variables: dict[str, Any] | None) -> dict[str, Any]:
    prepared = DocumentCache(SCHEMA).prepare(text, None)
    assert prepared.compiled is not None
    return await prepared.compiled.execute(None, prepared.variables.coerced(variables or {}))


QUERIES = [
    ("{ shelf { id fullTitle pages price tags genre __typename } }", None),
    ("{ shelf(size: 4) { ...f sequel { ...f ... on Book { pages } } } } fragment f on Book { id fullTitle }", None),
    (
        "query ($n: Int!) { shelf(size: $n) { a: author { name } b: author(loud: true) { shout books { id } } } }",
        {"n": 3},
    ),
    ("query ($n: Int) { shelf(size: $n) { id } }", {}),
    ("query ($n: Int = 1) { shelf(size: $n) { id } }", {}),
    ("query ($n: Int = 1) { shelf(size: $n) { id } }", {"n": 4}),
    ("query ($id: ID!, $l: Boolean) { book(id: $id) { author(loud: $l) { shout } } }", {"id": 3, "l": True}),
    ("query ($id: ID!, $l: Boolean) { book(id: $id) { author(loud: $l) { shout } } }", {"id": "3", "l": None}),
    ("query ($id: ID!, $l: Boolean) { book(id: $id) { author(loud: $l) { shout } } }", {"id": "3"}),
    ("{ x: shelf { id } shelf { pages author { books { author { name } } } } book(id: 1) { id } }", None),
    (
        "query ($r: [_Any!]!) { _entities(representations: $r) { __typename ... on Book { pages author { name } } } }",
        {"r": [{"__typename": "Book", "id": str(UUID(int=number))} for number in (2, 9, 1)]},
    ),
]


@pytest.mark.parametrize(("text", "variables"), QUERIES)
async def test_compiled_answers_are_those_of_the_specification(text: str, variables: dict[str, Any] | None) -> None:
    answer = await answered(text, variables)
    expected, _ = await by_specification(text, variables)
    assert answer == expected
    assert list(answer) == list(expected)


@pytest.mark.parametrize(
    ("text", "variables"),
    [
        ("{ shelf { id } broken { id } }", None),
        ("{ lost { id } }", None),
        (
            "query ($r: [_Any!]!) { _entities(representations: $r) { __typename } }",
            {"r": [{"__typename": "Pamphlet", "id": "1"}]},
        ),
    ],
)
async def test_what_does_not_go_well_is_left_to_the_specification(text: str, variables: dict[str, Any] | None) -> None:
    with pytest.raises(Exception):  # noqa: B017, PT011 - any failure will do
        await answered(text, variables)


@pytest.mark.parametrize("text", ["{ __schema { queryType { name } } }", "{ shelf { id @include(if: true) } }"])
def test_introspection_and_directives_are_not_compiled(text: str) -> None:
    assert compiled(text) is None


FIELDS: st.SearchStrategy[str] = st.deferred(
    lambda: st.lists(LEAVES | NESTED, min_size=1, max_size=4).map(lambda fields: "{ " + " ".join(fields) + " }")
)
LEAVES: st.SearchStrategy[str] = st.sampled_from(
    ["id", "fullTitle", "pages", "t: tags", "genre", "__typename", "price"]
)
NESTED: st.SearchStrategy[str] = st.builds(
    lambda field, inner: f"{field} {inner}", st.sampled_from(["sequel", "s: sequel"]), FIELDS
)


@settings(max_examples=60, deadline=None)
@given(selection=FIELDS)
def test_any_selection_is_answered_as_by_the_specification(selection: str) -> None:
    text = f"{{ shelf(size: 3) {selection} }}"
    assert asyncio.run(answered(text, None)) == asyncio.run(by_specification(text, None))[0]


def test_the_operation_is_the_one_that_was_asked_for() -> None:
    prepared = DocumentCache(SCHEMA).prepare("query A { shelf { id } } query B { book(id: 1) { id } }", "B")
    assert isinstance(prepared.definition, OperationDefinitionNode)
    assert prepared.label == "query book"
