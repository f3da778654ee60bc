"""Authlib's authorization server, on Starlette."""

from collections.abc import Sequence
from typing import Any

import orjson
from authlib.common.urls import add_params_to_uri
from authlib.oauth2 import OAuth2Error
from authlib.oauth2.rfc6749 import AuthorizationServer
from starlette.responses import Response

from shared.ids import try_parse_id
from subgraphs.users.entrypoints.openid.clients import OAuthClient
from subgraphs.users.entrypoints.openid.endpoints import ENDPOINTS
from subgraphs.users.entrypoints.openid.grants import GRANTS
from subgraphs.users.entrypoints.openid.provider import Provider, awaited


class Server(AuthorizationServer):
    """The provider's protocol. Its methods are called in a thread (``in_thread``)."""

    def __init__(self, provider: Provider) -> None:
        super().__init__()
        self.provider = provider
        for grant, extensions in GRANTS:
            self.register_grant(grant, extensions(provider))
        for endpoint in ENDPOINTS:
            self.register_endpoint(endpoint)

    def query_client(self, client_id: str) -> OAuthClient | None:
        parsed = try_parse_id(client_id)
        registered = awaited(self.provider.clients.by_id(parsed)) if parsed else None
        return OAuthClient(registered, self.provider.clients.has_secret) if registered else None

    def save_token(self, token: dict[str, Any], request: Any) -> None:
        """Nothing: whatever issued it has kept it."""

    def send_signal(self, name: str, *arguments: Any, **named: Any) -> None:
        """Nobody listens."""

    def create_oauth2_request(self, request: Any) -> Any:
        return request

    def create_json_request(self, request: Any) -> Any:
        return request

    def handle_response(self, status: int, body: Any, headers: Sequence[tuple[str, str]]) -> Response:
        content = body if isinstance(body, str) else orjson.dumps(body)
        answer = Response(content, status, dict(headers))
        answer.headers["cache-control"] = "no-store"
        if status == 401:
            answer.headers["www-authenticate"] = 'Basic realm="clients"'
        return answer

    def refused(self, error: OAuth2Error) -> Response:
        """The answer to a request that is not sound."""
        answer: Response = self.handle_error_response(None, error)
        return answer


def to_client(answer: Response, issuer: str) -> Response:
    """An answer that redirects to the client says who sends it, so that none of another provider passes (RFC 9207)."""
    if location := answer.headers.get("location"):
        answer.headers["location"] = add_params_to_uri(location, {"iss": issuer})
    return answer
