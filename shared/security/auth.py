"""Who asks: access tokens checked against the issuer's published keys (RFC 7517).

They are JSON Web Tokens (RFC 7519) of the profile for access tokens (RFC 9068), signed with ES256.
"""

import asyncio
import contextlib
import hashlib
import time
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import httpx
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jwt import JWTClaimsRegistry

from shared.errors import Unauthenticated, Unavailable
from shared.ids import try_parse_id
from shared.security.revocations import Revocations
from shared.security.tls import Tls

ALGORITHM = "ES256"
JOSE_TYPE = "at+jwt"  # what else the issuer signs, such as an ID token, is no access token
_JOSE_TYPES = (JOSE_TYPE, f"application/{JOSE_TYPE}")
_LEEWAY_SECONDS = 5
_REFETCH_SECONDS = 10.0
_FIRST_FETCH_SECONDS = 1.0  # until the issuer, which may start at the same time, is there
_FETCH_TIMEOUT_SECONDS = 2.0
_REMEMBERED_TOKENS = 10_000
_INVALID = "The access token is not valid; log in again."


@dataclass(frozen=True, slots=True)
class Principal:
    """The user on whose behalf a request comes, and what the token allows.

    ``session_id`` is the session that the token was issued in, ``authenticated_at`` when the user logged in to it.
    """

    user_id: UUID
    scopes: frozenset[str]
    session_id: UUID
    authenticated_at: datetime


class TokenVerifier:
    """Checks access tokens.

    The issuer's keys are fetched when first needed and again when a token names an unknown one.

    With ``tls``, an https address of keys is one of the mesh. ``revocations`` is None where nobody ends sessions.
    """

    def __init__(
        self, jwks_url: str, issuer: str, audience: str, tls: Tls | None = None, revocations: Revocations | None = None
    ) -> None:
        self.revocations = revocations
        self._jwks_url = jwks_url
        self._tls = tls if jwks_url.startswith("https:") else None
        self._claims = JWTClaimsRegistry(
            leeway=_LEEWAY_SECONDS,
            iss={"essential": True, "value": issuer},
            aud={"essential": True, "value": audience},
            exp={"essential": True},
            sub={"essential": True},
            sid={"essential": True},
            auth_time={"essential": True},
        )
        self._keys: KeySet | None = None
        self._fetched_at = -_REFETCH_SECONDS
        self._fetching = asyncio.Lock()
        self._verified: OrderedDict[bytes, tuple[Principal, float]] = OrderedDict()

    async def learn_keys(self, stop: asyncio.Event) -> None:
        """Fetches the keys before the first token comes, so that the issuer may be away when it does."""
        while self._keys is None and not stop.is_set():
            with contextlib.suppress(Unavailable):
                async with self._fetching:
                    await self._fetch_keys()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), _FIRST_FETCH_SECONDS)
        await stop.wait()

    async def verify(self, token: str) -> Principal:
        """The principal of a token.

        Raises:
            Unauthenticated: when the token is malformed, expired, for somebody else or not signed by the issuer, or
                its session was revoked a second ago or earlier.
            Unavailable: when the issuer's keys can't be had.
        """
        digest = hashlib.sha256(token.encode()).digest()
        principal = self._recall(digest)
        if principal is None:
            principal, expires_at = await self._check(token)
            self._remember(digest, principal, expires_at)
        if self.revocations is not None:
            self.revocations.require_live(principal.session_id)
        return principal

    async def _check(self, token: str) -> tuple[Principal, float]:
        try:
            keys = await self._keys_for(token)
            decoded = jwt.decode(token, keys, algorithms=[ALGORITHM])
            self._claims.validate(decoded.claims)
            _require_access_token(decoded.header)
            return _principal(decoded.claims), float(decoded.claims["exp"]) + _LEEWAY_SECONDS
        except (JoseError, ValueError, TypeError, OverflowError) as error:  # what nobody issues, such as a time of text
            raise Unauthenticated(_INVALID) from error

    async def _keys_for(self, token: str) -> KeySet:
        key_id = _key_id(token)
        if self._keys is None or key_id not in _key_ids(self._keys):
            async with self._fetching:
                if self._keys is None or key_id not in _key_ids(self._keys):
                    await self._fetch_keys()
        assert self._keys is not None
        return self._keys

    async def _fetch_keys(self) -> None:
        if self._keys is not None and time.monotonic() - self._fetched_at < _REFETCH_SECONDS:
            return
        try:
            trusted = self._tls.client_context() if self._tls else True
            async with httpx.AsyncClient(timeout=_FETCH_TIMEOUT_SECONDS, verify=trusted) as client:
                response = await client.get(self._jwks_url)
                response.raise_for_status()
                self._keys = KeySet.import_key_set(response.json())
        except (httpx.HTTPError, JoseError, ValueError) as error:
            if self._keys is None:
                raise Unavailable("Access tokens can't be checked at the moment; try again.") from error
        self._fetched_at = time.monotonic()

    def _recall(self, digest: bytes) -> Principal | None:
        remembered = self._verified.get(digest)
        if remembered is None:
            return None
        principal, expires_at = remembered
        if time.time() >= expires_at:
            del self._verified[digest]
            return None
        return principal

    def _remember(self, digest: bytes, principal: Principal, expires_at: float) -> None:
        self._verified[digest] = (principal, expires_at)
        if len(self._verified) > _REMEMBERED_TOKENS:
            self._verified.popitem(last=False)


def bearer_token(authorization: str | None) -> str | None:
    """The token of an ``Authorization`` header, or None when there is no header.

    Raises:
        Unauthenticated: when the header is of another scheme.
    """
    if not authorization:
        return None
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Unauthenticated("The Authorization header is not 'Bearer <access token>'.")
    return token.strip()


def _require_access_token(header: Mapping[str, Any]) -> None:
    if str(header.get("typ", "")).lower() not in _JOSE_TYPES:
        raise ValueError("the token is no access token")


def _principal(claims: Mapping[str, Any]) -> Principal:
    user_id, session_id = try_parse_id(claims["sub"]), try_parse_id(claims["sid"])
    if user_id is None or session_id is None:
        raise ValueError("the token names no user, or no session")
    scopes = frozenset(str(claims.get("scope", "")).split())
    return Principal(user_id, scopes, session_id, _moment(claims["auth_time"]))


def _moment(seconds: float) -> datetime:
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except OSError as error:  # what no clock can show
        raise ValueError("the time of the log-in is none") from error


def _key_id(token: str) -> str | None:
    from joserfc.jws import extract_compact

    return extract_compact(token.encode()).headers().get("kid")


def _key_ids(keys: KeySet) -> set[str | None]:
    return {key.kid for key in keys.keys}
