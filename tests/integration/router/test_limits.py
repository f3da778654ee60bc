"""What asks for too much is refused before it is validated, and no subgraph hears of it."""

import json
from collections.abc import AsyncIterator
from contextlib import suppress

import httpx
import pytest

from tests.integration.router.conftest import Doubles
from tests.integration.router.processes import ROUTER, Router, assert_mistake

TOO_MUCH = {
    "far too deep": '{ category(slug: "a") { ' + "parent { " * 200 + "id" + " }" * 200 + " } }",
    "too deep": '{ category(slug: "a") { ' + "parent { " * 15 + "id" + " }" * 15 + " } }",
    "too many aliases": "{ " + " ".join(f"a{number}: __typename" for number in range(1_000)) + " }",
    "too many braces": "{ " + "...F " * 500 + "} fragment F on Query { " + "... { " * 40 + "__typename" + " }" * 41,
    "too many tokens": "{ " + "__typename " * 5_001 + " }",
}


@pytest.mark.parametrize("excess", TOO_MUCH)
async def test_a_document_that_asks_for_too_much_is_refused(router: Router, doubles: Doubles, excess: str) -> None:
    answer = await router.ask(TOO_MUCH[excess])
    assert "data" not in answer
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["LIMIT_EXCEEDED"]
    assert [await each.received() for each in doubles.values()] == [[], [], []]


async def test_a_field_may_be_repeated_as_often_as_there_may_be_fields(router: Router) -> None:
    answer = await router.ask("{ products(first: 1) { nodes { " + "slug " * 4_900 + "} } }")
    assert answer == {"data": {"products": {"nodes": [{"slug": "product-0"}]}}}
    objects = await router.ask("{ " + "products(first: 1) { nodes { slug category { name } } } " * 300 + "}")
    assert objects == {"data": {"products": {"nodes": [{"slug": "product-0", "category": {"name": "Things"}}]}}}


CONFLICTS = {
    "another field": "{ products { nodes { " + "slug " * 1_000 + "slug: title } } }",
    "other arguments": "{ " + "products(first: 1) { totalCount } " * 200 + "products(first: 2) { totalCount } }",
    "deep within": "{ products(first: 1) { nodes { " + "category { name } " * 500 + "category { name: slug } } } }",
    "in fragments": """{ products { nodes { ...F ...G } } } fragment F on Product { category { ...H } }
        fragment G on Product { category { ... { name: id } } } fragment H on Category { name }""",
    "of another shape": "{ products { nodes { a: variants { sku } a: defaultVariant { sku } } } }",
}


@pytest.mark.parametrize("where", CONFLICTS)
async def test_one_field_among_many_that_cannot_be_merged_is_found(router: Router, where: str) -> None:
    answer = await router.ask(CONFLICTS[where])
    assert_mistake(answer)
    assert any("conflict" in error["message"] for error in answer["errors"])


async def test_brackets_within_each_other_count_as_many_on_both_routers(router: Router) -> None:
    most = json.loads((ROUTER / "limits.json").read_text())["documentNesting"]
    within = "{ ... " * (most - 1) + "{ __typename }" + " }" * (most - 1)
    assert await router.ask(within) == {"data": {"__typename": "Query"}}
    answer = await router.ask(f"{{ ... {within} }}")
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["LIMIT_EXCEEDED"]


async def test_depth_and_aliases_within_fragments_count(router: Router) -> None:
    deep = "fragment Deep on Category { " + "parent { " * 14 + "id" + " }" * 14 + " }"
    answer = await router.ask('{ category(slug: "a") { parent { ...Deep } } } ' + deep)
    assert answer["errors"][0]["extensions"]["code"] == "LIMIT_EXCEEDED"
    many = "fragment Many on Query { " + " ".join(f"a{number}: __typename" for number in range(60)) + " }"
    answer = await router.ask("{ ...Many ... on Query { ...Many } } " + many)
    assert answer["errors"][0]["extensions"]["code"] == "LIMIT_EXCEEDED"


async def test_fragments_that_double_each_other_are_refused_at_once(router: Router) -> None:
    doubling = [f"fragment F{n} on Query {{ ...F{n + 1} ...F{n + 1} }}" for n in range(40)]
    answer = await router.ask("{ ...F0 } " + " ".join(doubling) + " fragment F40 on Query { __typename }")
    assert answer["errors"][0]["extensions"]["code"] == "LIMIT_EXCEEDED"


async def test_a_fragment_within_itself_is_refused(router: Router) -> None:
    answer = await router.ask("{ ...Loop } fragment Loop on Query { ...Loop }")
    assert answer["errors"]
    assert "data" not in answer


async def test_what_is_large_but_sane_is_answered(router: Router) -> None:
    pages = [f"page{n}: products(first: 1) {{ nodes {{ id slug title description createdAt }} }}" for n in range(90)]
    answer = await router.ask("{ " + " ".join(pages) + " }")
    assert len(answer["data"]) == 90


def a_megabyte() -> bytes:
    return json.dumps({"query": "{ __typename # " + "x" * 1_000_000 + "\n}"}).encode()


async def in_pieces(body: bytes) -> AsyncIterator[bytes]:
    yield body


@pytest.mark.parametrize("length", ["told", "not told"])
async def test_a_query_of_a_megabyte_is_refused_with_413(router: Router, length: str) -> None:
    content = a_megabyte() if length == "told" else in_pieces(a_megabyte())
    response = await router.http.post("/graphql", content=content, headers={"content-type": "application/json"})
    assert response.status_code == 413
    if length == "told":
        assert response.json()["errors"][0]["extensions"]["code"] == "LIMIT_EXCEEDED"


@pytest.mark.parametrize("length", ["told", "not told"])
async def test_no_subgraph_hears_of_a_query_of_a_megabyte(router: Router, doubles: Doubles, length: str) -> None:
    """Hive Router answers 413 and closes with the rest unread, so a client may see the connection reset instead."""
    content = a_megabyte() if length == "told" else in_pieces(a_megabyte())
    with suppress(httpx.ReadError, httpx.WriteError, httpx.RemoteProtocolError):
        response = await router.http.post("/graphql", content=content, headers={"content-type": "application/json"})
        assert response.status_code == 413
    assert [await each.received() for each in doubles.values()] == [[], [], []]
    assert (await router.ask("{ __typename }"))["data"] == {"__typename": "Query"}


@pytest.mark.parametrize(
    "body", ["", "{", "[]", "null", '"text"', "{}", '[{"query": "{ __typename }"}]', '{"query": 1}']
)
async def test_a_body_that_is_no_request_is_refused_with_400(router: Router, body: str) -> None:
    response = await router.http.post("/graphql", content=body, headers={"content-type": "application/json"})
    assert response.status_code == 400
    assert response.json()["errors"][0]["extensions"] == {"code": "BAD_USER_INPUT"}


async def test_a_form_of_a_foreign_page_can_not_post(router: Router) -> None:
    for media_type in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"):
        content = '{"query": "mutation { cartCreate { errors { code } } }"}'
        response = await router.http.post("/graphql", content=content, headers={"content-type": media_type})
        assert response.status_code in (400, 403, 415)


async def test_a_link_can_not_start_a_mutation(router: Router) -> None:
    response = await router.http.get("/graphql", params={"query": "mutation { cartCreate { errors { code } } }"})
    assert response.status_code >= 400
