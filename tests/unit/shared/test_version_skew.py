"""What the router asks by another version of the schema is told as an update under way, and never as a mistake."""

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from ariadne import MutationType, QueryType
from prometheus_client import REGISTRY
from starlette.types import Message

from shared.graphql import skew
from shared.graphql.context import RequestContext
from shared.graphql.endpoint import GraphQLEndpoint
from shared.graphql.federation import Entity, build_schema
from shared.security.auth import TokenVerifier
from shared.security.secrets import Secret

SDL = """
extend schema @link(url: "https://specs.apollo.dev/federation/v2.6", import: ["@key"])
type Query {
  book(id: ID): Book
  books(filter: BookFilter, sort: BookSort, first: Int! = 3): [Book!]
  cheapest(max: Decimal!): Book
  usualSort: BookSort
}
type Mutation { bookOrder(input: BookOrderInput!, idempotencyKey: String!): Book! }
type Book @key(fields: "id") { id: ID! title: String! author: Author size(unit: Unit!): Int }
type Author { name: String! }
input BookFilter { text: String maxPrice: Decimal sort: BookSort also: [BookFilter!] }
input BookOrderInput { bookId: ID! pieces: Int! }
enum BookSort { TITLE PRICE }
enum Unit { CM INCH }
scalar Decimal
"""
ENTITIES = "query ($r: [_Any!]!) { _entities(representations: $r) { %s } }"
ORDER = 'mutation ($input: BookOrderInput!) { bookOrder(input: $input, idempotencyKey: "k") { id } }'


@dataclass(frozen=True)
class Book:
    """An entity of these tests."""

    id: uuid.UUID
    title: str = "Emma"


