"""Pictures as browsers and caches get them."""

import xml.etree.ElementTree as ElementTree
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import asyncpg
import orjson
import pytest
import pytest_asyncio

from tests.subgraphs import NO_SUCH_ID, Running

FOR_EVER = "public, max-age=31536000, immutable"


async def media_of(shop: Running, slug: str) -> list[dict[str, Any]]:
    answer = await shop.graphql(f'{{ product(slug: "{slug}") {{ media {{ url altText mediaType }} }} }}')
    media: list[dict[str, Any]] = answer["data"]["product"]["media"]
    return media


def path_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}"


async def test_a_product_has_a_picture_in_each_of_its_colours(shop: Running) -> None:
    media = await media_of(shop, "branch-line-train")
    assert [picture["altText"] for picture in media] == [
        f"Branch Line Train, {colour}" for colour in ("Red", "Forest", "Navy")
    ]
    assert all(picture["url"].startswith(shop.environment["PRODUCTS_URL"]) for picture in media)
    pictures = [(await shop.http.get(path_of(picture["url"]))).text for picture in media]
    assert len(set(pictures)) == 3


async def test_a_picture_may_be_kept_for_ever_under_the_address_that_media_gives(shop: Running) -> None:
    (picture,) = await media_of(shop, "city-building-blocks")
    response = await shop.http.get(path_of(picture["url"]))
    assert response.status_code == 200
    assert response.headers["content-type"].startswith(picture["mediaType"])
    assert response.headers["cache-control"] == FOR_EVER
    assert ElementTree.fromstring(response.content).tag == "{http://www.w3.org/2000/svg}svg"


async def test_a_picture_can_run_and_load_nothing(shop: Running) -> None:
    (picture,) = await media_of(shop, "city-building-blocks")
    headers = (await shop.http.get(path_of(picture["url"]))).headers
    assert headers["content-security-policy"] == "default-src 'none'; style-src 'unsafe-inline'"
    assert headers["x-content-type-options"] == "nosniff"


async def test_a_cache_that_has_the_picture_is_told_so(shop: Running) -> None:
    (picture,) = await media_of(shop, "city-building-blocks")
    path = path_of(picture["url"])
    tag = (await shop.http.get(path)).headers["etag"]
    for known in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        again = await shop.http.get(path, headers={"if-none-match": known})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
        assert again.headers["cache-control"] == FOR_EVER
    assert (await shop.http.get(path, headers={"if-none-match": '"other"'})).status_code == 200


async def test_the_headers_alone_can_be_had(shop: Running) -> None:
    (picture,) = await media_of(shop, "city-building-blocks")
    whole, head = [await shop.http.request(method, path_of(picture["url"])) for method in ("GET", "HEAD")]
    assert head.content == b""
    assert head.headers == whole.headers


async def test_an_address_of_another_version_is_kept_for_a_while_only(shop: Running) -> None:
    (picture,) = await media_of(shop, "city-building-blocks")
    for query in ("", "?v=", "?v=0123456789abcdef"):
        response = await shop.http.get(urlsplit(picture["url"]).path + query)
        assert (response.status_code, response.headers["cache-control"]) == (200, "public, max-age=300")


@pytest_asyncio.fixture
async def photograph(
    shop: Running, tables: asyncpg.Connection
) -> AsyncIterator[Callable[[str, bytes], Awaitable[str]]]:
    """Puts a photograph in the place of what was drawn of a product, as often as it is called; answers its path."""
    row = await tables.fetchrow("SELECT id, media FROM products WHERE slug = 'feather-whisk'")
    assert row is not None

    async def put(version: str, content: bytes) -> str:
        path = f"/media/products/{row['id']}/front.png?v={version}"
        media = [{"path": path, "media_type": "image/png", "alt_text": "Ready to whisk"}]
        await tables.execute(
            "INSERT INTO media_files (product_id, name, version, media_type, content)"
            " VALUES ($1, 'front.png', $2, 'image/png', $3)"
            " ON CONFLICT (product_id, name) DO UPDATE SET version = excluded.version, content = excluded.content",
            row["id"],
            version,
            content,
        )
        await tables.execute("UPDATE products SET media = $2 WHERE id = $1", row["id"], orjson.dumps(media).decode())
        return path

    yield put
    await tables.execute("UPDATE products SET media = $2 WHERE id = $1", row["id"], row["media"])
    await tables.execute("DELETE FROM media_files WHERE product_id = $1 AND name = 'front.png'", row["id"])


async def test_a_picture_is_served_as_it_was_put_in_whatever_its_type(
    shop: Running, photograph: Callable[[str, bytes], Awaitable[str]]
) -> None:
    path = await photograph("one", bytes(range(256)))
    (media,) = await media_of(shop, "feather-whisk")
    assert (path_of(media["url"]), media["altText"], media["mediaType"]) == (path, "Ready to whisk", "image/png")
    response = await shop.http.get(path)
    assert (response.status_code, response.content) == (200, bytes(range(256)))
    assert response.headers["content-type"] == "image/png"
    assert response.headers["content-security-policy"] == "default-src 'none'; style-src 'unsafe-inline'"


async def test_a_picture_that_is_replaced_has_a_new_address(
    shop: Running, photograph: Callable[[str, bytes], Awaitable[str]]
) -> None:
    first = await photograph("one", b"first")
    tag = (await shop.http.get(first)).headers["etag"]
    second = await photograph("two", b"second")
    assert (await media_of(shop, "feather-whisk"))[0]["url"].endswith(second)
    again = await shop.http.get(second, headers={"if-none-match": tag})
    assert (again.status_code, again.content, again.headers["cache-control"]) == (200, b"second", FOR_EVER)
    assert (await shop.http.get(first)).headers["cache-control"] == "public, max-age=300"


async def test_a_withdrawn_product_keeps_its_pictures(shop: Running, tables: asyncpg.Connection) -> None:
    media = await media_of(shop, "tin-loaf-pan")
    await tables.execute("UPDATE products SET withdrawn_at = now() WHERE slug = 'tin-loaf-pan'")
    try:
        assert (await shop.http.get(path_of(media[0]["url"]))).status_code == 200
    finally:
        await tables.execute("UPDATE products SET withdrawn_at = NULL WHERE slug = 'tin-loaf-pan'")


@pytest.mark.parametrize(
    "file", ["0.svg", "2.svg", "99.svg", "-1.svg", "1.png", "1", "01.svg", "9" * 5000 + ".svg", "%00.svg", "1.svg%00"]
)
async def test_there_are_no_other_pictures(shop: Running, tables: asyncpg.Connection, file: str) -> None:
    product_id: UUID = await tables.fetchval("SELECT id FROM products WHERE slug = 'city-building-blocks'")
    response = await shop.http.get(f"/media/products/{product_id}/{file}")
    assert response.status_code == 404
    assert "immutable" not in response.headers["cache-control"]


@pytest.mark.parametrize("product_id", [NO_SUCH_ID, "x", "..", "%2e%2e"])
async def test_there_are_no_pictures_of_unknown_products(shop: Running, product_id: str) -> None:
    assert (await shop.http.get(f"/media/products/{product_id}/1.svg")).status_code == 404
