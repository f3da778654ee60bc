"""Cursors of product lists: they mark a place in one order, and nothing else passes for one."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

from shared.errors import BadUserInput
from shared.graphql.pagination import encode_cursor, page_request
from subgraphs.products.queries.category_tree import Category
from subgraphs.products.queries.sorting import CURSOR_LENGTH, ProductSort, decode_position, encode_position
from subgraphs.products.queries.views import Product

PRODUCT = Product(
    category=Category(uuid4(), "lighting", "Lighting", "Lamps", None),
    id=uuid4(),
    slug="desk-lamp",
    title="Dörte's ẞ Lamp",
    description="It shines.",
    currency="EUR",
    min_price_minor=1990,
    max_price_minor=2990,
    created_at=datetime(2026, 11, 22, 18, 0, 0, 123457, UTC),
)
TAG = page_request(1, None, CURSOR_LENGTH, "products").tag
KEYS = {
    ProductSort.NEWEST: PRODUCT.created_at,
    ProductSort.PRICE_ASC: 1990,
    ProductSort.PRICE_DESC: 1990,
    ProductSort.TITLE: PRODUCT.title,
}


@pytest.mark.parametrize("sort", ProductSort)
def test_a_cursor_brings_back_the_place_to_the_last_microsecond(sort: ProductSort) -> None:
    page = page_request(20, encode_position(TAG, sort, PRODUCT), CURSOR_LENGTH, "products")
    assert decode_position(sort, page) == (KEYS[sort], PRODUCT.id)


@pytest.mark.parametrize("sort", ProductSort)
def test_a_cursor_of_another_order_is_rejected(sort: ProductSort) -> None:
    for other in set(ProductSort) - {sort}:
        with pytest.raises(BadUserInput):
            decode_position(sort, page_request(20, encode_position(TAG, other, PRODUCT), CURSOR_LENGTH, "products"))


@pytest.mark.parametrize(
    ("sort", "key"),
    [
        ("NEWEST", -1),
        ("NEWEST", 2**63),
        ("NEWEST", True),
        ("NEWEST", 1.5),
        ("NEWEST", "2026-11-22"),
        ("PRICE_ASC", -1),
        ("PRICE_ASC", 2**63),
        ("PRICE_DESC", "1990"),
        ("TITLE", 1990),
        ("TITLE", "a\0b"),
        ("TITLE", None),
        ("TITLE", ["a"]),
    ],
)
def test_a_key_that_no_product_has_is_rejected(sort: str, key: Any) -> None:
    cursor = encode_cursor(TAG, (sort, key, str(PRODUCT.id)))
    with pytest.raises(BadUserInput) as rejected:
        decode_position(ProductSort(sort), page_request(20, cursor, CURSOR_LENGTH, "products"))
    assert rejected.value.field == ("after",)


@pytest.mark.parametrize("product_id", [None, 7, "x", ["x"]])
def test_an_id_that_is_none_is_rejected(product_id: Any) -> None:
    cursor = encode_cursor(TAG, ("PRICE_ASC", 1990, product_id))
    with pytest.raises(BadUserInput):
        decode_position(ProductSort.PRICE_ASC, page_request(20, cursor, CURSOR_LENGTH, "products"))
