"""``GET /.well-known/jwks.json``: the keys that access tokens are checked with (RFC 7517)."""

from collections.abc import Callable

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from subgraphs.users.infrastructure.signing_keys import SigningKeys

_KEPT_SECONDS = 300


def jwks_route(keys: Callable[[], SigningKeys]) -> Route:
    """The route that publishes the public halves of the keys; whoever keeps them asks again after five minutes."""
    headers = {"cache-control": f"public, max-age={_KEPT_SECONDS}"}

    async def publish(_: Request) -> Response:
        body = orjson.dumps(keys().published())
        return Response(body, media_type="application/jwk-set+json", headers=headers)

    return Route("/.well-known/jwks.json", publish)
