"""Sessions as their user sees and ends them."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from shared.ids import new_id
from tests.integration.users.shoppers import PASSWORD, REFRESH, Shop, Shopper, codes
from tests.subgraphs import eventually

SESSIONS = "{ me { sessions { id createdAt lastUsedAt isCurrent } } }"
LOG_IN = "mutation ($input: UserLoginInput!) { userLogin(input: $input) { tokens { accessToken refreshToken } } }"
LOG_OUT = "mutation { userLogOut { endedId errors { code } } }"
EVERYWHERE = (
    "mutation ($input: UserLogOutEverywhereInput!) {"
    " userLogOutEverywhere(input: $input) { endedCount errors { code } } }"
)
REVOKE = (
    "mutation ($input: SessionRevokeInput!) { sessionRevoke(input: $input) { endedId errors { code field message } } }"
)


async def sessions_of(shop: Shop, token: str) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = (await shop.process.graphql(SESSIONS, token=token))["data"]["me"]["sessions"]
    return listed


async def logged_in_again(shop: Shop, shopper: Shopper) -> dict[str, str]:
    """The tokens of another session of a shopper."""
    tokens: dict[str, str] = (await shop.mutate(LOG_IN, email=shopper.email, password=PASSWORD))["tokens"]
    return tokens


async def is_good(shop: Shop, refresh_token: str) -> bool:
    return codes(await shop.mutate(REFRESH, refreshToken=refresh_token)) == []


async def test_a_user_sees_where_it_is_logged_in_and_nobody_else_does(shop: Shop) -> None:
    ada, bob = await shop.shopper(), await shop.shopper()
    second = await logged_in_again(shop, ada)
    last, first = await sessions_of(shop, ada.token)
    assert (first["isCurrent"], last["isCurrent"]) == (True, False)
    assert [each["isCurrent"] for each in await sessions_of(shop, second["accessToken"])] == [True, False]
    assert len(await sessions_of(shop, bob.token)) == 1


async def test_a_refreshed_session_is_the_one_used_last(shop: Shop) -> None:
    ada = await shop.shopper()
    await logged_in_again(shop, ada)
    assert await is_good(shop, ada.refresh_token)
    first, second = await sessions_of(shop, ada.token)
    assert first["isCurrent"]
    assert first["createdAt"] < second["createdAt"] <= second["lastUsedAt"] < first["lastUsedAt"]


async def refused(shop: Shop, token: str, document: str = SESSIONS) -> bool:
    """Whether an access token is refused, as it is within a second after its session ended."""
    answer = await shop.process.graphql(document, token=token)
    return [error["extensions"]["code"] for error in answer.get("errors", ())] == ["UNAUTHENTICATED"]


async def test_who_logs_out_is_logged_out_there_alone(shop: Shop) -> None:
    ada = await shop.shopper()
    second = await logged_in_again(shop, ada)
    own = next(each["id"] for each in await sessions_of(shop, ada.token) if each["isCurrent"])
    answer = await shop.process.graphql(LOG_OUT, token=ada.token)
    assert answer == {"data": {"userLogOut": {"endedId": own, "errors": []}}}
    await eventually(lambda: refused(shop, ada.token), "the access token is refused")
    assert await refused(shop, ada.token, LOG_OUT)
    assert not await is_good(shop, ada.refresh_token)
    assert len(await sessions_of(shop, second["accessToken"])) == 1
    assert await is_good(shop, second["refreshToken"])


@pytest.mark.parametrize(("keeps", "ended"), [(False, 3), (True, 2)])
async def test_who_logs_out_everywhere_may_stay_here(shop: Shop, keeps: bool, ended: int) -> None:
    ada, bob = await shop.shopper(), await shop.shopper()
    others = [await logged_in_again(shop, ada) for _ in range(2)]
    assert await shop.mutate(EVERYWHERE, ada.token, keepCurrent=keeps) == {"endedCount": ended, "errors": []}
    assert [await is_good(shop, tokens["refreshToken"]) for tokens in others] == [False, False]
    assert await is_good(shop, ada.refresh_token) is keeps
    assert await is_good(shop, bob.refresh_token)
    if keeps:
        assert len(await sessions_of(shop, ada.token)) == 1
    for token in [tokens["accessToken"] for tokens in others] + [ada.token] * (not keeps):
        await eventually(lambda its=token: refused(shop, its), "the access token is refused")  # type: ignore[misc]


async def test_a_session_is_revoked_once(shop: Shop) -> None:
    ada = await shop.shopper()
    second = await logged_in_again(shop, ada)
    lost = next(each["id"] for each in await sessions_of(shop, ada.token) if not each["isCurrent"])
    assert await shop.mutate(REVOKE, ada.token, id=lost) == {"endedId": lost, "errors": []}
    assert codes(await shop.mutate(REVOKE, ada.token, id=lost)) == ["SESSION_NOT_FOUND"]
    assert not await is_good(shop, second["refreshToken"])
    assert await is_good(shop, ada.refresh_token)


async def test_somebody_elses_session_answers_as_a_missing_one(shop: Shop) -> None:
    ada, bob = await shop.shopper(), await shop.shopper()
    (own,) = await sessions_of(shop, bob.token)
    answers = [await shop.mutate(REVOKE, ada.token, id=id) for id in (own["id"], str(new_id()), "none", "")]
    assert answers == [answers[0]] * 4
    assert [(error["code"], error["field"]) for error in answers[0]["errors"]] == [("SESSION_NOT_FOUND", ["id"])]
    assert await is_good(shop, bob.refresh_token)


@pytest.mark.parametrize("mutation", [LOG_OUT, EVERYWHERE, REVOKE])
async def test_nobody_ends_a_session_without_a_token(shop: Shop, mutation: str) -> None:
    variables = {"input": {"id": str(new_id())} if mutation == REVOKE else {}}
    answer = await shop.process.graphql(mutation, variables if mutation != LOG_OUT else None)
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["UNAUTHENTICATED"]


async def test_an_expired_session_is_not_listed(shop: Shop) -> None:
    ada = await shop.shopper()
    await shop.sql(
        "UPDATE refresh_tokens SET expires_at = $2 WHERE session_id IN (SELECT id FROM sessions WHERE user_id = $1)",
        UUID(ada.id),
        datetime.now(UTC) - timedelta(seconds=1),
    )
    assert await sessions_of(shop, ada.token) == []


async def test_what_is_kept_for_a_repetition_shows_no_token(shop: Shop) -> None:
    ada = await shop.shopper()
    following = (await shop.mutate(REFRESH, refreshToken=ada.refresh_token))["tokens"]["refreshToken"]
    (row,) = await shop.sql(
        "SELECT sealed_successor FROM refresh_tokens AS token JOIN sessions AS session ON session.id = token.session_id"
        " WHERE session.user_id = $1 AND token.used_at IS NOT NULL",
        UUID(ada.id),
    )
    assert row["sealed_successor"]
    assert all(token.encode() not in row["sealed_successor"] for token in (ada.refresh_token, following))


FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
ORIGIN = "{ me { sessions { device place } } }"


async def asked_from(shop: Shop, device: str, place: str, document: str, **content: Any) -> dict[str, Any]:
    """The payload of a mutation that comes from there, as the router tells it."""
    headers = {
        "x-router-secret": shop.process.environment["ROUTER_SECRET"],
        "user-agent": device,
        "x-forwarded-for": place,
    }
    body = {"query": document, "variables": {"input": content}}
    answer = (await shop.process.http.post("/graphql", json=body, headers=headers)).json()
    (payload,) = answer["data"].values()
    return dict(payload)


async def test_a_session_shows_where_it_was_begun_and_then_where_it_was_last_gone_on_with(shop: Shop) -> None:
    ada = await shop.shopper()
    begun = await asked_from(shop, FIREFOX, "192.0.2.7", LOG_IN, email=ada.email, password=PASSWORD)
    token = begun["tokens"]["accessToken"]
    assert await origin(shop, token) == {"device": FIREFOX, "place": "192.0.2.7"}
    gone_on = await asked_from(shop, "Phone", "x, 2001:DB8::1", REFRESH, refreshToken=begun["tokens"]["refreshToken"])
    assert await origin(shop, token) == {"device": "Phone", "place": "2001:db8::1"}
    await asked_from(shop, "", "nowhere", REFRESH, refreshToken=gone_on["tokens"]["refreshToken"])
    assert await origin(shop, token) == {"device": "Phone", "place": "2001:db8::1"}, "what is not known stays"


async def origin(shop: Shop, token: str) -> dict[str, Any]:
    latest: dict[str, Any] = (await shop.process.graphql(ORIGIN, token=token))["data"]["me"]["sessions"][0]
    return latest


async def test_whoever_says_too_much_of_where_they_are_is_logged_in_all_the_same(shop: Shop) -> None:
    ada = await shop.shopper()
    begun = await asked_from(shop, "x" * 5_000, "fe80::1%" + "x" * 5_000, LOG_IN, email=ada.email, password=PASSWORD)
    assert await origin(shop, begun["tokens"]["accessToken"]) == {"device": "x" * 200, "place": None}
