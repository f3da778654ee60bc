"""How clients come to tokens: Authlib checks the protocol, and the commands of users do the rest."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, ClassVar

from authlib.oauth2.rfc6749 import InvalidGrantError, InvalidRequestError, InvalidScopeError, grants
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oidc.core import UserInfo
from authlib.oidc.core.grants import OpenIDCode

from subgraphs.users.commands.issue_machine_token import IssueMachineToken, issue_machine_token
from subgraphs.users.commands.redeem_code import RedeemCode, Redeemed, redeem_code
from subgraphs.users.commands.refresh_session import RefreshSession, refresh_session
from subgraphs.users.domain.openid import ClientToken, Code
from subgraphs.users.domain.rejections import CodeInvalid, RefreshTokenInvalid
from subgraphs.users.domain.tokens import ACCESS_TOKEN_LIFETIME, AccessToken, RefreshToken
from subgraphs.users.entrypoints.openid.provider import Provider, awaited

_ID_TOKEN_SECONDS = int(ACCESS_TOKEN_LIFETIME.total_seconds())


@dataclass(frozen=True, slots=True)
class Granted:
    """Somebody signed in and agreed: the code that the client is given."""

    code: str


@dataclass(frozen=True, slots=True)
class FoundCode:
    """A code as Authlib asks it."""

    text: str
    code: Code
    code_challenge_method: str = "S256"

    @property
    def code_challenge(self) -> str:
        return self.code.code_challenge

    def get_redirect_uri(self) -> str:
        return self.code.redirect_uri

    def get_scope(self) -> str:
        return self.code.scope

    def get_nonce(self) -> str | None:
        return self.code.nonce

    def get_auth_time(self) -> int:
        return int(self.code.authenticated_at.timestamp())

    def get_acr(self) -> None:
        """None: there are no classes of authentication here."""

    def get_amr(self) -> list[str]:
        return ["pwd"]


@dataclass(frozen=True, slots=True)
class FoundRefreshToken:
    """A client's refresh token as Authlib asks it."""

    text: str
    token: ClientToken

    def check_client(self, client: Any) -> bool:
        return bool(client.registered.id == self.token.client_id)

    def get_scope(self) -> str:
        return self.token.scope


class CodeGrant(grants.AuthorizationCodeGrant):
    """Authorization codes (RFC 6749, section 4.1)."""

    TOKEN_ENDPOINT_AUTH_METHODS: ClassVar = ["client_secret_basic", "client_secret_post", "none"]

    def generate_authorization_code(self) -> str:
        granted: Granted = self.request.user
        return granted.code

    def save_authorization_code(self, code: str, request: Any) -> None:
        """Nothing: it was kept when it was issued."""

    def query_authorization_code(self, code: str, client: Any) -> FoundCode | None:
        found = awaited(self.server.provider.codes.find(code, client.registered.id))
        return FoundCode(code, found) if found else None

    def authenticate_user(self, authorization_code: FoundCode) -> Redeemed:
        """Here a code is used up; of two at once, one gets this far."""
        client = self.request.client.registered
        try:
            command = RedeemCode(authorization_code.text, client)
            redeemed: Redeemed = awaited(self.server.provider.work.perform_alone(redeem_code, command))
        except CodeInvalid as error:
            raise InvalidGrantError("The code was used before, or has expired.") from error
        return redeemed

    def generate_token(self, user: Redeemed, scope: str, **_: Any) -> dict[str, Any]:
        return token_answer(user.tokens.access, scope, user.tokens.refresh)

    def delete_authorization_code(self, authorization_code: FoundCode) -> None:
        """Nothing: whoever comes with it again is to be noticed."""


class S256Required(CodeChallenge):
    """PKCE for each client, and by hash alone (RFC 7636, RFC 9700)."""

    DEFAULT_CODE_CHALLENGE_METHOD = "S256"
    SUPPORTED_CODE_CHALLENGE_METHOD: ClassVar = ["S256"]

    def validate_code_challenge(self, grant: Any, redirect_uri: str) -> None:
        given = grant.request.payload.data
        if not given.get("code_challenge") or given.get("code_challenge_method") != "S256":
            raise InvalidRequestError("A code_challenge is needed, with the code_challenge_method S256.")
        super().validate_code_challenge(grant, redirect_uri)


