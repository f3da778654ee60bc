"""A client of the OpenID provider, and somebody who goes through its page without a browser."""

import html
import re
import secrets
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
from authlib.oauth2.rfc7636 import create_s256_code_challenge

from subgraphs.users.domain.tokens import ACCESS_TOKEN_LIFETIME
from tests.integration.users.shoppers import PASSWORD, Shop, Shopper
from tests.integration.users.test_tokens import users_command

REDIRECT_URI = "http://127.0.0.1:9/back"
SIGNED_OUT_URI = "http://127.0.0.1:9/bye"
LIFETIME = int(ACCESS_TOKEN_LIFETIME.total_seconds())
VERIFIER = "v" * 43


@dataclass(frozen=True)
class Client:
    """A registered client; a public one has no secret."""

    shop: Shop
    id: str
    secret: str | None

    @property
    def http(self) -> httpx.AsyncClient:
        return self.shop.process.http

    def request(self, **changes: str | None) -> dict[str, str]:
        """The parameters of an authorization request; those of None are left out."""
        verifier = changes.pop("verifier", None) or VERIFIER
        usual = {
            "response_type": "code",
            "client_id": self.id,
            "redirect_uri": REDIRECT_URI,
            "scope": "openid email profile",
            "state": "a state",
            "nonce": "a nonce",
            "code_challenge": create_s256_code_challenge(verifier),
            "code_challenge_method": "S256",
        }
        return {name: value for name, value in {**usual, **changes}.items() if value is not None}

    async def page(self, **changes: str | None) -> httpx.Response:
        """What a browser is shown."""
        return await self.http.get("/oauth/authorize", params=self.request(**changes))

    async def signed_in(self, shopper: Shopper, password: str = PASSWORD, **changes: str | None) -> httpx.Response:
        """What a browser is answered once the form was sent."""
        form = hidden_of(await self.page(**changes))
        given = {"email": shopper.email, "password": password, "decision": "allow"}
        return await self.http.post("/oauth/sign-in", data={**form, **given})

    async def code(self, shopper: Shopper, **changes: str | None) -> str:
        """The authorization code of somebody who agreed."""
        answer = await self.signed_in(shopper, PASSWORD, **changes)
        assert answer.status_code == 302, answer.text
        return answered(answer)["code"]

    async def post(self, path: str, **form: str) -> httpx.Response:
        """Asks an endpoint as this client."""
        if self.secret is None:
            return await self.http.post(path, data={"client_id": self.id, **form})
        return await self.http.post(path, data=form, auth=(self.id, self.secret))

    async def redeem(self, code: str, verifier: str = VERIFIER, **changes: str) -> httpx.Response:
        """Exchanges a code."""
        form = {"grant_type": "authorization_code", "redirect_uri": REDIRECT_URI, "code": code, **changes}
        return await self.post("/oauth/token", **form, code_verifier=verifier)

    async def refresh(self, token: str) -> httpx.Response:
        """Exchanges a refresh token."""
        return await self.post("/oauth/token", grant_type="refresh_token", refresh_token=token)

    async def tokens(self, shopper: Shopper, **changes: str | None) -> dict[str, Any]:
        """The tokens that somebody's agreement ends in."""
        answer = await self.redeem(await self.code(shopper, **changes))
        assert answer.status_code == 200, answer.text
        tokens: dict[str, Any] = answer.json()
        return tokens

    async def is_active(self, token: str) -> bool:
        """What introspection says of a token."""
        return bool((await self.post("/oauth/introspect", token=token)).json()["active"])


def answered(response: httpx.Response) -> dict[str, str]:
    """The parameters that a client is answered with."""
    location = urlsplit(response.headers["location"])
    assert f"{location.scheme}://{location.netloc}{location.path}" in (REDIRECT_URI, SIGNED_OUT_URI)
    return {name: values[0] for name, values in parse_qs(location.query).items()}


def hidden_of(page: httpx.Response) -> dict[str, str]:
    """The hidden fields of a page's form."""
    assert page.status_code == 200, page.text
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page.text)
    return {name: html.unescape(value) for name, value in found}


async def added(shop: Shop, *options: str) -> Client:
    """A client that is registered as an operator does it."""
    status, output, complaint = await users_command(shop, "clients", "add", "--name", "Ham & <Eggs>", *options)
    assert status == 0, complaint
    found = dict(re.findall(r"(client_id|client_secret): (\S+)", output))
    return Client(shop, found["client_id"], found.get("client_secret"))


def verifier() -> str:
    """A verifier of a challenge."""
    return secrets.token_urlsafe(32)
