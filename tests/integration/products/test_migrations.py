"""Products' migrations go up, down and up again, with rows in the tables."""

from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import orjson
import pytest_asyncio

from seeds.catalogue import catalogue, categories
from seeds.media import pictures_of
from shared.persistence import db
from shared.persistence.migration import migrate, tortoise_config
from shared.runtime.subgraph import Subgraph
from subgraphs.products.seed import fill_catalogue, seed
from tests.backends import Backends
from tests.subgraphs import built, fresh_environment

BEFORE = "products.0003_counts"
PRODUCTS = 30


@pytest_asyncio.fixture
async def upgraded(backends: Backends) -> AsyncIterator[asyncpg.Connection]:
    """A shop of the version before, with media as that one had them, brought to the present version."""
    environment = await fresh_environment(backends, "products")
    subgraph = built("products", environment)
    await filled(subgraph)
    connection = await asyncpg.connect(environment["PRODUCTS_DATABASE_URL"])
    try:
        await migrate(subgraph, BEFORE)
        assert all(set(each) == {"alt_text", "colour"} for found in await media(connection) for each in found)
        await migrate(subgraph)
        async with db.connected(tortoise_config(subgraph)):
            yield connection
    finally:
        await connection.close()


async def filled(subgraph: Subgraph) -> None:
    async with db.connected(tortoise_config(subgraph)):
        await fill_catalogue(PRODUCTS)
        await db.execute("UPDATE products SET media = '[]' WHERE slug = 'city-building-blocks'")


async def media(connection: asyncpg.Connection) -> list[list[dict[str, Any]]]:
    return [orjson.loads(row["media"]) for row in await connection.fetch("SELECT media FROM products ORDER BY id")]


async def test_media_of_before_have_addresses_types_and_what_the_version_before_reads(
    upgraded: asyncpg.Connection,
) -> None:
    places = {category.id: category for category in categories()}
    for found, product in zip(await media(upgraded), catalogue(PRODUCTS), strict=True):
        expected = pictures_of(product, places[product.category_id]) if product.slug != "city-building-blocks" else []
        assert found == [
            {
                "path": picture.path.partition("?")[0],
                "media_type": "image/svg+xml",
                "alt_text": picture.alt_text,
                "colour": picture.subject.colour,
            }
            for picture in expected
        ]


async def test_a_seed_puts_the_pictures_where_a_shop_of_before_has_none(upgraded: asyncpg.Connection) -> None:
    await seed(PRODUCTS)
    places = {category.id: category for category in categories()}
    for found, product in zip(await media(upgraded), catalogue(PRODUCTS), strict=True):
        pictures = pictures_of(product, places[product.category_id])
        assert [each["path"] for each in found] == [picture.path for picture in pictures]
        rows = await upgraded.fetch(
            "SELECT name, version, content FROM media_files WHERE product_id = $1 ORDER BY name", product.id
        )
        assert [tuple(row) for row in rows] == [(each.name, each.version, each.drawn()) for each in pictures]
    assert await upgraded.fetchval("SELECT count(*) FROM outbox") == PRODUCTS
