"""Access tokens are verified before a subgraph is asked, and decide what a caller may see."""

import base64
import hmac
import json
import time
from collections.abc import Callable

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey

from tests.identity import Issuer, start_issuer
from tests.integration.router.conftest import Doubles
from tests.integration.router.processes import Kind, Router, router_environment
from tests.integration.router.processes import router as running_router
from tests.subgraphs import eventually

ME = "{ me { name } products(first: 1) { nodes { title } } }"
STOCK_LEVELS = "{ products(first: 2) { nodes { title defaultVariant { id stockLevels { onHand } } } } }"


def usual_claims() -> dict[str, object]:
    now = int(time.time())
    whose = {"sub": "user-1", "sid": "session-1", "auth_time": now}
    return {"iss": "mercato", "aud": "mercato", **whose, "iat": now, "exp": now + 600}


def altered(issuer: Issuer) -> str:
    header, claims, signature = issuer.token().split(".")
    return f"{header}.{claims}.{'B' if signature[0] == 'A' else 'A'}{signature[1:]}"


def with_other_claims(issuer: Issuer) -> str:
    header, _, signature = issuer.token().split(".")
    return f"{header}.{encoded({**usual_claims(), 'scope': 'inventory:read'})}.{signature}"


def encoded(part: dict[str, object]) -> str:
    return unpadded(json.dumps(part).encode())


def unpadded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def unsigned(_: Issuer) -> str:
    return f"{encoded({'alg': 'none'})}.{encoded(usual_claims())}."


def signed_with_the_public_key(issuer: Issuer) -> str:
    """By hand: joserfc knows this trick and declines to play it."""
    content = f"{encoded({'alg': 'HS256', 'kid': issuer.key.kid})}.{encoded(usual_claims())}"
    signature = hmac.digest(issuer.key.as_pem(private=False), content.encode(), "sha256")
    return f"{content}.{unpadded(signature)}"


def without_expiry(issuer: Issuer) -> str:
    claims = {name: value for name, value in usual_claims().items() if name != "exp"}
    return jwt.encode({"alg": "ES256", "kid": issuer.key.kid}, claims, issuer.key, algorithms=["ES256"])


BAD_TOKENS: dict[str, Callable[[Issuer], str]] = {
    "altered": altered,
    "with other claims": with_other_claims,
    "expired": lambda issuer: issuer.token(exp=int(time.time()) - 61),
    "of another key": lambda issuer: issuer.token(key=ECKey.generate_key("P-256")),
    "unsigned": unsigned,
    "HS256 with the public key": signed_with_the_public_key,
    "of another issuer": lambda issuer: issuer.token(iss="somebody"),
    "for another audience": lambda issuer: issuer.token(aud="somebody"),
    "without expiry": without_expiry,
    "no token at all": lambda _: "junk",
}
bad_tokens = pytest.mark.parametrize("forge", BAD_TOKENS.values(), ids=BAD_TOKENS.keys())


@bad_tokens
async def test_a_bad_token_refuses_the_request_before_a_subgraph_is_asked(
    router: Router, doubles: Doubles, issuer: Issuer, forge: Callable[[Issuer], str]
) -> None:
    answer = await router.ask(ME, forge(issuer))
    assert "data" not in answer
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["UNAUTHENTICATED"]
    assert [await each.received() for each in doubles.values()] == [[], [], []]


@bad_tokens
async def test_with_a_bad_token_nobody_gets_at_what_is_protected(
    router: Router, doubles: Doubles, issuer: Issuer, forge: Callable[[Issuer], str]
) -> None:
    answer = await router.ask(ME, forge(issuer))
    assert (answer.get("data") or {}).get("me") is None
    assert answer["errors"]
    assert await doubles["users"].received() == []


NO_ACCESS_TOKENS: dict[str, Callable[[Issuer], str]] = {
    "of another type": lambda issuer: issuer.token(typ="JWT"),
    "without a type": lambda issuer: issuer.token(typ=None),
    "without a session": lambda issuer: issuer.token(sid=None),
    "without the time of a log-in": lambda issuer: issuer.token(auth_time=None),
}


