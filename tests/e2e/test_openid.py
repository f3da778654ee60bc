"""Tokens that the OpenID provider issues, through each router: a person's and a machine's."""

import html
import re

import httpx
from authlib.oauth2.rfc7636 import create_s256_code_challenge

from tests.command_line import command
from tests.e2e.mesh import SESSION_MESH, Mesh
from tests.e2e.shopper import PASSWORD, Shopper
from tests.integration.router.processes import Router

pytestmark = SESSION_MESH

BACK = "http://127.0.0.1:9/back"
VERIFIER = "v" * 43


async def registered(mesh: Mesh, *options: str) -> tuple[str, str]:
    """The id and the secret of a new client."""
    status, output = await command(mesh.environment, "users", "clients", "add", "--name", "Shop", *options)
    assert status == 0, output
    found = dict(re.findall(r"(client_id|client_secret): (\S+)", output))
    return found["client_id"], found["client_secret"]


async def code_of(http: httpx.AsyncClient, client_id: str, shopper: Shopper) -> str:
    """The code that a client is given once a shopper has signed in."""
    asked = {
        "response_type": "code", "client_id": client_id, "redirect_uri": BACK, "scope": "openid",
        "code_challenge": create_s256_code_challenge(VERIFIER), "code_challenge_method": "S256",
    }  # fmt: skip
    page = (await http.get("/oauth/authorize", params=asked)).text
    hidden = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page)
    given = {"email": shopper.email, "password": PASSWORD, "decision": "allow"}
    form = {**{name: html.unescape(value) for name, value in hidden}, **given}
    location = (await http.post("/oauth/sign-in", data=form)).headers["location"]
    return httpx.URL(location).params["code"]


async def test_a_client_shops_for_whoever_signed_in_to_it(mesh: Mesh, router: Router, shopper: Shopper) -> None:
    client = await registered(mesh, "--redirect-uri", BACK)
    async with httpx.AsyncClient(base_url=mesh.environment["USERS_OPENID_URL"], timeout=30) as http:
        code = await code_of(http, client[0], shopper)
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": BACK, "code_verifier": VERIFIER}
        tokens = (await http.post("/oauth/token", data=form, auth=client)).json()
    answer = await router.ask("{ me { email } }", tokens["access_token"])
    assert answer == {"data": {"me": {"email": shopper.email}}}
    answer = await router.ask("{ me { email } }", tokens["id_token"])
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["UNAUTHENTICATED"]


async def test_a_machine_reads_what_its_scope_allows_and_nothing_else(mesh: Mesh, router: Router) -> None:
    orders = "{ ordersNeedingAttention(first: 1) { nodes { id } } }"
    for scope, codes in (("orders:read", []), ("inventory:read", ["FORBIDDEN"])):
        client = await registered(mesh, "--scope", scope)
        async with httpx.AsyncClient(base_url=mesh.environment["USERS_OPENID_URL"], timeout=30) as http:
            form = {"grant_type": "client_credentials"}
            token = (await http.post("/oauth/token", data=form, auth=client)).json()["access_token"]
        answer = await router.ask(orders, token)
        assert [error["extensions"]["code"] for error in answer.get("errors", [])] == codes