class IdToken(OpenIDCode):
    """ID tokens (OpenID Connect Core 1.0, section 2): who signed in, when, and in which session."""

    def __init__(self, provider: Provider) -> None:
        super().__init__(require_nonce=False)
        self._provider = provider

    def exists_nonce(self, nonce: str, request: Any) -> bool:
        """False: a code is good once, and its nonce with it."""
        return False

    def resolve_client_private_key(self, client: Any) -> Any:
        return self._provider.signer()

    def get_encode_header(self, client: Any) -> dict[str, Any]:
        return {"alg": "ES256", "kid": self._provider.signer().kid, "typ": "JWT"}

    def get_client_claims(self, client: Any) -> dict[str, Any]:
        expires_at = int(datetime.now(UTC).timestamp()) + _ID_TOKEN_SECONDS
        return {"iss": self._provider.url, "aud": client.client_id, "exp": expires_at}

    def generate_user_info(self, user: Redeemed, scope: str) -> UserInfo:
        return UserInfo(sub=str(user.session.user_id), sid=str(user.session.id))


class RefreshGrant(grants.RefreshTokenGrant):
    """Refresh tokens (RFC 6749, section 6), each good once, as those of every session."""

    TOKEN_ENDPOINT_AUTH_METHODS: ClassVar = ["client_secret_basic", "client_secret_post", "none"]
    INCLUDE_NEW_REFRESH_TOKEN = True

    def authenticate_refresh_token(self, refresh_token: str) -> FoundRefreshToken | None:
        found = awaited(self.server.provider.tokens.of_refresh_token(refresh_token))
        return FoundRefreshToken(refresh_token, found) if found else None

    def authenticate_user(self, refresh_token: FoundRefreshToken) -> Any:
        return refresh_token.token.user_id

    def issue_token(self, user: Any, refresh_token: FoundRefreshToken) -> dict[str, Any]:
        command = RefreshSession(refresh_token.text, client_id=refresh_token.token.client_id)
        try:
            tokens = awaited(self.server.provider.work.perform_alone(refresh_session, command))
        except RefreshTokenInvalid as error:
            raise InvalidGrantError("The refresh token has ended, or was used before.") from error
        return token_answer(tokens.access, refresh_token.token.scope, tokens.refresh)

    def revoke_old_credential(self, refresh_token: FoundRefreshToken) -> None:
        """Nothing: exchanging it has used it up."""


class MachineGrant(grants.ClientCredentialsGrant):
    """Client credentials (RFC 6749, section 4.4): a machine comes for itself."""

    TOKEN_ENDPOINT_AUTH_METHODS: ClassVar = ["client_secret_basic", "client_secret_post"]

    def validate_requested_scope(self) -> None:
        asked = (self.request.payload.scope or "").split()
        if not set(asked) <= set(self.client.registered.scopes):
            raise InvalidScopeError("The client was not registered with each of these scopes.")

    def generate_token(self, scope: str | None, **_: Any) -> dict[str, Any]:
        registered = self.client.registered
        allowed = scope or " ".join(registered.scopes)
        command = IssueMachineToken(registered, allowed)
        return token_answer(awaited(self.server.provider.work.perform_alone(issue_machine_token, command)), allowed)


def token_answer(access: AccessToken, scope: str, refresh: RefreshToken | None = None) -> dict[str, Any]:
    """The body of a token endpoint's answer (RFC 6749, section 5.1)."""
    left = int((access.expires_at - datetime.now(UTC)).total_seconds())
    answer = {"access_token": access.token, "token_type": "Bearer", "expires_in": left, "scope": scope}
    return answer | ({"refresh_token": refresh.token} if refresh else {})


GRANTS: tuple[tuple[type, Callable[[Provider], list[Any]]], ...] = (
    (CodeGrant, lambda provider: [S256Required(), IdToken(provider)]),
    (RefreshGrant, lambda _: []),
    (MachineGrant, lambda _: []),
)
