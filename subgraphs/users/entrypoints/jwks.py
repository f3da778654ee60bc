"""``GET /.well-known/jwks.json``: the keys that access tokens are checked with (RFC 7517)."""

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from subgraphs.users.infrastructure.signing_keys import SigningKeys

_KEPT_SECONDS = 300


def jwks_route(keys: SigningKeys) -> Route:
    """The route that publishes the public halves of the keys; whoever keeps them asks again after five minutes."""
    body = orjson.dumps(keys.published())
    headers = {"cache-control": f"public, max-age={_KEPT_SECONDS}"}

    async def publish(_: Request) -> Response:
        return Response(body, media_type="application/jwk-set+json", headers=headers)

    return Route("/.well-known/jwks.json", publish)
