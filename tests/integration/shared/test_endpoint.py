"""The GraphQL endpoint of a subgraph, asked by those it should not trust."""

import base64
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import pytest_asyncio
from joserfc.jwk import ECKey

from tests.backends import Backends
from tests.identity import Issuer
from tests.subgraphs import Running, fresh_environment, running

STAFF_QUERY = "{ warehouses { code } }"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def subgraph(backends: Backends, issuer: Issuer) -> AsyncIterator[Running]:
    environment = await fresh_environment(backends, "inventory", "kafka")
    async with running("inventory", {**environment, "JWKS_URL": issuer.jwks_url}, "serve") as process:
        yield process


def code(answer: dict[str, Any]) -> str:
    extension: str = answer["errors"][0]["extensions"]["code"]
    return extension


async def test_a_caller_that_is_not_the_router_is_rejected_even_for_entities(subgraph: Running) -> None:
    answer = await subgraph.graphql(
        "query ($r: [_Any!]!) { _entities(representations: $r) { __typename } }", {"r": []}, secret="guess"
    )
    assert code(answer) == "FORBIDDEN"
    assert "data" not in answer


@pytest.mark.parametrize(
    "query",
    [
        "{" + "a " * 400_000 + "}",
        "{ warehouses " + "{ id " * 200 + "}" * 201,
        "{" + " ".join(f"a{number}: __typename" for number in range(1000)) + "}",
        "{" + " ".join(f"warehouses {{ a{number}: code }}" for number in range(1000)) + "}",
    ],
    ids=["a megabyte", "200 levels", "1,000 aliases", "1,000 aliases below"],
)
async def test_an_excessive_query_is_rejected_before_it_is_executed(subgraph: Running, query: str) -> None:
    answer = await subgraph.graphql(query)
    assert code(answer) == "LIMIT_EXCEEDED"
    assert "data" not in answer


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"nonsense",
        b"[]",
        b"{}",
        b'{"query": 1}',
        b'{"query": "{a}", "variables": []}',
        b'{"query": "{a}", "operationName": []}',
        b'{"query": "{a}", "variables": {"a": "\xff"}}',
        b'{"query": "{a}", "variables": {"a": "\\ud800"}}',
        b"[" * 1000,
    ],
)
async def test_a_malformed_body_is_rejected(subgraph: Running, body: bytes) -> None:
    headers = {"x-router-secret": subgraph.environment["ROUTER_SECRET"]}
    answer = (await subgraph.http.post("/graphql", content=body, headers=headers)).json()
    assert code(answer) == "BAD_USER_INPUT"


@pytest.mark.parametrize(
    "variables",
    [
        b"[" * 20_000 + b"]" * 20_000,
        b'{"a":' * 100 + b"1" + b"}" * 100,
        b"[" + b"1," * 50_000 + b"1]",
        b"{" + b",".join(b'"%0100d":1' % number for number in range(1000)) + b"}",
        b'{"' + b"k" * 1000 + b'": 1}',
        b'"' + b"x" * 600_000 + b'"',
    ],
    ids=["20,000 levels", "100 levels", "50,000 values", "1,000 keys", "a long key", "too large"],
)
async def test_a_body_beyond_the_limits_is_rejected(subgraph: Running, variables: bytes) -> None:
    headers = {"x-router-secret": subgraph.environment["ROUTER_SECRET"]}
    content = b'{"query": "{ __typename }", "variables": {"a": ' + variables + b"}}"
    answer = (await subgraph.http.post("/graphql", content=content, headers=headers)).json()
    assert code(answer) == "LIMIT_EXCEEDED"
    assert "data" not in answer


async def test_what_costs_too_much_is_rejected_with_its_cost(subgraph: Running, issuer: Issuer) -> None:
    representations = [{"__typename": "ProductVariant", "id": str(number)} for number in range(700)]
    query = """query ($r: [_Any!]!) {
      _entities(representations: $r) { ... on ProductVariant { stockLevels { onHand } } }
    }"""
    answer = await subgraph.graphql(query, {"r": representations}, issuer.token(scope="inventory:read"))
    assert answer["errors"][0]["extensions"] == {"code": "LIMIT_EXCEEDED", "cost": {"estimated": 7700, "maximum": 6000}}
    assert "data" not in answer


async def test_what_is_wrong_with_a_variable_is_told_without_its_value(subgraph: Running) -> None:
    answer = await subgraph.graphql(
        "query ($r: [_Any!]!) { _entities(representations: $r) { __typename } }", {"r": None}
    )
    assert answer["errors"] == [
        {"message": "$r is missing: it has the type [_Any!]!.", "extensions": {"code": "BAD_USER_INPUT"}}
    ]


@pytest.mark.parametrize("query", ["{", "query A { __typename } query B { __typename }"])
async def test_a_document_that_can_not_be_understood_is_rejected(subgraph: Running, query: str) -> None:
    assert code(await subgraph.graphql(query)) == "BAD_USER_INPUT"


@pytest.mark.parametrize("query", ["{ nothing }", "{ warehouses(first: 1) { code } }"])
async def test_a_document_that_the_schema_does_not_have_everything_for_is_version_skew(
    subgraph: Running, query: str
) -> None:
    assert code(await subgraph.graphql(query)) == "UNAVAILABLE"


async def test_a_token_with_the_scope_is_let_in(subgraph: Running, issuer: Issuer) -> None:
    assert (await subgraph.graphql(STAFF_QUERY, token=issuer.token(scope="inventory:read")))["data"] == {
        "warehouses": []
    }


async def test_a_token_without_the_scope_is_forbidden(subgraph: Running, issuer: Issuer) -> None:
    assert code(await subgraph.graphql(STAFF_QUERY, token=issuer.token(scope="orders:read"))) == "FORBIDDEN"


async def test_nobody_is_asked_to_log_in(subgraph: Running) -> None:
    assert code(await subgraph.graphql(STAFF_QUERY)) == "UNAUTHENTICATED"


def base64url(header: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(header).encode()).decode().rstrip("=")


def forgeries(issuer: Issuer) -> dict[str, str]:
    good = issuer.token(scope="inventory:read")
    head, body, signature = good.split(".")
    altered = body[:10] + ("A" if body[10] != "A" else "B") + body[11:]
    stranger = ECKey.generate_key("P-256")
    return {
        "altered by one byte": f"{head}.{altered}.{signature}",
        "signature altered": f"{head}.{body}.{'A' if signature[0] != 'A' else 'B'}{signature[1:]}",
        "expired": issuer.token(scope="inventory:read", exp=1_700_000_000),
        "another key": issuer.token(scope="inventory:read", key=stranger),
        "another audience": issuer.token(aud="somebody-else"),
        "another issuer": issuer.token(iss="somebody-else"),
        "no signature": f"eyJhbGciOiJub25lIn0.{body}.",
        "no subject": issuer.token(sub=""),
        "not a token": "nonsense",
        "a key id that is no text": f"{base64url({'alg': 'ES256', 'kid': []})}.{body}.{signature}",
    }


@pytest.mark.parametrize("kind", list(forgeries(Issuer(ECKey.generate_key("P-256", auto_kid=True), ""))))
async def test_a_forged_token_is_rejected_for_any_query(subgraph: Running, issuer: Issuer, kind: str) -> None:
    answer = await subgraph.graphql("{ __typename }", token=forgeries(issuer)[kind])
    assert code(answer) == "UNAUTHENTICATED"
    assert "data" not in answer


async def test_other_methods_than_post_are_not_answered(subgraph: Running) -> None:
    response: httpx.Response = await subgraph.http.get("/graphql")
    assert response.status_code == 405
