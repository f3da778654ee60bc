"""Somebody signs in for a client: the page, the code, and what it is exchanged for."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet

from subgraphs.users.domain.openid import CODE_LIFETIME
from tests.integration.users.openid.visitor import LIFETIME, Client, answered, hidden_of, verifier
from tests.integration.users.shoppers import ME, PASSWORD, Shop, Shopper
from tests.integration.users.test_sessions import refused
from tests.subgraphs import eventually


async def claims_of(shop: Shop, token: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """The header and the claims of something that is signed with the published keys."""
    keys = KeySet.import_key_set((await shop.process.http.get("/.well-known/jwks.json")).json())
    decoded = jwt.decode(token, keys, algorithms=["ES256"])
    return decoded.header, decoded.claims


async def test_discovery_says_where_everything_is(shop: Shop) -> None:
    told = (await shop.process.http.get("/.well-known/openid-configuration")).json()
    assert told["issuer"] == shop.process.environment["USERS_URL"]
    assert told["code_challenge_methods_supported"] == ["S256"]
    for name in ("token_endpoint", "userinfo_endpoint", "introspection_endpoint", "revocation_endpoint"):
        answer = await shop.process.http.request("OPTIONS", told[name], headers={
            "origin": "https://app.example", "access-control-request-method": "POST",
            "access-control-request-headers": "authorization",
        })  # fmt: skip
        assert answer.headers["access-control-allow-origin"] == "*", name
    assert (await shop.process.http.get(told["jwks_uri"])).json()["keys"]


async def test_who_signs_in_gives_the_client_tokens_like_those_of_the_shop(
    shop: Shop, client: Client, ada: Shopper
) -> None:
    answer = await client.signed_in(ada)
    back = answered(answer)
    assert (back["state"], back["iss"]) == ("a state", shop.process.environment["USERS_URL"])
    tokens = (await client.redeem(back["code"])).json()
    assert tokens.items() >= {"token_type": "Bearer", "scope": "openid profile email"}.items()
    assert LIFETIME - 5 <= tokens["expires_in"] <= LIFETIME
    header, access = await claims_of(shop, tokens["access_token"])
    assert header["typ"] == "at+jwt"
    assert access.items() >= {"iss": "mercato", "aud": "mercato", "sub": ada.id, "client_id": client.id}.items()
    assert {"sid", "auth_time", "iat", "exp", "jti"} <= access.keys()
    assert (await shop.process.graphql(ME, token=tokens["access_token"]))["data"]["me"]["id"] == ada.id
    header, identity = await claims_of(shop, tokens["id_token"])
    assert (header["typ"], identity["iss"]) == ("JWT", shop.process.environment["USERS_URL"])
    told = {"aud": client.id, "sub": ada.id, "sid": access["sid"], "nonce": "a nonce", "amr": ["pwd"]}
    assert identity.items() >= told.items()
    assert identity["auth_time"] == access["auth_time"]


async def test_an_id_token_is_no_access_token(shop: Shop, client: Client, ada: Shopper) -> None:
    tokens = await client.tokens(ada)
    assert await refused(shop, tokens["id_token"])
    userinfo = await client.http.get("/oauth/userinfo", headers={"authorization": f"Bearer {tokens['id_token']}"})
    assert userinfo.status_code == 401


async def test_userinfo_tells_what_was_granted(client: Client, ada: Shopper) -> None:
    for scope, told in (
        ("openid", {"sub": ada.id}),
        ("openid email", {"sub": ada.id, "email": ada.email, "email_verified": False}),
        ("openid profile", {"sub": ada.id, "name": "Ada"}),
    ):
        token = (await client.tokens(ada, scope=scope))["access_token"]
        answer = await client.http.get("/oauth/userinfo", headers={"authorization": f"Bearer {token}"})
        assert answer.json() == told
    for token in (ada.token, (await client.tokens(ada, scope="email"))["access_token"], "x"):
        answer = await client.http.get("/oauth/userinfo", headers={"authorization": f"Bearer {token}"})
        assert (answer.status_code, answer.json()) == (401, {"error": "invalid_token"})
        assert answer.headers["www-authenticate"].startswith("Bearer")


async def test_a_code_used_twice_at_once_is_good_once_and_its_tokens_end(
    shop: Shop, client: Client, ada: Shopper
) -> None:
    code = await client.code(ada)
    answers = await asyncio.gather(*(client.redeem(code) for _ in range(2)))
    (first,) = [answer.json() for answer in answers if answer.status_code == 200]
    (second,) = [answer.json() for answer in answers if answer.status_code == 400]
    assert second["error"] == "invalid_grant"
    await eventually(lambda: refused(shop, first["access_token"]), "the access token of the first is refused")
    assert (await client.refresh(first["refresh_token"])).json()["error"] == "invalid_grant"
    assert not await client.is_active(first["access_token"])


async def test_a_code_is_good_for_its_client_its_address_and_its_verifier_alone(
    client: Client, other: Client, ada: Shopper
) -> None:
    own, stranger = verifier(), verifier()
    code = await client.code(ada, verifier=own)
    for answer in (
        await other.redeem(code, own),
        await client.redeem(code, stranger),
        await client.redeem(code, own, redirect_uri="http://127.0.0.1:9/elsewhere"),
    ):
        assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")
    assert (await client.redeem(code, own)).status_code == 200


async def test_a_code_expires(shop: Shop, client: Client, ada: Shopper) -> None:
    code = await client.code(ada)
    age = CODE_LIFETIME + timedelta(seconds=1)
    await shop.sql("UPDATE authorization_codes SET authenticated_at = authenticated_at - $1::interval", age)
    assert (await client.redeem(code)).json()["error"] == "invalid_grant"


async def test_neither_codes_nor_secrets_are_stored(shop: Shop, client: Client, ada: Shopper) -> None:
    code = await client.code(ada)
    kept = await shop.sql(
        "SELECT (SELECT string_agg(code::text, '') FROM authorization_codes AS code)"
        " || (SELECT string_agg(client::text, '') FROM oauth_clients AS client) AS everything"
    )
    assert client.id in kept[0]["everything"]
    assert client.secret is not None
    assert code not in kept[0]["everything"]
    assert client.secret not in kept[0]["everything"]


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"code_challenge": None, "code_challenge_method": None}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge_method": None}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"prompt": "none"}, "login_required"),
    ],
)
async def test_a_request_that_is_not_sound_is_answered_to_the_client(
    client: Client, changes: dict[str, str | None], error: str
) -> None:
    answer = answered(await client.page(**changes))
    assert (answer["error"], answer["state"]) == (error, "a state")


@pytest.mark.parametrize(
    "changes",
    [
        {"redirect_uri": "http://127.0.0.1:9/back/"},
        {"redirect_uri": "http://127.0.0.1:9/back?x=1"},
        {"redirect_uri": 'https://evil.example/"><script>'},
        {"redirect_uri": None},
        {"client_id": "018cc778-5000-7001-950a-ffffffffffff"},
        {"client_id": "nobody"},
        {"client_id": None},
        {"nonce": "\x00"},
        {"state": "x" * 5_000},
    ],
)
async def test_nobody_is_sent_to_where_the_client_was_not_registered(
    client: Client, changes: dict[str, str | None]
) -> None:
    answer = await client.page(**changes)
    assert (answer.status_code, "location" in answer.headers) == (400, False)
    assert "<script>" not in answer.text
    assert 'role="alert"' in answer.text


async def test_who_refuses_gives_the_client_nothing(client: Client) -> None:
    form = hidden_of(await client.page())
    answer = answered(await client.http.post("/oauth/sign-in", data={**form, "decision": "refuse"}))
    assert (answer["error"], "code" in answer) == ("access_denied", False)


async def test_a_wrong_password_is_said_in_the_page_and_an_unknown_address_alike(client: Client, ada: Shopper) -> None:
    wrong = await client.signed_in(ada, "wrong password")
    unknown = await client.signed_in(Shopper("", "nobody@example.com", "", ""), "wrong password")
    for page in (wrong, unknown):
        assert page.status_code == 422
        assert 'role="alert">No account has this e-mail address and password.' in page.text
        assert "wrong password" not in page.text


async def test_who_guesses_is_slowed_down(client: Client, ada: Shopper) -> None:
    for _ in range(10):
        await client.signed_in(ada, "wrong password")
    answer = await client.signed_in(ada, PASSWORD)
    assert answer.status_code == 429
    assert "Wait a minute" in answer.text


async def test_a_form_of_another_site_signs_nobody_in(client: Client, ada: Shopper) -> None:
    form = hidden_of(await client.page())
    given = {"email": ada.email, "password": PASSWORD, "decision": "allow"}
    for token in ("", "guessed"):
        answer = await client.http.post("/oauth/sign-in", data={**form, **given, "csrf_token": token})
        assert (answer.status_code, "location" in answer.headers) == (403, False)


async def test_the_page_can_run_nothing_and_be_framed_by_nobody(client: Client) -> None:
    page = await client.page()
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "form-action 'self' http://127.0.0.1:9;" in policy
    assert "script" not in page.text
    assert "Ham &amp; &lt;Eggs&gt;" in page.text
    assert (page.headers["cache-control"], page.headers["referrer-policy"]) == ("no-store", "no-referrer")


async def test_an_app_without_a_secret_signs_people_in_by_its_challenge(app: Client, ada: Shopper) -> None:
    own = verifier()
    code = await app.code(ada, verifier=own)
    missing = await app.post("/oauth/token", grant_type="authorization_code", code=code)
    assert missing.status_code == 400
    tokens = (await app.redeem(code, own)).json()
    assert (await app.refresh(tokens["refresh_token"])).status_code == 200