@pytest.mark.parametrize("forge", NO_ACCESS_TOKENS.values(), ids=NO_ACCESS_TOKENS.keys())
async def test_what_is_no_access_token_is_refused(
    router: Router, doubles: Doubles, issuer: Issuer, forge: Callable[[Issuer], str]
) -> None:
    answer = await router.ask(ME, forge(issuer))
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["UNAUTHENTICATED"]
    assert await doubles["users"].received() == []


async def test_clients_of_the_newer_media_type_see_status_401(router: Router) -> None:
    headers = {"accept": "application/graphql-response+json", "authorization": "Bearer junk"}
    response = await router.http.post("/graphql", json={"query": ME}, headers=headers)
    assert response.status_code == 401


async def test_a_good_token_passes_and_goes_along(router: Router, doubles: Doubles, issuer: Issuer) -> None:
    token = issuer.token()
    answer = await router.ask(ME, token)
    assert answer == {"data": {"me": {"name": "Ada"}, "products": {"nodes": [{"title": "Product 0"}]}}}
    assert (await doubles["users"].received())[0]["headers"]["authorization"] == f"Bearer {token}"


@pytest.mark.parametrize("scheme", ["bearer", "BEARER", "Bearer  "])
async def test_a_scheme_has_no_case_and_any_number_of_blanks_behind_it(
    router: Router, issuer: Issuer, scheme: str
) -> None:
    headers = {"authorization": f"{scheme} {issuer.token()}"}
    response = await router.http.post("/graphql", json={"query": ME}, headers=headers)
    assert response.json()["data"]["me"] == {"name": "Ada"}


