"""Fills the demonstration shop."""

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from seeds.catalogue import catalogue, categories
from seeds.model import SeedCategory, SeedProduct, SeedVariant
from shared.json import dumps
from shared.persistence import db
from shared.persistence.outbox import publish_many
from subgraphs.products.domain.events import product_saved
from subgraphs.products.domain.media import pictures_of
from subgraphs.products.domain.pictures.palette import named_colour
from subgraphs.products.domain.product import Product, Variant

_BATCH = 5_000


async def seed(products: int) -> None:
    """Puts the first ``products`` products of the catalogue on sale; those that are there already stay as they are."""
    async with db.transaction():
        await db.execute("LOCK TABLE products IN SHARE ROW EXCLUSIVE MODE")  # two seeds at once take turns
        await _insert_categories(categories())
        known = {row["id"] for row in await db.fetch("SELECT id FROM products")}
        missing = (product for product in catalogue(products) if product.id not in known)
        for batch in _batched(missing):
            await _insert(batch)
        await db.execute(
            "ANALYZE categories, products, variants"
        )  # or the first queries were planned as for empty tables


async def _insert_categories(found: Sequence[SeedCategory]) -> None:
    await db.execute_many(
        "INSERT INTO categories (id, slug, name, description, parent_id, position) VALUES ($1, $2, $3, $4, $5, $6)"
        " ON CONFLICT (id) DO NOTHING",
        [
            (category.id, category.slug, category.name, category.description, category.parent_id, category.position)
            for category in found
        ],
    )


def _batched(products: Iterator[SeedProduct]) -> Iterator[list[SeedProduct]]:
    while batch := list(itertools.islice(products, _BATCH)):
        yield batch


async def _insert(batch: Sequence[SeedProduct]) -> None:
    products = [_product(seeded) for seeded in batch]
    await _copy("products", map(_product_columns, batch, products))
    await _copy("variants", itertools.chain.from_iterable(map(_variants_columns, batch)))
    now = datetime.now(UTC)
    await publish_many(product_saved(product, now) for product in products)


async def _copy(table: str, rows: Iterable[Mapping[str, Any]]) -> None:
    """Copies rows that all have the same columns."""
    first, *others = rows
    await db.copy_rows(table, tuple(first), [tuple(row.values()) for row in (first, *others)])


def _product(seeded: SeedProduct) -> Product:
    variants = tuple(
        Variant(variant.id, variant.sku, variant.title, variant.price_minor, variant.weight_grams)
        for variant in seeded.variants
    )
    return Product(seeded.id, seeded.slug, seeded.title, seeded.variants[0].currency, 1, True, variants)


def _product_columns(seeded: SeedProduct, product: Product) -> dict[str, Any]:
    return {
        "id": product.id,
        "slug": product.slug,
        "title": product.title,
        "description": seeded.description,
        "category_id": seeded.category_id,
        "options": _json([{"name": option.name, "values": option.values} for option in seeded.options]),
        "media": _json(_media(seeded)),
        "currency": product.currency,
        "min_price_minor": product.min_price_minor,
        "max_price_minor": product.max_price_minor,
        "version": product.version,
        "created_at": seeded.created_at,
    }


def _media(seeded: SeedProduct) -> list[dict[str, str | None]]:
    values = [value for option in seeded.options for value in option.values]
    colours = [value for value in values if named_colour(value.lower().split())]
    return [{"alt_text": picture.alt_text, "colour": picture.colour} for picture in pictures_of(seeded.title, colours)]


def _variants_columns(seeded: SeedProduct) -> Iterator[dict[str, Any]]:
    for position, variant in enumerate(seeded.variants):
        yield _variant_columns(seeded.id, position, variant)


def _variant_columns(product_id: UUID, position: int, variant: SeedVariant) -> dict[str, Any]:
    return {
        "id": variant.id,
        "product_id": product_id,
        "position": position,
        "sku": variant.sku,
        "title": variant.title,
        "selected_options": _json([{"name": name, "value": value} for name, value in variant.selected_options]),
        "price_minor": variant.price_minor,
        "weight_grams": variant.weight_grams,
    }


def _json(value: Any) -> str:
    return dumps(value).decode()
