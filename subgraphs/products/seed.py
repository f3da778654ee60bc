"""Fills the demonstration shop."""

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar
from uuid import UUID

from seeds.catalogue import catalogue, categories
from seeds.media import MEDIA_TYPE, SeedPicture, pictures_of
from seeds.model import SeedCategory, SeedProduct, SeedVariant
from shared.json import dumps
from shared.persistence import db
from shared.persistence.outbox import publish_many
from subgraphs.products.domain.events import product_saved
from subgraphs.products.domain.product import Product, Variant

Item = TypeVar("Item")

_BATCH = 5_000
_PLACES = {category.id: category for category in categories()}
_WITHOUT_PICTURES = """
SELECT id FROM products WHERE NOT EXISTS (SELECT FROM media_files WHERE media_files.product_id = products.id)
"""
_SET_MEDIA = """
UPDATE products SET media = new.media::jsonb FROM unnest(:ids::uuid[], :media::text[]) AS new (id, media)
WHERE products.id = new.id AND products.media <> new.media::jsonb
"""


async def seed(products: int) -> None:
    """Puts the first ``products`` products of the catalogue on sale; those that are there already stay as they are."""
    await fill_catalogue(products)
    await fill_pictures()


async def fill_catalogue(products: int) -> None:
    """Categories, products and variants, and the events of them."""
    async with db.transaction():
        await db.execute("LOCK TABLE products IN SHARE ROW EXCLUSIVE MODE")  # of two seeds at once one waits
        await _insert_categories(categories())
        known = {row["id"] for row in await db.fetch("SELECT id FROM products")}
        for batch in _batched(product for product in catalogue(products) if product.id not in known):
            await _insert(batch)
        # Or the first queries were planned as for empty tables.
        await db.execute("ANALYZE categories, products, variants")


async def fill_pictures() -> None:
    """Draws the pictures of all products that have none."""
    async with db.transaction():
        await db.execute("LOCK TABLE media_files IN SHARE ROW EXCLUSIVE MODE")
        lacking = {row["id"] for row in await db.fetch(_WITHOUT_PICTURES)}
        products: int = await db.fetch_value("SELECT count(*) FROM products")
        for batch in _batched(product for product in catalogue(products if lacking else 0) if product.id in lacking):
            await _insert_pictures(batch)
        await db.execute("ANALYZE media_files")


def _batched(items: Iterator[Item]) -> Iterator[list[Item]]:
    while batch := list(itertools.islice(items, _BATCH)):
        yield batch


async def _insert_categories(found: Sequence[SeedCategory]) -> None:
    await db.execute_many(
        "INSERT INTO categories (id, slug, name, description, parent_id, position) VALUES ($1, $2, $3, $4, $5, $6)"
        " ON CONFLICT (id) DO NOTHING",
        [
            (category.id, category.slug, category.name, category.description, category.parent_id, category.position)
            for category in found
        ],
    )


async def _insert(batch: Sequence[SeedProduct]) -> None:
    products = [_product(seeded) for seeded in batch]
    await _copy("products", map(_product_columns, batch, products))
    await _copy("variants", itertools.chain.from_iterable(map(_variants_columns, batch)))
    now = datetime.now(UTC)
    await publish_many(product_saved(product, now) for product in products)


async def _insert_pictures(batch: Sequence[SeedProduct]) -> None:
    pictures = [_pictures(seeded) for seeded in batch]
    await _copy("media_files", map(_file_columns, itertools.chain.from_iterable(pictures)))
    await db.execute(_SET_MEDIA, ids=[seeded.id for seeded in batch], media=list(map(_media, pictures)))


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
        "media": _media(_pictures(seeded)),
        "currency": product.currency,
        "min_price_minor": product.min_price_minor,
        "max_price_minor": product.max_price_minor,
        "version": product.version,
        "created_at": seeded.created_at,
    }


def _pictures(seeded: SeedProduct) -> list[SeedPicture]:
    return pictures_of(seeded, _PLACES[seeded.category_id])


def _media(pictures: Sequence[SeedPicture]) -> str:
    """The colour is for the version before ``0004_media_files``, which may still serve."""
    return _json(
        [
            {
                "path": picture.path,
                "media_type": MEDIA_TYPE,
                "alt_text": picture.alt_text,
                "colour": picture.subject.colour,
            }
            for picture in pictures
        ]
    )


def _file_columns(picture: SeedPicture) -> dict[str, Any]:
    return {
        "product_id": picture.subject.id,
        "name": picture.name,
        "version": picture.version,
        "media_type": MEDIA_TYPE,
        "content": picture.drawn(),
    }


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