async def test_a_token_that_was_good_is_refused_once_it_has_expired(router: Router, issuer: Issuer) -> None:
    token, accepted = "", False
    for seconds in (2, 4, 8, 16):  # a busy machine may take longer to ask than a token lasts
        if not accepted:
            token = issuer.token(exp=int(time.time()) + seconds)
            accepted = (await router.ask(ME, token)).get("data", {}).get("me") == {"name": "Ada"}
    assert accepted

    async def refused() -> bool:
        answer = await router.ask(ME, token)
        return "errors" in answer and answer["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"

    await eventually(refused, "the token has expired")


async def test_without_a_token_protected_fields_are_null_and_the_rest_is_answered(
    router: Router, doubles: Doubles
) -> None:
    answer = await router.ask(ME)
    assert answer["data"] == {"me": None, "products": {"nodes": [{"title": "Product 0"}]}}
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["UNAUTHENTICATED"]
    assert await doubles["users"].received() == []


async def test_scopes_are_demanded_where_the_schema_asks_for_them(
    router: Router, doubles: Doubles, issuer: Issuer
) -> None:
    answer = await router.ask(STOCK_LEVELS, issuer.token(scope="orders:read"))
    variants = [node["defaultVariant"] for node in answer["data"]["products"]["nodes"]]
    assert [variant["stockLevels"] for variant in variants] == [None, None]
    codes = [error["extensions"]["code"] for error in answer["errors"]]
    assert codes == ["FORBIDDEN"]
    assert await doubles["inventory"].received() == []


async def test_a_token_with_the_scope_among_others_may_see_it(router: Router, issuer: Issuer) -> None:
    answer = await router.ask(STOCK_LEVELS, issuer.token(scope="orders:read inventory:read"))
    assert "errors" not in answer
    assert answer["data"]["products"]["nodes"][0]["defaultVariant"]["stockLevels"] == []


async def test_a_denied_field_that_must_not_be_null_empties_the_answer(router: Router, issuer: Issuer) -> None:
    answer = await router.ask("{ warehouses { id } products(first: 1) { nodes { title } } }", issuer.token())
    assert answer["data"] is None


async def test_a_denied_mutation_is_not_sent(router: Router, doubles: Doubles) -> None:
    answer = await router.ask('mutation { addressDelete(input: { id: "1" }) { deletedId } }')
    assert answer["data"] is None
    assert await doubles["users"].received() == []


async def test_a_denied_field_in_fragments_and_under_an_alias_is_denied_with_its_place(
    router: Router, issuer: Issuer
) -> None:
    query = """
      query { products(first: 2) { nodes { ...Sold } } again: products(first: 1) { nodes { ...Sold } } }
      fragment Sold on Product { variants { ... on ProductVariant { id levels: stockLevels { onHand } } } }
    """
    answer = await router.ask(query, issuer.token())
    assert [error["path"] for error in answer["errors"]] == [
        ["products", "nodes", 0, "variants", 0, "levels"],
        ["again", "nodes", 0, "variants", 0, "levels"],
    ]
    assert answer["data"]["again"]["nodes"] == [{"variants": [{"id": "variant-0", "levels": None}]}]


LEVELS_ALONE = (
    "{ products(first: 2) { nodes { variants { ...Levels } } } }"
    " fragment Levels on ProductVariant { stockLevels { onHand } }"
)


async def test_an_object_of_denied_fields_alone_stays(router: Router, issuer: Issuer) -> None:
    answer = await router.ask(LEVELS_ALONE, issuer.token())
    assert answer["data"] == {"products": {"nodes": [{"variants": [{"stockLevels": None}]}] * 2}}
    assert [error["path"] for error in answer["errors"]] == [["products", "nodes", 0, "variants", 0, "stockLevels"]]
    assert await router.ask(LEVELS_ALONE, issuer.token(scope="inventory:read")) == {
        "data": {"products": {"nodes": [{"variants": [{"stockLevels": []}]}] * 2}}
    }


@pytest.mark.parametrize("query", [LEVELS_ALONE.replace("first: 2", "first: 0"), '{ order(id: "1") { id attention } }'])
async def test_a_denied_field_that_is_met_nowhere_is_no_error(router: Router, issuer: Issuer, query: str) -> None:
    answer = await router.ask(query, issuer.token())
    assert "FORBIDDEN" not in {error["extensions"]["code"] for error in answer.get("errors", [])}


async def test_what_is_skipped_is_not_denied(router: Router) -> None:
    answer = await router.ask("query ($no: Boolean!) { me @include(if: $no) { name } __typename }", no=False)
    assert answer == {"data": {"__typename": "Query"}}


async def test_tokens_can_not_be_judged_while_their_keys_can_not_be_had(kind: Kind, doubles: Doubles) -> None:
    nowhere = router_environment("http://127.0.0.1:9/jwks.json", doubles)
    async with running_router(kind, nowhere) as router:
        answer = await router.ask(ME, "eyJhbGciOiJFUzI1NiIsImtpZCI6IngifQ.eyJzdWIiOiIxIn0.c2ln")
        assert [error["extensions"]["code"] for error in answer["errors"]] == ["UNAVAILABLE"]
        assert (await router.ask("{ products(first: 1) { nodes { title } } }"))["data"]


async def test_a_good_token_is_never_refused_after_its_keys_were_away(kind: Kind, doubles: Doubles) -> None:
    issuer, server = start_issuer(failures=1)
    try:
        async with running_router(kind, router_environment(issuer.jwks_url, doubles)) as router:
            codes: set[str] = set()

            async def is_answered() -> bool:
                answer = await router.ask(ME, issuer.token())
                codes.update(error["extensions"]["code"] for error in answer.get("errors", []))
                return "errors" not in answer

            await eventually(is_answered, "the router has the keys", seconds=20)
            forged = await router.ask(ME, altered(issuer))
    finally:
        server.shutdown()
    assert codes <= {"UNAVAILABLE"}
    assert [error["extensions"]["code"] for error in forged["errors"]] == ["UNAUTHENTICATED"]
