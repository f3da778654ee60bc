"""Products in Postgres as commands change them: locked, changed, saved, told of."""

from datetime import datetime

import asyncpg

from shared.persistence import db
from shared.persistence.outbox import publish
from subgraphs.products.domain.events import product_event
from subgraphs.products.domain.product import Product, Variant

_LOCKED = """
    SELECT id, slug, title, currency, version, withdrawn_at IS NULL AS on_sale FROM products
     WHERE {condition} FOR UPDATE
"""
_WITH_SLUG = _LOCKED.format(condition="slug = $1")
_WITH_SKU = _LOCKED.format(condition="id = (SELECT product_id FROM variants WHERE sku = $1)")


async def locked_by_slug(slug: str) -> Product | None:
    """A product, nobody else's to change until the transaction ends; None when there is none."""
    return await _with_variants(await db.fetch_row(_WITH_SLUG, slug))


async def locked_by_sku(sku: str) -> Product | None:
    """The product that has this variant, locked likewise."""
    return await _with_variants(await db.fetch_row(_WITH_SKU, sku))


async def _with_variants(row: asyncpg.Record | None) -> Product | None:
    if row is None:
        return None
    variants = await db.fetch(
        "SELECT id, sku, title, price_minor, weight_grams FROM variants WHERE product_id = $1 ORDER BY position",
        row["id"],
    )
    return Product(**row, variants=tuple(Variant(**variant) for variant in variants))


async def save(product: Product) -> None:
    """Writes a locked product that has changed, and publishes it."""
    await db.execute(
        "UPDATE variants SET price_minor = new.price_minor FROM unnest($1::uuid[], $2::bigint[]) AS new(id, price_minor)"
        " WHERE variants.id = new.id AND variants.price_minor <> new.price_minor",
        [variant.id for variant in product.variants],
        [variant.price_minor for variant in product.variants],
    )
    occurred_at: datetime = await db.fetch_value(
        "UPDATE products SET version = $2, min_price_minor = $3, max_price_minor = $4,"
        " withdrawn_at = CASE WHEN $5 THEN NULL ELSE coalesce(withdrawn_at, now()) END WHERE id = $1 RETURNING now()",
        product.id,
        product.version,
        product.min_price_minor,
        product.max_price_minor,
        product.on_sale,
    )
    await publish(product_event(product, occurred_at))
