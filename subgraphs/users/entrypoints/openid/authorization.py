"""``/oauth/authorize`` and ``/oauth/sign-in``: somebody is asked to sign in, and whether the client may."""

import secrets
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

from authlib.oauth2 import OAuth2Error
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from shared.errors import RateLimited, ServiceError
from subgraphs.users.commands.authorize_client import AuthorizeClient, authorize_client
from subgraphs.users.domain.rejections import CredentialsInvalid, TooManyFailures
from subgraphs.users.entrypoints.openid.grants import Granted
from subgraphs.users.entrypoints.openid.pages import message_page, sign_in_page
from subgraphs.users.entrypoints.openid.provider import Provider, in_thread
from subgraphs.users.entrypoints.openid.requests import ReceivedRequest, received
from subgraphs.users.entrypoints.openid.server import Server, to_client

_COOKIE = "mercato_sign_in"
_COOKIE_SECONDS = 3600
_KEPT = (
    "response_type", "client_id", "redirect_uri", "scope", "state", "nonce", "code_challenge", "code_challenge_method",
)  # fmt: skip
_WRONG = "No account has this e-mail address and password. Check both, and try again."
_TOO_MANY = "There were too many attempts to sign in. Wait a minute, and try again."
_STALE = "This page is too old, or was opened elsewhere. Go back to where you came from, and sign in again from there."


class Authorization:
    """The two pages' answers. No cookie signs anybody in: each time, the password is asked for."""

    def __init__(self, provider: Provider, server: Server) -> None:
        self._provider = provider
        self._server = server

    async def ask(self, request: Request) -> Response:
        """The page, for a client's request that is sound."""
        return await self._answered(request, self._asked)

    async def decide(self, request: Request) -> Response:
        """What somebody made of the page: back to the client, with a code or a refusal."""
        return await self._answered(request, self._decided)

    async def _answered(
        self, request: Request, answer: Callable[[ReceivedRequest, Any, Request], Awaitable[Response]]
    ) -> Response:
        try:
            asked = await received(request, self._provider.url)
            grant = await in_thread(self._server.get_consent_grant, asked)
            return await answer(asked, grant, request)
        except OAuth2Error as error:
            if error.redirect_uri:
                return to_client(self._server.refused(error), self._provider.url)
            return _refusal(str(error.description or error.error))

    async def _asked(self, asked: ReceivedRequest, grant: Any, _: Request) -> Response:
        return self._page(asked, grant, email=asked.parameters.get("login_hint", ""))

    async def _decided(self, asked: ReceivedRequest, grant: Any, request: Request) -> Response:
        if not _is_from_our_page(asked, request):
            return message_page("Please start again", _STALE, 403)
        if asked.form.get("decision") != "allow":
            return await self._to_client(asked, grant, None)
        try:
            code = await self._provider.work.perform_alone(authorize_client, _command(asked, grant))
        except CredentialsInvalid:
            return self._page(asked, grant, asked.form.get("email", ""), _WRONG, 422)
        except (TooManyFailures, RateLimited):
            return self._page(asked, grant, asked.form.get("email", ""), _TOO_MANY, 429)
        except ServiceError as error:
            return self._page(asked, grant, asked.form.get("email", ""), error.message, 503)
        return await self._to_client(asked, grant, Granted(code))

    async def _to_client(self, asked: ReceivedRequest, grant: Any, granted: Granted | None) -> Response:
        answer = await in_thread(self._server.create_authorization_response, asked, granted, grant)
        return to_client(answer, self._provider.url)

    def _page(
        self, asked: ReceivedRequest, grant: Any, email: str = "", problem: str | None = None, status: int = 200
    ) -> HTMLResponse:
        token = secrets.token_urlsafe(32)
        hidden = {name: asked.parameters[name] for name in _KEPT if name in asked.parameters}
        page = sign_in_page(
            f"{self._provider.url}/oauth/sign-in",
            grant.client.registered.name,
            grant.request.scope,
            grant.redirect_uri,
            {**hidden, "csrf_token": token},
            email,
            problem,
            status,
        )
        parts = urlsplit(self._provider.url)
        page.set_cookie(
            _COOKIE, token, _COOKIE_SECONDS, path=f"{parts.path}/oauth", secure=parts.scheme == "https", httponly=True,
            samesite="lax",
        )  # fmt: skip
        return page


def _command(asked: ReceivedRequest, grant: Any) -> AuthorizeClient:
    return AuthorizeClient(
        asked.form.get("email", ""),
        asked.form.get("password", ""),
        grant.client.registered.id,
        grant.redirect_uri,
        grant.request.scope,
        asked.parameters["code_challenge"],
        asked.parameters.get("nonce"),
    )


def _is_from_our_page(asked: ReceivedRequest, request: Request) -> bool:
    """Whether the form was opened in this browser: another site can't read the page, nor set the cookie."""
    expected, given = request.cookies.get(_COOKIE, ""), asked.form.get("csrf_token", "")
    return bool(expected) and secrets.compare_digest(expected.encode(), given.encode())


def _refusal(reason: str) -> Response:
    message = f"The application that sent you here asked in a way that is not allowed. Tell its makers: {reason}"
    return message_page("This application can't sign you in", message, 400)
