"""What clients do with their tokens: refresh, ask, revoke, sign out; and what machines may."""

import pytest

from subgraphs.users.domain.tokens import REFRESH_GRACE
from tests.integration.users.openid.visitor import REDIRECT_URI, SIGNED_OUT_URI, Client, added, answered
from tests.integration.users.shoppers import REFRESH, Shop, Shopper, codes
from tests.integration.users.test_sessions import REVOKE, refused
from tests.integration.users.test_tokens import passes, users_command
from tests.subgraphs import eventually


async def test_a_refresh_token_is_exchanged_for_the_same_scope(shop: Shop, client: Client, ada: Shopper) -> None:
    first = await client.tokens(ada)
    second = (await client.refresh(first["refresh_token"])).json()
    assert (second["scope"], second["refresh_token"] != first["refresh_token"]) == (first["scope"], True)
    assert not await refused(shop, second["access_token"])
    again = (await client.refresh(first["refresh_token"])).json()
    assert again["refresh_token"] == second["refresh_token"], "an answer may be lost"


async def test_a_stolen_refresh_token_ends_what_was_granted(shop: Shop, client: Client, ada: Shopper) -> None:
    first = await client.tokens(ada)
    second = (await client.refresh(first["refresh_token"])).json()
    await passes(shop, REFRESH_GRACE)
    for token in (first["refresh_token"], second["refresh_token"]):
        answer = await client.refresh(token)
        assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")
    await eventually(lambda: refused(shop, second["access_token"]), "the access token is refused")
    assert not await refused(shop, ada.token)


async def test_a_refresh_token_is_good_for_its_client_alone(
    shop: Shop, client: Client, other: Client, ada: Shopper
) -> None:
    token = (await client.tokens(ada))["refresh_token"]
    assert (await other.refresh(token)).json()["error"] == "invalid_grant"
    assert (await client.refresh(ada.refresh_token)).json()["error"] == "invalid_grant"
    assert codes(await shop.mutate(REFRESH, refreshToken=token)) == ["REFRESH_TOKEN_INVALID"]
    assert (await client.refresh(token)).status_code == 200


async def test_a_client_without_its_secret_gets_nothing(client: Client, ada: Shopper) -> None:
    code = await client.code(ada)
    for stranger in (Client(client.shop, client.id, "guessed"), Client(client.shop, client.id, None)):
        for answer in (await stranger.redeem(code), await stranger.post("/oauth/introspect", token=ada.token)):
            assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
            assert answer.headers["www-authenticate"].startswith("Basic")
    garbled = {"authorization": "Basic /////w=="}
    answer = await client.http.post("/oauth/token", data={"grant_type": "refresh_token"}, headers=garbled)
    assert answer.status_code == 400
    assert (await client.redeem(code)).status_code == 200


async def test_a_shopper_sees_the_client_among_their_sessions_and_can_end_it(
    shop: Shop, client: Client, ada: Shopper
) -> None:
    tokens = await client.tokens(ada)
    answer = await shop.process.graphql("{ me { sessions { id device isCurrent } } }", token=ada.token)
    (session,) = [each for each in answer["data"]["me"]["sessions"] if not each["isCurrent"]]
    assert session["device"] == "Ham & <Eggs>"
    assert codes(await shop.mutate(REVOKE, ada.token, id=session["id"])) == []
    await eventually(lambda: refused(shop, tokens["access_token"]), "the access token is refused")
    assert not await client.is_active(tokens["refresh_token"])


async def test_introspection_tells_a_token_that_is_good(client: Client, other: Client, ada: Shopper) -> None:
    tokens = await client.tokens(ada)
    told = (await other.post("/oauth/introspect", token=tokens["access_token"])).json()
    assert told.items() >= {"active": True, "sub": ada.id, "client_id": client.id, "token_type": "Bearer"}.items()
    assert await client.is_active(tokens["refresh_token"])
    assert not await other.is_active(tokens["refresh_token"]), "it was not shown to others"
    for token in ("", "x", tokens["id_token"], tokens["access_token"][:-2], "x" * 3000):
        answer = await client.post("/oauth/introspect", token=token)
        assert answer.json() in ({"active": False}, {"error": "invalid_request"})


@pytest.mark.parametrize("kind", ["access_token", "refresh_token"])
async def test_a_token_that_is_revoked_ends_all_of_its_session(
    shop: Shop, client: Client, other: Client, ada: Shopper, kind: str
) -> None:
    tokens = await client.tokens(ada)
    assert (await other.post("/oauth/revoke", token=tokens[kind])).status_code == 400
    assert not await refused(shop, tokens["access_token"])
    for _ in range(2):
        assert (await client.post("/oauth/revoke", token=tokens[kind])).status_code == 200
    await eventually(lambda: refused(shop, tokens["access_token"]), "the access token is refused")
    assert (await client.refresh(tokens["refresh_token"])).status_code == 400
    assert (await client.post("/oauth/revoke", token="unknown")).status_code == 200


