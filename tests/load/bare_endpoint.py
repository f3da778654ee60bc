"""What the listing is measured against:
the same page of products without GraphQL, telemetry, authentication or any rule.

Starlette, asyncpg and orjson, as fast as they are when nothing else is asked of them. ``PRODUCTS_DATABASE_URL`` names a
database that products has migrated and seeded; run it by ``uvicorn tests.load.bare_endpoint:app``.
"""

import contextlib
import os
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import orjson
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
PAGE = 20
# The limit is no parameter: Postgres would plan the statement anew for every request.
_PAGE = f"""
    SELECT product.id::text, product.slug, product.title, product.created_at, product.min_price_minor, product.currency,
           category.name
      FROM (SELECT * FROM products WHERE withdrawn_at IS NULL AND (created_at, id) < ($1, $2)
             ORDER BY created_at DESC, id DESC LIMIT {PAGE + 1}) AS product
      JOIN categories AS category ON category.id = product.category_id
     ORDER BY product.created_at DESC, product.id DESC
"""


async def listing(request: Request) -> Response:
    """The products after a place, and whether more follow."""
    asked = orjson.loads(await request.body())
    after = EPOCH + timedelta(microseconds=asked["created_at"]), UUID(asked["id"])
    async with request.app.state.pool.acquire() as connection:
        rows = await connection.fetch(_PAGE, *after)
    nodes = [_node(row) for row in rows[:PAGE]]
    return Response(orjson.dumps({"nodes": nodes, "more": len(rows) > PAGE}), media_type="application/json")


def _node(row: asyncpg.Record) -> dict[str, Any]:
    product_id, slug, title, created_at, minor, currency, category = row
    return {
        "id": product_id,
        "slug": slug,
        "title": title,
        "createdAt": created_at,
        "price": {"amount": f"{minor // 100}.{minor % 100:02d}", "currency": currency},
        "category": {"name": category},
    }


@contextlib.asynccontextmanager
async def _lifespan(app: Starlette) -> AsyncIterator[None]:
    # A reset would be a second round trip for each request; the subgraph does without it too.
    async with asyncpg.create_pool(
        os.environ["PRODUCTS_DATABASE_URL"], min_size=1, max_size=10, reset=_no_reset
    ) as pool:
        app.state.pool = pool
        yield


async def _no_reset(_: asyncpg.Connection) -> None:
    """Nothing here changes a session."""


app = Starlette(routes=[Route("/listing", listing, methods=["POST"])], lifespan=_lifespan)
