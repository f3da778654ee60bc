"""``GET /.well-known/jwks.json``: the keys that access tokens are checked with (RFC 7517)."""

from collections.abc import Callable, Mapping
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

_KEPT_SECONDS = 300


def jwks_route(published: Callable[[], Mapping[str, Any]]) -> Route:
    """The route that shows the public halves of the keys of now; whoever keeps them asks again after five minutes."""
    headers = {"cache-control": f"public, max-age={_KEPT_SECONDS}"}

    async def publish(_: Request) -> Response:
        body = orjson.dumps(published())
        return Response(body, media_type="application/jwk-set+json", headers=headers)

    return Route("/.well-known/jwks.json", publish)
