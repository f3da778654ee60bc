"""Products and variants by their keys, each batch in one statement."""

from collections.abc import Mapping, Sequence
from uuid import UUID

import asyncpg
import orjson

from shared.persistence import db
from subgraphs.products.domain.product import is_slug
from subgraphs.products.queries.category_tree import Categories
from subgraphs.products.queries.columns import (
    BUT_VARIANTS,
    EVERYTHING,
    PRODUCT_COLUMNS,
    Parts,
    product_columns,
    product_from_row,
    variants_of,
)
from subgraphs.products.queries.views import Product, ProductVariant

_VARIANT_COLUMNS = "v.id, v.sku, v.title, v.price_minor, v.weight_grams, v.selected_options"


async def product_on_sale(categories: Categories, key: UUID | str, parts: Parts) -> Product | None:
    """The product with this id, or with this slug when it is a text; None when there is none or it is withdrawn."""
    if isinstance(key, str) and not is_slug(key):
        return None
    column = "slug" if isinstance(key, str) else "id"
    found = f"FROM products AS p WHERE p.{column} = :key AND p.withdrawn_at IS NULL"
    row = await db.fetch_row(f"SELECT {product_columns(parts)} {found}", key=key)
    return product_from_row(row, await categories.tree_with([row[0]])) if row else None


async def products_by_id(categories: Categories, ids: Sequence[UUID]) -> Mapping[UUID, Product]:
    """Those of these products that exist, withdrawn ones too: whoever has bought one still wants to see it."""
    rows = await db.fetch(
        f"SELECT {product_columns(EVERYTHING)} FROM products AS p WHERE p.id = ANY(:ids::uuid[])",  # noqa: S608
        ids=ids,
    )
    tree = await categories.tree_with(row[0] for row in rows)
    products = (product_from_row(row, tree) for row in rows)
    return {product.id: product for product in products}


async def variants_by_id(categories: Categories, ids: Sequence[UUID]) -> Mapping[UUID, ProductVariant]:
    """Those of these variants that exist, with their products, withdrawn or not."""
    rows = await db.fetch(
        f"SELECT {product_columns(BUT_VARIANTS)}, {_VARIANT_COLUMNS}"  # noqa: S608
        " FROM variants AS v JOIN products AS p ON p.id = v.product_id WHERE v.id = ANY(:ids::uuid[])",
        ids=ids,
    )
    tree = await categories.tree_with(row[0] for row in rows)
    variants = (_variant_from_row(row, product_from_row(row, tree)) for row in rows)
    return {variant.id: variant for variant in variants}


def _variant_from_row(row: asyncpg.Record, product: Product) -> ProductVariant:
    variant_id, sku, title, price_minor, weight_grams, choices = row[PRODUCT_COLUMNS:]
    return ProductVariant(variant_id, sku, title, price_minor, weight_grams, orjson.loads(choices), product)


async def variants_of_products(categories: Categories, ids: Sequence[UUID]) -> Mapping[UUID, list[ProductVariant]]:
    """All variants of some products, for those that came without them."""
    products = await products_by_id(categories, ids)
    return {product.id: variants_of(product) or [] for product in products.values()}
