"""Two tabs, a stolen token, and logging out, through the router."""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

import asyncpg

from subgraphs.users.domain.tokens import REFRESH_GRACE
from subgraphs.users.infrastructure.signing_keys import load_signing_keys
from tests.e2e.mesh import SESSION_MESH, Mesh
from tests.e2e.planted import LOGIN
from tests.e2e.shopper import PASSWORD, Shopper
from tests.identity import Issuer
from tests.integration.router.processes import Router

pytestmark = SESSION_MESH

REFRESH = (
    "mutation ($input: TokenRefreshInput!) { tokenRefresh(input: $input) {"
    " tokens { accessToken refreshToken } errors { code } } }"
)
LOG_OUT = "mutation { userLogOut { endedId errors { code } } }"
SESSIONS = "{ me { email sessions { id isCurrent } } }"


async def logged_in(router: Router, shopper: Shopper) -> dict[str, str]:
    """The tokens of a new session of a shopper."""
    answer = await router.ask(LOGIN, input={"email": shopper.email, "password": PASSWORD})
    tokens: dict[str, str] = answer["data"]["userLogin"]["tokens"]
    return tokens


async def refreshed(router: Router, token: str) -> dict[str, Any]:
    answer = await router.ask(REFRESH, input={"refreshToken": token})
    return dict(answer["data"]["tokenRefresh"])


async def test_two_tabs_that_refresh_at_once_both_go_on(router: Router, shopper: Shopper) -> None:
    token = (await logged_in(router, shopper))["refreshToken"]
    first, second = await asyncio.gather(refreshed(router, token), refreshed(router, token))
    assert first["tokens"]["refreshToken"] == second["tokens"]["refreshToken"]
    for tokens in (first["tokens"], second["tokens"]):
        assert (await router.ask(SESSIONS, tokens["accessToken"]))["data"]["me"]["email"] == shopper.email
    assert (await refreshed(router, first["tokens"]["refreshToken"]))["errors"] == []


async def test_a_stolen_token_that_comes_later_ends_the_session(mesh: Mesh, router: Router, shopper: Shopper) -> None:
    stolen = (await logged_in(router, shopper))["refreshToken"]
    own = (await refreshed(router, stolen))["tokens"]["refreshToken"]
    await time_passes(mesh, REFRESH_GRACE)
    for token in (stolen, own):
        assert (await refreshed(router, token))["errors"] == [{"code": "REFRESH_TOKEN_INVALID"}]


async def time_passes(mesh: Mesh, time: timedelta) -> None:
    connection = await asyncpg.connect(mesh.environment["USERS_DATABASE_URL"])
    await connection.execute("UPDATE refresh_tokens SET used_at = used_at - $1::interval", time)
    await connection.close()


async def test_who_logs_out_stays_logged_in_elsewhere(router: Router, shopper: Shopper) -> None:
    here, there = await logged_in(router, shopper), await logged_in(router, shopper)
    listed = (await router.ask(SESSIONS, here["accessToken"]))["data"]["me"]["sessions"]
    (own,) = [each["id"] for each in listed if each["isCurrent"]]
    answer = await router.ask(LOG_OUT, here["accessToken"])
    assert answer == {"data": {"userLogOut": {"endedId": own, "errors": []}}}
    assert (await refreshed(router, here["refreshToken"]))["errors"] == [{"code": "REFRESH_TOKEN_INVALID"}]
    assert (await refreshed(router, there["refreshToken"]))["errors"] == []
    left = (await router.ask(SESSIONS, there["accessToken"]))["data"]["me"]["sessions"]
    assert own not in [each["id"] for each in left]


async def test_what_else_is_signed_with_the_key_opens_nothing(mesh: Mesh, router: Router, shopper: Shopper) -> None:
    issuer = Issuer(load_signing_keys(Path(mesh.environment["USERS_SIGNING_KEY_FILE"])).signer, "")
    for forged in (issuer.token(typ="JWT"), issuer.token(sid=None), issuer.token(auth_time="now")):
        answer = await router.ask(SESSIONS, forged)
        assert [error["extensions"]["code"] for error in answer["errors"]] == ["UNAUTHENTICATED"]