async def test_a_client_signs_a_person_out(shop: Shop, client: Client, ada: Shopper) -> None:
    tokens = await client.tokens(ada)
    asked = {"id_token_hint": tokens["id_token"], "post_logout_redirect_uri": SIGNED_OUT_URI, "state": "s"}
    answer = await client.http.get("/oauth/logout", params=asked)
    assert answered(answer) == {"state": "s"}
    await eventually(lambda: refused(shop, tokens["access_token"]), "the access token is refused")
    assert not await client.is_active(tokens["refresh_token"])
    page = await client.http.post("/oauth/logout", data={"id_token_hint": tokens["id_token"]})
    assert (page.status_code, "You are signed out" in page.text) == (200, True)


async def test_nobody_is_signed_out_by_something_else_nor_sent_elsewhere(
    shop: Shop, client: Client, other: Client, ada: Shopper
) -> None:
    tokens = await client.tokens(ada)
    own = {"id_token_hint": tokens["id_token"]}
    for asked in (
        {},
        {"id_token_hint": "x"},
        {"id_token_hint": tokens["access_token"]},
        {**own, "client_id": other.id},
        {**own, "post_logout_redirect_uri": REDIRECT_URI},
    ):
        answer = await client.http.get("/oauth/logout", params=asked)
        assert (answer.status_code, "location" in answer.headers) == (400, False), asked
    assert await client.is_active(tokens["access_token"])


async def test_a_machine_gets_what_it_was_registered_for_and_no_more(shop: Shop, machine: Client) -> None:
    tokens = (await machine.post("/oauth/token", grant_type="client_credentials")).json()
    assert (tokens["scope"], "refresh_token" in tokens) == ("orders:read inventory:read", False)
    assert await machine.is_active(tokens["access_token"])
    less = await machine.post("/oauth/token", grant_type="client_credentials", scope="orders:read")
    assert less.json()["scope"] == "orders:read"
    more = await machine.post("/oauth/token", grant_type="client_credentials", scope="orders:read orders:refund")
    assert (more.status_code, more.json()["error"]) == (400, "invalid_scope")
    assert (await shop.process.graphql("{ me { id } }", token=tokens["access_token"]))["data"] == {"me": None}
    assert (await machine.post("/oauth/revoke", token=tokens["access_token"])).status_code == 200
    await eventually(lambda: refused(shop, tokens["access_token"]), "the access token is refused")
    assert not await machine.is_active(tokens["access_token"])


async def test_each_kind_of_client_has_its_own_way(client: Client, machine: Client, app: Client, ada: Shopper) -> None:
    for stranger in (client, app):
        answer = await stranger.post("/oauth/token", grant_type="client_credentials")
        assert answer.json()["error"] in ("unauthorized_client", "invalid_client")
    assert (await machine.page()).status_code == 400
    answer = await client.post("/oauth/token", grant_type="password", username=ada.email, password="x")
    assert answer.json()["error"] == "unsupported_grant_type"


async def test_what_can_not_be_read_is_refused(client: Client) -> None:
    for body in ("a=%ff", "x=" + "y" * 40_000, "a=1&a=2", "&".join(f"p{number}=1" for number in range(80))):
        headers = {"content-type": "application/x-www-form-urlencoded"}
        answer = await client.http.post("/oauth/token", content=body, headers=headers)
        assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")
    answer = await client.http.post("/oauth/token", json={"grant_type": "client_credentials"})
    assert answer.json()["error"] == "invalid_request"


async def test_a_client_that_is_removed_holds_nothing_any_more(shop: Shop, ada: Shopper) -> None:
    client = await added(shop, "--redirect-uri", REDIRECT_URI)
    tokens = await client.tokens(ada)
    code = await client.code(ada)
    status, listed, _ = await users_command(shop, "clients", "list")
    assert (status, client.id in listed) == (0, True)
    assert (await users_command(shop, "clients", "remove", client.id))[0] == 0
    await eventually(lambda: refused(shop, tokens["access_token"]), "the access token is refused")
    assert (await client.redeem(code)).status_code == 401
    assert (await client.page()).status_code == 400
    status, _, complaint = await users_command(shop, "clients", "remove", client.id)
    assert (status, "there is no client" in complaint) == (1, True)