@dataclass
class Shop:
    """A subgraph's endpoint, and the mutations that it has begun."""

    begun: list[Any] = field(default_factory=list)

    def __post_init__(self) -> None:
        query, mutation = QueryType(), MutationType()
        query.set_field("book", lambda *_, **__: Book(uuid.UUID(int=1)))
        query.set_field("books", lambda *_, **__: [])
        query.set_field("usualSort", lambda *_: "NEWEST")
        mutation.set_field("bookOrder", lambda *_, **given: self.begun.append(given))
        schema = build_schema(SDL, (query, mutation), (Entity("Book", Book, self._load),))
        verifier = TokenVerifier("http://127.0.0.1:1", "mercato", "mercato")
        self._endpoint = GraphQLEndpoint(schema, verifier, Secret("secret"))

    async def ask(self, query: str, variables: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Asks as the router does."""
        content, sent = json.dumps({"query": query, "variables": variables}).encode(), []

        async def receive() -> Message:
            return {"type": "http.request", "body": content}

        async def send(message: Message) -> None:
            sent.append(message)

        await self._endpoint({"headers": [(b"x-router-secret", b"secret")]}, receive, send)
        answer: dict[str, Any] = json.loads(sent[-1]["body"])
        return answer

    async def _load(self, ids: Any, _: RequestContext) -> dict[uuid.UUID, Book]:
        return {each: Book(each) for each in ids}


@pytest.fixture(scope="module")
def shop() -> Shop:
    return Shop()


@pytest.fixture(autouse=True)
def _nothing_told_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(skew, "_told", set())


def counted(part: str) -> float:
    return REGISTRY.get_sample_value("mercato_version_skew_total", {"part": part}) or 0


DOCUMENTS = {
    "a field": ("{ book { id colour } }", "Cannot query field 'colour' on type 'Book'."),
    "a root field": ("{ journals { id } }", "Cannot query field 'journals' on type 'Query'."),
    "a mutation": ("mutation { bookReturn { id } }", "Cannot query field 'bookReturn' on type 'Mutation'."),
    "an argument": ("{ books(language: EN) { id } }", "Unknown argument 'language' on field 'Query.books'."),
    "an argument that is required here": ("{ book { size } }", "Argument 'Book.size(unit:)' of type 'Unit!'"),
    "a type": ("{ book { ... on Journal { id } } }", "Unknown type 'Journal'."),
    "a type of a variable": ("query ($l: Language) { books(language: $l) { id } }", "Unknown type 'Language'."),
    "another type of a variable": ("query ($f: String) { books(first: $f) { id } }", "expecting type 'Int!'."),
    "a type that became an object": ("{ book { author } }", "Field 'author' of type 'Author' must have a selection"),
    "a type that became a leaf": ("{ book { title { text } } }", "Field 'title' must not have a selection"),
    "a value of an enum": ("{ books(sort: NEWEST) { id } }", "Value 'NEWEST' does not exist in 'BookSort' enum."),
    "an enum that was a text": ('{ books(sort: "title") { id } }', "Enum 'BookSort' cannot represent the value."),
    "an input field": ('{ books(filter: {by: "x"}) { id } }', "'BookFilter' not to include unknown field 'by'."),
    "an input field that is required here": (
        'mutation { bookOrder(input: {bookId: "1"}, idempotencyKey: "k") { id } }',
        "'BookOrderInput' to include required field 'pieces'.",
    ),
    "a null that is none here": ("{ books(first: null) { id } }", "'Int!' not to be None."),
    "a directive": ("{ book { id @translated } }", "Unknown directive '@translated'."),
    "a type of an entity": (ENTITIES % "... on Journal { id }", "Unknown type 'Journal'."),
    "an entity's field": (ENTITIES % "... on Book { colour }", "Cannot query field 'colour' on type 'Book'."),
}  # fmt: skip


@pytest.mark.parametrize("what", DOCUMENTS)
async def test_a_document_that_asks_for_what_is_not_here_meets_an_update(
    shop: Shop, what: str, caplog: pytest.LogCaptureFixture
) -> None:
    query, difference = DOCUMENTS[what]
    before, document = counted("document"), f"{query} #{uuid.uuid4()}"
    for _ in range(2):  # the second time as it is remembered
        answer = await shop.ask(document, {"r": [{"__typename": "Book", "id": "1"}]})
        assert {error["extensions"]["code"] for error in answer["errors"]} == {"UNAVAILABLE"}
        assert all("is being updated" in error["message"] for error in answer["errors"])
    assert counted("document") == before + 2
    (line,) = caplog.messages
    assert difference in line
    assert shop.begun == []


VARIABLES: dict[str, tuple[dict[str, Any], str]] = {
    "an input field": ({"filter": {"by": "x"}}, "$filter has a field that BookFilter does not take: by."),
    "an input field within": ({"filter": {"also": [{"by": "x"}]}}, "$filter.also.0 has a field that BookFilter"),
    "a value of an enum": ({"sort": "NEWEST"}, "$sort has a value that is no BookSort."),
    "a value of an enum within": ({"filter": {"sort": "NEWEST"}}, "$filter.sort has a value that is no BookSort."),
    "a text that became an object": ({"filter": "x"}, "$filter has a value that is no BookFilter."),
    "an input field that is required here": ({"input": {"bookId": "1"}}, "$input.pieces is missing"),
    "a null that is none here": ({"input": {"bookId": "1", "pieces": None}}, "$input.pieces is missing"),
}
SEARCH = "query Q%s ($filter: BookFilter, $sort: BookSort) { books(filter: $filter, sort: $sort) { id } }"


@pytest.mark.parametrize("what", VARIABLES)
async def test_variables_of_a_shape_that_is_not_here_meet_an_update(
    shop: Shop, what: str, caplog: pytest.LogCaptureFixture
) -> None:
    variables, difference = VARIABLES[what]
    query, key = (ORDER, "bookOrder") if "input" in variables else (SEARCH % uuid.uuid4().hex, "books")
    before = counted("variables")
    (error,) = (await shop.ask(query, variables))["errors"]
    assert (error["path"], error["extensions"]) == ([key], {"code": "UNAVAILABLE"})
    assert counted("variables") == before + 1
    assert f"query {key}: {difference}" in caplog.text or f"mutation {key}: {difference}" in caplog.text
    assert shop.begun == []


MISTAKES: dict[str, tuple[str, dict[str, Any]]] = {
    "a syntax error": ("{ book", {}),
    "no such operation": ("query A { book { id } } query B { book { id } }", {}),
    "a value that our scalar does not take": ('{ cheapest(max: "geheim") { id } }', {}),
    "one within an object": ('{ books(filter: {maxPrice: "geheim"}) { id } }', {}),
    "one within a list": ('{ books(filter: {also: [{maxPrice: "geheim"}]}) { id } }', {}),
    "one as a default": ('query ($d: Decimal = "geheim") { books(filter: {maxPrice: $d}) { id } }', {}),
    "a number that is too large": ("{ books(first: 2147483648) { id } }", {}),
    "one as a variable": ("query ($f: BookFilter) { books(filter: $f) { id } }", {"f": {"maxPrice": "geheim"}}),
    "a number that is too large as a variable": ("query ($n: Int!) { books(first: $n) { id } }", {"n": 2**31}),
    "a variable that the document itself requires": ("query ($n: Int!) { books(first: $n) { id } }", {}),
    "a null that only a value tells of": ("query ($n: Int = 3) { books(first: $n) { id } }", {"n": None}),
    "a mistake beside a difference": ('{ books(filter: {maxPrice: "geheim"}) { colour } }', {}),
}


@pytest.mark.parametrize("what", MISTAKES)
async def test_a_mistake_in_a_value_stays_the_clients(shop: Shop, what: str, caplog: pytest.LogCaptureFixture) -> None:
    before = [counted(part) for part in ("document", "variables", "representations")]
    answer = await shop.ask(*MISTAKES[what])
    assert {error["extensions"]["code"] for error in answer["errors"]} == {"BAD_USER_INPUT"}
    assert "geheim" not in json.dumps(answer)
    assert [counted(part) for part in ("document", "variables", "representations")] == before
    assert caplog.messages == []


async def test_a_request_that_asks_for_too_much_stays_one_whatever_is_not_here(shop: Shop) -> None:
    answer = await shop.ask("{ " + " ".join(f"a{number}: journals" for number in range(300)) + " }")
    assert {error["extensions"]["code"] for error in answer["errors"]} == {"LIMIT_EXCEEDED"}


async def test_what_stays_empty_is_named_by_its_places(shop: Shop) -> None:
    answer = await shop.ask("{ book { id } more: books { colour } ...F } fragment F on Query { books { id } }")
    assert answer["data"] is None
    assert [error["path"] for error in answer["errors"]] == [["book"], ["more"], ["books"]]
    answer = await shop.ask(ENTITIES % "__typename ... on Book { title colour }", {"r": []})
    assert answer["data"] == {"_entities": [None]}
    assert [error["path"] for error in answer["errors"]] == [["_entities", 0, "title"], ["_entities", 0, "colour"]]


async def test_an_answer_without_a_place_has_an_error_all_the_same(shop: Shop) -> None:
    answer = await shop.ask(ENTITIES % "__typename @translated", {"r": []})
    assert answer["data"] is None
    assert [sorted(error) for error in answer["errors"]] == [["extensions", "message"]]


REPRESENTATIONS: dict[str, tuple[Any, str]] = {
    "a type": ({"__typename": "Journal", "id": "1"}, "'Journal' is no entity of this subgraph."),
    "a key": ({"__typename": "Book", "isbn": "978-3"}, 'A representation has no key: "id".'),
    "no type at all": ({"id": "1"}, "'None' is no entity of this subgraph."),
}


@pytest.mark.parametrize("what", REPRESENTATIONS)
async def test_a_representation_that_is_not_known_leaves_the_others_standing(
    shop: Shop, what: str, caplog: pytest.LogCaptureFixture
) -> None:
    unknown, difference = REPRESENTATIONS[what]
    known = {"__typename": "Book", "id": str(uuid.UUID(int=1))}
    before = counted("representations")
    answer = await shop.ask(ENTITIES % "... on Book { title }", {"r": [known, unknown, known]})
    assert answer["data"] == {"_entities": [{"title": "Emma"}, None, {"title": "Emma"}]}
    (error,) = answer["errors"]
    assert (error["path"], error["extensions"]) == (["_entities", 1], {"code": "UNAVAILABLE"})
    assert counted("representations") == before + 1
    assert [message.partition("schema: ")[2] for message in caplog.messages] == [f"query _entities(Book): {difference}"]


async def test_the_log_is_told_once_of_an_operation_and_never_of_a_value(
    shop: Shop, caplog: pytest.LogCaptureFixture
) -> None:
    field = f"f{uuid.uuid4().hex}"
    for text in ("geheim", "secreto"):
        await shop.ask(f'{{ books(filter: {{{field}: "{text}"}}) {{ id }} }}')
    (line,) = caplog.messages
    assert line.startswith("the router's supergraph has another version of this subgraph's schema: query books: ")
    assert field in line
    assert "geheim" not in line


async def test_a_value_that_another_version_has_stored_is_no_mistake_of_the_client(
    shop: Shop, caplog: pytest.LogCaptureFixture
) -> None:
    answer = await shop.ask("{ usualSort book { id } }")
    assert answer["data"] == {"usualSort": None, "book": {"id": str(uuid.UUID(int=1))}}
    assert [(error["path"], error["extensions"]["code"]) for error in answer["errors"]] == [(["usualSort"], "INTERNAL")]
    assert "['usualSort']: Enum 'BookSort'" in caplog.text
