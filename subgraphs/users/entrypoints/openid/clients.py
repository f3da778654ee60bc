"""A registered client as Authlib asks it."""

from collections.abc import Callable
from typing import Any

from authlib.oauth2.rfc6749 import ClientMixin

from subgraphs.users.domain.openid import SIGN_IN_SCOPES, Client

_CONFIDENTIAL = ("client_secret_basic", "client_secret_post")


class OAuthClient(ClientMixin):
    """The answers that follow from a registration; ``has_secret`` compares a secret with the hash of its."""

    id_token_signed_response_alg = "ES256"  # noqa: S105 - a name

    def __init__(self, registered: Client, has_secret: Callable[[Client, str], bool]) -> None:
        self.registered = registered
        self._has_secret = has_secret

    @property
    def client_id(self) -> str:
        return str(self.registered.id)

    @property
    def client_metadata(self) -> dict[str, Any]:
        return {"post_logout_redirect_uris": list(self.registered.post_logout_redirect_uris)}

    def get_client_id(self) -> str:
        return self.client_id

    def get_default_redirect_uri(self) -> None:
        """None: a client says where it wants to be answered, each time."""

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return redirect_uri in self.registered.redirect_uris

    def get_allowed_scope(self, scope: str | None) -> str:
        allowed = self.registered.scopes if self.registered.is_machine else SIGN_IN_SCOPES
        asked = (scope or "").split()
        return " ".join(word for word in allowed if word in asked)

    def check_client_secret(self, client_secret: str) -> bool:
        return self._has_secret(self.registered, client_secret)

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return method == "none" if self.registered.is_public else method in _CONFIDENTIAL

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code" and not self.registered.is_machine

    def check_grant_type(self, grant_type: str) -> bool:
        machines = ("client_credentials",)
        return grant_type in (machines if self.registered.is_machine else ("authorization_code", "refresh_token"))
