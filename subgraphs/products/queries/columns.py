"""What statements select of a product, and the product made of a row."""

import functools
from collections.abc import Sequence

import asyncpg
import orjson

from subgraphs.products.queries.category_tree import CategoryTree
from subgraphs.products.queries.views import Product, ProductVariant, variant_from_json

# The parts of a product that cost something to read; statements leave out those that nobody asked for.
OPTIONS, MEDIA, VARIANTS, DEFAULT_VARIANT = "options", "media", "variants", "defaultVariant"
EVERYTHING = frozenset({OPTIONS, MEDIA, VARIANTS})
BUT_VARIANTS = frozenset({OPTIONS, MEDIA})
_COSTLY = EVERYTHING | {DEFAULT_VARIANT}

VARIANT_ARRAY = "json_build_array(v.id, v.sku, v.title, v.price_minor, v.weight_grams, v.selected_options)"
_OF_PRODUCT = "FROM variants AS v WHERE v.product_id = p.id"
_ALL_VARIANTS = f"(SELECT json_agg({VARIANT_ARRAY} ORDER BY v.position) {_OF_PRODUCT})"
_FIRST_VARIANT = f"(SELECT {VARIANT_ARRAY} {_OF_PRODUCT} ORDER BY v.position LIMIT 1)"
_PLAIN = (
    "p.category_id, p.id, p.slug, p.title, p.description,"
    " p.currency, p.min_price_minor, p.max_price_minor, p.created_at"
)
PRODUCT_COLUMNS = 13

Parts = frozenset[str]


def parts_of(names: frozenset[str]) -> Parts:
    """The costly parts among the names of fields that a query selects."""
    return names & _COSTLY


@functools.cache
def product_columns(parts: Parts) -> str:
    """What to select of a product ``p``; ``product_from_row`` reads it from the row's beginning."""
    costly = (
        "p.options" if OPTIONS in parts else "NULL",
        "p.media" if MEDIA in parts else "NULL",
        _ALL_VARIANTS if VARIANTS in parts else "NULL",
        _FIRST_VARIANT if DEFAULT_VARIANT in parts and VARIANTS not in parts else "NULL",
    )
    return ", ".join((_PLAIN, *costly))


def product_from_row(row: asyncpg.Record, tree: CategoryTree) -> Product:
    """The product that a row begins with."""
    return Product(tree.by_id[row[0]], *row[1:PRODUCT_COLUMNS])


def variants_of(product: Product) -> list[ProductVariant] | None:
    """A product's variants, or None when its statement did not select them."""
    if product.variants_json is None:
        return None
    return [variant_from_json(fields, product) for fields in orjson.loads(product.variants_json)]


def default_variant_of(product: Product) -> ProductVariant | None:
    """The variant that listings show, or None when no variant was selected."""
    if product.default_variant_json is not None:
        return variant_from_json(orjson.loads(product.default_variant_json), product)
    if product.variants_json is not None:
        first: Sequence[object] = orjson.loads(product.variants_json)[0]
        return variant_from_json(first, product)
    return None
