"""What may be written in several ways is understood in each: descriptions, numbers, names of variables, headers."""

import asyncio
import json
from typing import Any

import pytest

from tests.identity import Issuer
from tests.integration.router.conftest import Doubles
from tests.integration.router.processes import Router

TITLES = "{ products(first: 1) { nodes { title } } }"
FOUND = {"products": {"nodes": [{"title": "Product 0"}]}}
DESCRIBED = {
    "an operation": f'"d" query A {TITLES}',
    "an operation by a block": f'"""\n d\n"""\nquery {TITLES}',
    "a fragment": '{ products(first: 1) { nodes { ...F } } } "d" fragment F on Product { title }',
    "a variable": 'query A("""d""" $n: Int = 1) { products(first: $n) { nodes { title } } }',
}


@pytest.mark.parametrize("name", DESCRIBED)
async def test_a_definition_may_be_described(router: Router, name: str) -> None:
    assert await router.ask(DESCRIBED[name]) == {"data": FOUND}


async def test_a_short_query_may_not_be_described(router: Router) -> None:
    assert "data" not in await router.ask(f'"d" {TITLES}')


NUMBERS = {"1.0": 1, "1e0": 1, "10e-1": 1, "2": 2, "-0": 0}


@pytest.mark.parametrize("number", NUMBERS)
async def test_json_has_one_kind_of_number(router: Router, number: str) -> None:
    query = json.dumps(
        "query ($n: Int, $id: ID) { products(first: $n) { nodes { title } } product(id: $id) { title } }"
    )
    body = f'{{"query": {query}, "variables": {{"n": {number}, "id": {number}}}}}'
    response = await router.http.post("/graphql", content=body, headers={"content-type": "application/json"})
    answer = response.json()
    assert "errors" not in answer, answer
    assert len(answer["data"]["products"]["nodes"]) == NUMBERS[number]


async def test_a_variable_may_have_the_planners_own_name(router: Router, doubles: Doubles) -> None:
    query = """query ($representations: Boolean!, $n: Int = 1) { products(first: $n) { nodes { defaultVariant {
        stock { available @include(if: $representations) status } } } } }"""
    answer = await router.ask(query, representations=True)
    assert answer["data"]["products"]["nodes"][0]["defaultVariant"]["stock"] == {"available": 7, "status": "IN_STOCK"}
    assert "errors" not in answer
    answer = await router.ask(query, representations=False)
    assert answer["data"]["products"]["nodes"][0]["defaultVariant"]["stock"] == {"status": "IN_STOCK"}


@pytest.mark.parametrize("digits", ["18446744073709551616", "-9223372036854775809", "1"])
async def test_an_id_may_be_any_whole_number(router: Router, digits: str) -> None:
    assert await router.ask(f"{{ product(id: {digits}) {{ title }} }}") == {"data": {"product": {"title": "Product 1"}}}


async def test_an_empty_name_of_an_operation_is_none(router: Router) -> None:
    response = await router.http.post("/graphql", json={"query": TITLES, "operationName": ""})
    assert (response.status_code, response.json()) == (200, {"data": FOUND})
    response = await router.http.get("/graphql", params={"query": TITLES, "operationName": ""})
    assert (response.status_code, response.json()) == (200, {"data": FOUND})


async def test_a_persisted_query_without_its_hash_is_asked_for(router: Router) -> None:
    for persisted in ({}, {"version": 1}):
        response = await router.http.post("/graphql", json={"extensions": {"persistedQuery": persisted}})
        assert response.json()["errors"][0]["extensions"]["code"] == "PERSISTED_QUERY_NOT_SUPPORTED"


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER", "bEaReR", "Bearer "])
async def test_a_scheme_has_no_case(router: Router, issuer: Issuer, scheme: str) -> None:
    headers = {"authorization": f"{scheme} {issuer.token()}"}
    response = await router.http.post("/graphql", json={"query": "{ me { name } }"}, headers=headers)
    assert (response.status_code, "errors" in response.json()) == (200, False), response.text


@pytest.mark.parametrize("between", ["\t", " \t", ", ", ""])
async def test_between_a_scheme_and_a_token_are_blanks_alone(router: Router, issuer: Issuer, between: str) -> None:
    for query in ("{ __typename }", "{ me { name } }"):
        headers = {"authorization": f"Bearer{between}{issuer.token()}"}
        response = await router.http.post("/graphql", json={"query": query}, headers=headers)
        assert (response.status_code, "data" in response.json()) == (401, False), response.text


async def test_lines_of_accept_are_one_list(router: Router) -> None:
    headers = [("accept", "text/html"), ("accept", "application/graphql-response+json")]
    response = await router.http.post("/graphql", json={"query": TITLES}, headers=headers)
    assert (response.status_code, response.json()) == (200, {"data": FOUND})
    assert response.headers["content-type"].startswith("application/graphql-response+json")


@pytest.mark.parametrize("path", ["/graphql?query=%7B__typename%7D", "/nothing"])
async def test_who_would_change_the_protocol_is_answered_in_this_one(router: Router, path: str) -> None:
    upgrade = {"connection": "Upgrade, HTTP2-Settings", "upgrade": "h2c", "http2-settings": "AAMAAABkAAQCAAAAAAIAAAAA"}
    response = await asyncio.wait_for(router.http.get(path, headers=upgrade), 10)
    expected: Any = {"data": {"__typename": "Query"}} if "query" in path else None
    assert (response.status_code, response.json().get("data")) == (
        200 if expected else 404,
        expected and expected["data"],
    )


async def test_a_post_that_would_change_the_protocol_and_has_no_body_is_answered(router: Router) -> None:
    headers = {"connection": "Upgrade", "upgrade": "h2c", "content-type": "application/json"}
    request = router.http.build_request("POST", "/graphql", headers=headers)
    del request.headers["content-length"]
    response = await asyncio.wait_for(router.http.send(request), 10)
    assert (response.status_code, response.json()["errors"][0]["extensions"]["code"]) == (400, "BAD_USER_INPUT")


SCHEMA = """{ __schema { types { name } directives { name } }
    places: __type(name: "__DirectiveLocation") { enumValues { name } } }"""


async def test_the_schema_is_told_in_the_same_words_each_time(router: Router) -> None:
    answers = [await router.ask(SCHEMA) for _ in range(3)]
    assert answers[0] == answers[1] == answers[2]
    names = [each["name"] for each in answers[0]["data"]["__schema"]["types"]]
    assert "Product" in names
    assert "Float" not in names
    assert {"name": "VARIABLE_DEFINITION"} in answers[0]["data"]["places"]["enumValues"]


MISTAKES = {
    'query {\n  product(slug: """\n    a\n    b\n  """) {\n    titel\n  }\n}': (6, 5),
    '{ product(slug: "\\u{41}\\u{1F600}") { titel } }': (1, 38),
    '"a description"\nquery {\n  products(first: 1) { titel }\n}': (3, 24),
}


@pytest.mark.parametrize("document", MISTAKES)
async def test_a_mistake_is_told_where_the_client_wrote_it(router: Router, document: str) -> None:
    (error,) = (await router.ask(document))["errors"]
    line, column = MISTAKES[document]
    assert error["locations"] == [{"line": line, "column": column}]
