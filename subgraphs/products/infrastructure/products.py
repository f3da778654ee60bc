"""Products in Postgres as commands change them: the SQL of this file alone changes products and variants.

The product's row is locked before its variants are read, so that those are as the change before left them, and versions
and events of one product follow each other.
"""

import asyncpg

from shared.persistence import db
from subgraphs.products.domain.product import Product, Variant

_COLUMNS = "id, slug, title, currency, version, withdrawn_at IS NULL AS on_sale"
_LOCK_BY_SLUG = f"SELECT {_COLUMNS} FROM products WHERE slug = :slug FOR UPDATE"  # noqa: S608 - constants
_LOCK_BY_SKU = f"""
SELECT {_COLUMNS} FROM products WHERE id = (SELECT product_id FROM variants WHERE sku = :sku) FOR UPDATE
"""  # noqa: S608 - constants
_VARIANTS = """
SELECT id, sku, title, price_minor, weight_grams FROM variants WHERE product_id = :product_id ORDER BY position
"""
_SAVE = """
WITH priced AS (
  UPDATE variants SET price_minor = new.price_minor
  FROM unnest(:variant_ids::uuid[], :prices::bigint[]) AS new (id, price_minor)
  WHERE variants.id = new.id AND variants.price_minor <> new.price_minor
)
UPDATE products SET version = :version, min_price_minor = :min_price_minor, max_price_minor = :max_price_minor,
  withdrawn_at = CASE WHEN :on_sale THEN NULL ELSE coalesce(withdrawn_at, now()) END
WHERE id = :id
"""


class PostgresProducts:
    """The port ProductRepository, in the task's transaction."""

    async def lock_by_slug(self, slug: str) -> Product | None:
        return await _with_variants(await db.fetch_row(_LOCK_BY_SLUG, slug=slug))

    async def lock_by_sku(self, sku: str) -> Product | None:
        return await _with_variants(await db.fetch_row(_LOCK_BY_SKU, sku=sku))

    async def save(self, product: Product) -> None:
        await db.execute(
            _SAVE,
            id=product.id,
            version=product.version,
            min_price_minor=product.min_price_minor,
            max_price_minor=product.max_price_minor,
            on_sale=product.on_sale,
            variant_ids=[variant.id for variant in product.variants],
            prices=[variant.price_minor for variant in product.variants],
        )


async def _with_variants(row: asyncpg.Record | None) -> Product | None:
    if row is None:
        return None
    variants = await db.fetch(_VARIANTS, product_id=row["id"])
    return Product(**row, variants=tuple(Variant(**variant) for variant in variants))
