"""The OpenID provider: ``/oauth/*`` and its discovery. Authlib knows the protocol; commands do the rest."""

from collections.abc import Callable
from functools import partial
from typing import Any

from authlib.oauth2 import OAuth2Error
from authlib.oauth2.rfc6749 import InvalidRequestError
from authlib.oidc.core import UserInfo
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from shared.errors import Unauthenticated
from shared.ids import try_parse_id
from shared.security.auth import bearer_token
from subgraphs.users.entrypoints.openid.authorization import Authorization
from subgraphs.users.entrypoints.openid.discovery import metadata
from subgraphs.users.entrypoints.openid.pages import message_page
from subgraphs.users.entrypoints.openid.provider import Provider, in_thread
from subgraphs.users.entrypoints.openid.requests import ReceivedRequest, received
from subgraphs.users.entrypoints.openid.server import Server
from subgraphs.users.queries.users import users_by_id

__all__ = ["Provider", "openid_routes"]

# Apps that run in a browser ask these from their own pages. No cookie counts here, so that it gives nothing away.
_FROM_ANYWHERE = [
    Middleware(CORSMiddleware, allow_origins=["*"], allow_methods=["GET", "POST"], allow_headers=["authorization"])
]


def openid_routes(provider: Provider) -> tuple[Route, ...]:
    """All routes of the provider but the keys, which are published anyway."""
    endpoints = _Endpoints(provider)
    authorization = Authorization(provider, endpoints.server)
    return (
        _open("/.well-known/openid-configuration", endpoints.configuration, "GET"),
        Route("/oauth/authorize", authorization.ask, methods=["GET", "POST"]),
        Route("/oauth/sign-in", authorization.decide, methods=["POST"]),
        _open("/oauth/token", endpoints.token, "POST"),
        _open("/oauth/userinfo", endpoints.userinfo, "GET", "POST"),
        _open("/oauth/introspect", endpoints.introspect, "POST"),
        _open("/oauth/revoke", endpoints.revoke, "POST"),
        Route("/oauth/logout", endpoints.log_out, methods=["GET", "POST"]),
    )


def _open(path: str, endpoint: Any, *methods: str) -> Route:
    return Route(path, endpoint, methods=[*methods, "OPTIONS"], middleware=_FROM_ANYWHERE)


class _Endpoints:
    """What clients ask without a person."""

    def __init__(self, provider: Provider) -> None:
        self._provider = provider
        self._metadata = metadata(provider.url)
        self.server = Server(provider)

    async def configuration(self, _: Request) -> Response:
        return JSONResponse(self._metadata, headers={"cache-control": "public, max-age=300"})

    async def token(self, request: Request) -> Response:
        return await self._at(self.server.create_token_response, request)

    async def introspect(self, request: Request) -> Response:
        return await self._at(partial(self.server.create_endpoint_response, "introspection"), request)

    async def revoke(self, request: Request) -> Response:
        return await self._at(partial(self.server.create_endpoint_response, "revocation"), request)

    async def log_out(self, request: Request) -> Response:
        """Back to the client, or a page that says so."""
        try:
            asked = await received(request, self._provider.url)
            answer: Response | None = await in_thread(self._sign_out, asked)
        except (OAuth2Error, ValueError) as error:
            reason = getattr(error, "description", "") or "The id_token_hint can't be read."
            return message_page("You could not be signed out", str(reason), 400)
        return answer or message_page("You are signed out", "You can close this page.")

    def _sign_out(self, asked: Any) -> Any:
        """A mistake is raised here, and not answered as JSON: a person reads it."""
        return self.server.create_endpoint_response(
            "end_session", self.server.validate_endpoint_request("end_session", asked)
        )

    async def userinfo(self, request: Request) -> Response:
        """What the token's scope tells of its user (OpenID Connect Core 1.0, section 5.3)."""
        claims = await self._claims(request)
        user_id = try_parse_id(str(claims["sub"])) if claims else None
        user = (await users_by_id([user_id])).get(user_id) if user_id else None
        if claims is None or user is None:
            refused = 'Bearer error="invalid_token", error_description="The access token is not good here"'
            return JSONResponse({"error": "invalid_token"}, 401, {"www-authenticate": refused})
        # Whether somebody reads what is sent to the address is not known yet.
        told = UserInfo(sub=str(user.id), name=user.name, email=user.email, email_verified=False)
        return JSONResponse(told.filter(claims["scope"]), headers={"cache-control": "no-store"})

    async def _claims(self, request: Request) -> Any:
        """Those of a token that was granted ``openid`` and whose session goes on."""
        try:
            token = bearer_token(request.headers.get("authorization"))
        except Unauthenticated:
            return None
        claims = self._provider.read(token) if token else None
        if not claims or "openid" not in str(claims["scope"]).split():
            return None
        session_id = try_parse_id(str(claims["sid"]))
        return claims if session_id and await self._provider.tokens.is_live(session_id) else None

    async def _at(self, endpoint: Callable[[ReceivedRequest], Response], request: Request) -> Response:
        try:
            return await in_thread(endpoint, await received(request, self._provider.url))
        except OAuth2Error as error:
            return self.server.refused(error)
        except UnicodeDecodeError:
            return self.server.refused(InvalidRequestError("The Authorization header is no text"))
