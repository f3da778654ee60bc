"""Who a caller is where users does not run: the mesh's own key signs tokens, and its public half is published."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
from joserfc import jwt
from joserfc.jwk import ECKey
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from shared.ids import new_id
from shared.security.auth import ALGORITHM, JOSE_TYPE
from tilt.examples import draws
from tilt.examples.pins import Pins

_BLOCK = re.compile(r"-----BEGIN ([A-Z ]+)-----.+?-----END \1-----", re.DOTALL)


def jwks_route(key_file: Path) -> Route:
    """Where users publishes its keys (RFC 7517)."""
    keys = {"keys": [{**key.as_dict(private=False), "use": "sig", "alg": ALGORITHM} for key in signing_keys(key_file)]}
    body = orjson.dumps(keys)

    async def publish(_: Request) -> Response:
        return Response(body, media_type="application/jwk-set+json")

    return Route("/.well-known/jwks.json", publish)


def signing_keys(key_file: Path) -> list[ECKey]:
    """The keys of a PEM file; the first one signs. Their ids are their thumbprints (RFC 7638), as users has them."""
    keys = [ECKey.import_key(block.group()) for block in _BLOCK.finditer(key_file.read_text(encoding="ascii"))]
    return [ECKey.import_key(key.as_pem(private=key.is_private), {"kid": key.thumbprint()}) for key in keys]


def user_id(email: str, pins: Pins) -> str:
    """The id of whom an address belongs to: the user who is pinned with it, or one of its own."""
    for name in pins.names("User"):
        if str(pins.find("User", name, "email", {})).lower() == email.lower():
            return name
    return str(draws.uuid(f"User:{email.lower()}"))


def token(key: ECKey, subject: str, scope: str, lifetime: timedelta, mesh: Mapping[str, str]) -> str:
    """An access token for development, as users would sign it."""
    now = datetime.now(UTC)
    claims: dict[str, Any] = {
        "iss": mesh["TOKEN_ISSUER"],
        "aud": mesh["TOKEN_AUDIENCE"],
        "sub": subject,
        "sid": str(new_id()),
        "scope": scope,
        "auth_time": int(now.timestamp()),
        "iat": int(now.timestamp()),
        "exp": int((now + lifetime).timestamp()),
        "jti": str(new_id()),
    }
    return jwt.encode({"alg": ALGORITHM, "kid": key.kid, "typ": JOSE_TYPE}, claims, key, algorithms=[ALGORITHM])
