"""``/.well-known/openid-configuration``: where everything is (OpenID Connect Discovery 1.0)."""

from typing import Any

from authlib.oidc.discovery import OpenIDProviderMetadata

from subgraphs.users.domain.openid import SIGN_IN_SCOPES

_WITH_SECRET = ["client_secret_basic", "client_secret_post"]


def metadata(url: str) -> dict[str, Any]:
    """What clients are told of the provider at ``url``.

    Raises:
        ValueError: when Authlib finds that it is no metadata of a provider.
    """
    told = OpenIDProviderMetadata(
        issuer=url,
        authorization_endpoint=f"{url}/oauth/authorize",
        token_endpoint=f"{url}/oauth/token",
        userinfo_endpoint=f"{url}/oauth/userinfo",
        introspection_endpoint=f"{url}/oauth/introspect",
        revocation_endpoint=f"{url}/oauth/revoke",
        end_session_endpoint=f"{url}/oauth/logout",
        jwks_uri=f"{url}/.well-known/jwks.json",
        **_WHAT_IT_CAN,
    )
    if url.startswith("https:"):  # in development it is not, and that is all that would be wrong
        told.validate()
    return dict(told)


_WHAT_IT_CAN: dict[str, Any] = {
    "scopes_supported": list(SIGN_IN_SCOPES),
    "response_types_supported": ["code"],
    "response_modes_supported": ["query"],
    "grant_types_supported": ["authorization_code", "refresh_token", "client_credentials"],
    "subject_types_supported": ["public"],
    "id_token_signing_alg_values_supported": ["ES256"],
    "token_endpoint_auth_methods_supported": [*_WITH_SECRET, "none"],
    "introspection_endpoint_auth_methods_supported": _WITH_SECRET,
    "revocation_endpoint_auth_methods_supported": [*_WITH_SECRET, "none"],
    "code_challenge_methods_supported": ["S256"],
    "claims_supported": ["sub", "sid", "iss", "aud", "exp", "iat", "auth_time", "nonce", "amr", "name", "email"],
    "prompt_values_supported": ["none", "login", "consent"],
    "claims_parameter_supported": False,
    "request_parameter_supported": False,
    "request_uri_parameter_supported": False,
    "authorization_response_iss_parameter_supported": True,
}
