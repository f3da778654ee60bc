"""Signs access tokens; ``shared.security.auth`` says what they must hold."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jwt import JWTClaimsRegistry

from shared.ids import new_id
from shared.security.auth import ALGORITHM, JOSE_TYPE
from subgraphs.users.domain.tokens import ACCESS_TOKEN_LIFETIME, AccessToken, Session
from subgraphs.users.infrastructure.signing_keys import SigningKeys


class SignedTokens:
    """The issuer of access tokens. It asks for the keys each time: they may be changed while it lives."""

    def __init__(self, keys: Callable[[], SigningKeys], issuer: str, audience: str) -> None:
        self._keys = keys
        self._issuer = issuer
        self._audience = audience
        self._claims = JWTClaimsRegistry(
            iss={"essential": True, "value": issuer},
            aud={"essential": True, "value": audience},
            exp={"essential": True},
            sub={"essential": True},
            sid={"essential": True},
        )

    def issue(self, session: Session, scope: str = "", lifetime: timedelta = ACCESS_TOKEN_LIFETIME) -> AccessToken:
        """A token of a session; shoppers have no scope, and clients the one that was granted to them."""
        now = datetime.now(UTC).replace(microsecond=0)
        expires_at = now + lifetime
        claims = {
            "iss": self._issuer,
            "aud": self._audience,
            "sub": str(session.user_id),
            "sid": str(session.id),
            "scope": scope or session.scope,
            "auth_time": int(session.authenticated_at.timestamp()),
            "iat": int(now.timestamp()),
            "exp": int(expires_at.timestamp()),
            "jti": str(new_id()),
        }
        if session.client_id:
            claims["client_id"] = str(session.client_id)
        signer = self._keys().signer
        header = {"alg": ALGORITHM, "kid": signer.kid, "typ": JOSE_TYPE}
        return AccessToken(jwt.encode(header, claims, signer, algorithms=[ALGORITHM]), expires_at)

    def read(self, token: str) -> Mapping[str, Any] | None:
        """The claims of an access token that was issued here and has not expired; None of anything else."""
        try:
            decoded = jwt.decode(token, KeySet(list(self._keys().keys)), algorithms=[ALGORITHM])
            self._claims.validate(decoded.claims)
        except (JoseError, ValueError, TypeError):
            return None
        return decoded.claims if decoded.header.get("typ") == JOSE_TYPE else None
