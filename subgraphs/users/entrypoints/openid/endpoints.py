"""What clients ask of a token that they hold: is it good (RFC 7662), end it (RFC 7009), sign the user out."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from authlib.oauth2.rfc6749 import InvalidRequestError
from authlib.oauth2.rfc7009 import RevocationEndpoint
from authlib.oauth2.rfc7662 import IntrospectionEndpoint
from authlib.oidc.rpinitiated import EndSessionEndpoint
from joserfc.jwk import KeySet

from shared.ids import try_parse_id
from subgraphs.users.commands.end_machine_session import EndMachineSession, end_machine_session
from subgraphs.users.commands.end_session import EndSession, end_session, log_out
from subgraphs.users.domain.rejections import SessionNotFound
from subgraphs.users.entrypoints.openid.provider import Provider, awaited


@dataclass(frozen=True, slots=True)
class FoundToken:
    """A token of some client as Authlib asks it; ``claims`` is what is told of it."""

    session_id: UUID
    subject: UUID
    client_id: UUID | None
    claims: Mapping[str, Any]
    is_live: bool
    is_refresh: bool

    def check_client(self, client: Any) -> bool:
        return bool(client.registered.id == self.client_id)

    def is_expired(self) -> bool:
        """False: one that has expired is not found, or not live."""
        return False

    def is_revoked(self) -> bool:
        return not self.is_live


def found_token(provider: Provider, text: str) -> FoundToken | None:
    """An access token or a refresh token that was issued here."""
    claims = provider.read(text)
    return _of_access(provider, claims) if claims else _of_refresh(provider, text)


def _of_access(provider: Provider, claims: Mapping[str, Any]) -> FoundToken | None:
    session_id, subject = try_parse_id(str(claims["sid"])), try_parse_id(str(claims["sub"]))
    if session_id is None or subject is None:
        return None
    is_live = awaited(provider.tokens.is_live(session_id))
    client_id = try_parse_id(str(claims.get("client_id")))
    told = {**claims, "token_type": "Bearer"}
    return FoundToken(session_id, subject, client_id, told, is_live, is_refresh=False)


def _of_refresh(provider: Provider, text: str) -> FoundToken | None:
    found = awaited(provider.tokens.of_refresh_token(text))
    if found is None:
        return None
    told = {
        "scope": found.scope,
        "client_id": str(found.client_id),
        "sub": str(found.user_id),
        "sid": str(found.session_id),
        "exp": int(found.expires_at.timestamp()),
        "iss": provider.url,
    }
    return FoundToken(found.session_id, found.user_id, found.client_id, told, found.is_good, is_refresh=True)


class Introspection(IntrospectionEndpoint):
    """Any client that has a secret may ask of an access token, which it was shown; of refresh tokens, of its own."""

    CLIENT_AUTH_METHODS: ClassVar = ["client_secret_basic", "client_secret_post"]

    def query_token(self, token_string: str, token_type_hint: str | None) -> FoundToken | None:
        return found_token(self.server.provider, token_string)

    def check_permission(self, token: FoundToken, client: Any, request: Any) -> bool:
        return not token.is_refresh or token.check_client(client)

    def introspect_token(self, token: FoundToken) -> dict[str, Any]:
        return dict(token.claims)


class Revocation(RevocationEndpoint):
    """Ends the session of a token, and so all tokens of it."""

    CLIENT_AUTH_METHODS: ClassVar = ["client_secret_basic", "client_secret_post", "none"]

    def query_token(self, token_string: str, token_type_hint: str | None) -> FoundToken | None:
        return found_token(self.server.provider, token_string)

    def revoke_token(self, token: FoundToken, request: Any) -> None:
        work = self.server.provider.work
        if request.client.registered.is_machine:
            awaited(work.perform_alone(end_machine_session, EndMachineSession(token.subject, token.session_id)))
            return
        try:
            awaited(work.perform_alone(end_session, EndSession(token.subject, token.session_id)))
        except SessionNotFound:
            return  # it has ended before, which is what was asked for


class SignOut(EndSessionEndpoint):
    """RP-initiated logout: the session of an ID token ends, and the client's page comes next if it was registered."""

    def get_server_jwks(self) -> Any:
        return KeySet.import_key_set(self.server.provider.published())

    def get_algorithms(self) -> list[str]:
        return ["ES256"]

    def validate_request(self, request: Any) -> Any:
        """As Authlib does.

        Raises:
            InvalidRequestError: also without an ID token, and when it is none of ours, such as an access token.
        """
        asked = super().validate_request(request)
        claims = asked.id_token_claims
        if claims is None or asked.client is None or claims.get("iss") != self.server.provider.url:
            raise InvalidRequestError("An id_token_hint is needed: the ID token that the client was given here.")
        if request.payload.data.get("post_logout_redirect_uri") and asked.redirect_uri is None:
            raise InvalidRequestError("The post_logout_redirect_uri is not one that the client was registered with.")
        return asked

    def end_session(self, end_session_request: Any) -> None:
        claims = end_session_request.id_token_claims
        user_id, session_id = try_parse_id(str(claims.get("sub"))), try_parse_id(str(claims.get("sid")))
        if user_id is None or session_id is None:
            raise InvalidRequestError("The id_token_hint names no session.")
        awaited(self.server.provider.work.perform_alone(log_out, EndSession(user_id, session_id)))


ENDPOINTS = (Introspection, Revocation, SignOut)
