"""The demonstration shop: the same every time, filled once, and quick to page through when it is large."""

import asyncio

import orjson
import pytest_asyncio

from seeds.catalogue import catalogue
from shared.ids import new_id
from shared.persistence import db
from shared.runtime.subgraph import Subgraph
from subgraphs.products.queries.filters import title_prefix
from subgraphs.products.queries.sorting import ProductSort
from subgraphs.products.queries.statements import Shape, page_of_shop, pages_of_roots
from subgraphs.products.seed import fill_catalogue, seed
from tests.contracts import assert_payload_matches
from tests.integration.products.changes import reprice, withdraw

LARGE = 20_000
STATE = "SELECT md5(string_agg(t::text, '|' ORDER BY t.id)) FROM {table} AS t"
TABLES = ("categories", "products", "variants", "media_files", "outbox")


async def state() -> list[str]:
    return [await db.fetch_value(STATE.format(table=table)) for table in TABLES]


async def test_a_second_seed_changes_nothing(products: Subgraph) -> None:
    await seed(60)
    before = await state()
    await seed(60)
    await seed(10)
    assert await state() == before


async def test_a_larger_seed_adds_the_rest_and_leaves_what_was_changed(products: Subgraph) -> None:
    await seed(20)
    first, second, *_ = catalogue(20)
    await reprice(first.variants[0].sku, 1)
    await withdraw(second.slug)
    await seed(50)
    assert await db.fetch_value("SELECT count(*) FROM products") == 50
    assert await db.fetch_value("SELECT price_minor FROM variants WHERE id = $1", first.variants[0].id) == 1
    assert await db.fetch_value("SELECT withdrawn_at IS NOT NULL FROM products WHERE id = $1", second.id)


async def test_two_seeds_at_once_fill_the_shop_once(products: Subgraph) -> None:
    await asyncio.gather(seed(30), seed(40))
    assert await db.fetch_value("SELECT count(*) FROM products") == 40
    assert await db.fetch_value("SELECT count(DISTINCT product_id) FROM media_files") == 40
    assert await db.fetch_value("SELECT count(*) FROM outbox") == 40


async def test_every_product_is_published_as_the_contract_says(products: Subgraph) -> None:
    await seed(240)
    rows = await db.fetch("SELECT key, type, payload FROM outbox ORDER BY id")
    seeded = list(catalogue(240))
    for row, product in zip(rows, seeded, strict=True):
        payload = orjson.loads(row["payload"])
        assert_payload_matches(row["type"], payload)
        assert row["key"] == payload["productId"] == str(product.id)
        assert [variant["variantId"] for variant in payload["variants"]] == [
            str(variant.id) for variant in product.variants
        ]


async def test_every_picture_is_where_its_product_says(products: Subgraph) -> None:
    await seed(240)
    lost = await db.fetch(
        "SELECT product.slug, picture->>'path' FROM products AS product"
        " CROSS JOIN LATERAL jsonb_array_elements(product.media) AS picture LEFT JOIN media_files AS file"
        " ON picture->>'path' = format('/media/products/%s/%s?v=%s', product.id, file.name, file.version)"
        " AND file.product_id = product.id AND file.media_type = picture->>'media_type' WHERE file.id IS NULL"
    )
    assert lost == []
    assert await db.fetch_value("SELECT sum(jsonb_array_length(media)) FROM products") == await db.fetch_value(
        "SELECT count(*) FROM media_files"
    )


async def test_prices_on_products_are_those_of_their_variants(products: Subgraph) -> None:
    await seed(240)
    wrong = await db.fetch(
        "SELECT p.slug FROM products AS p JOIN variants AS v ON v.product_id = p.id GROUP BY p.id"
        " HAVING min(v.price_minor) <> p.min_price_minor OR max(v.price_minor) <> p.max_price_minor"
        " OR min(v.position) <> 0"
    )
    assert wrong == []


@pytest_asyncio.fixture
async def large_shop(products: Subgraph) -> None:
    await fill_catalogue(LARGE)


async def plan(sql: str, **values: object) -> str:
    """How Postgres answers a statement."""
    return "\n".join(row[0] for row in await db.fetch(f"EXPLAIN {sql}", **values))


async def test_no_page_of_a_large_shop_is_found_by_reading_all_products(large_shop: None) -> None:
    product = await db.fetch_row(
        "SELECT id, title, min_price_minor, created_at FROM products ORDER BY id OFFSET 9000 LIMIT 1"
    )
    assert product is not None
    after = {
        ProductSort.NEWEST: product["created_at"],
        ProductSort.PRICE_ASC: product["min_price_minor"],
        ProductSort.PRICE_DESC: product["min_price_minor"],
        ProductSort.TITLE: product["title"],
    }
    members = [row["id"] for row in await db.fetch("SELECT id FROM categories")]
    for sort in ProductSort:
        for continues in (False, True):
            shape = Shape(sort, continues, 21, frozenset(), frozenset({"variants"}))
            place = {"after": after[sort], "after_id": product["id"]} if continues else {}
            pairs = {"roots": [new_id()] * len(members), "members": members}
            for found in (
                await plan(page_of_shop(shape), **place),
                await plan(pages_of_roots(shape), **place, **pairs),
            ):
                assert "Seq Scan on products" not in found
                assert "using products_" in found


async def test_a_rare_word_is_found_by_its_index_in_a_large_shop(large_shop: None) -> None:
    for sort in ProductSort:
        statement = page_of_shop(Shape(sort, False, 21, frozenset({"text", "title_prefix"}), frozenset()))
        found = await plan(statement, text="dinosaur", title_prefix=title_prefix("dinosaur"))
        assert "products_search" in found
        assert "Seq Scan on products" not in found
