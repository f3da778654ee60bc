"""``GET /media/products/<id>/<name>``: the pictures of products, which browsers and caches in between may keep."""

import re
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from shared.ids import try_parse_id
from shared.runtime.outages import OUTAGES, outage_error
from shared.telemetry.metrics import measured
from subgraphs.products.queries.media import MediaFile, media_file

_NAME = re.compile(r"[a-z0-9-]{1,60}\.[a-z0-9]{1,8}")
_FOR_EVER = "public, max-age=31536000, immutable"
_FOR_A_WHILE = "public, max-age=300"
# A picture can be a document too: opened on its own it may run nothing and load nothing, whatever is in it.
_SAFE = {
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'",
    "x-content-type-options": "nosniff",
    "cross-origin-resource-policy": "cross-origin",
}


async def respond(request: Request) -> Response:
    """The picture, that the caller's copy is still good, or that there is none."""
    with measured("http", "media"):
        product_id, name = try_parse_id(request.path_params["product_id"]), request.path_params["file"]
        if product_id is None or not _NAME.fullmatch(name):
            return _no_picture()
        return await _picture(request, product_id, name)


async def _picture(request: Request, product_id: UUID, name: str) -> Response:
    try:
        found = await media_file(product_id, name)
    except OUTAGES as error:
        return Response(outage_error(error).message, 503, {**_SAFE, "retry-after": "1"}, "text/plain")
    return _no_picture() if found is None else _answer(request, found)


def _answer(request: Request, found: MediaFile) -> Response:
    is_current = request.query_params.get("v") == found.version
    headers = {**_SAFE, "etag": f'"{found.version}"', "cache-control": _FOR_EVER if is_current else _FOR_A_WHILE}
    if _knows(request.headers.get("if-none-match", ""), found.version):
        return Response(status_code=304, headers=headers)
    return Response(found.content, headers=headers, media_type=found.media_type)


def _knows(if_none_match: str, version: str) -> bool:
    """Whether the caller has this version; proxies may have marked its tag as weak (RFC 9110, 13.1.2)."""
    tags = {tag.strip().removeprefix("W/") for tag in if_none_match.split(",")}
    return f'"{version}"' in tags or "*" in tags


def _no_picture() -> Response:
    return Response("There is no such picture.", 404, {**_SAFE, "cache-control": "no-cache"}, "text/plain")


ROUTES = (Route("/media/products/{product_id}/{file}", respond),)
