"""What orders remembers of products and stock. One statement an event: a seeded shop sends hundreds of thousands."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from shared.money import Money
from shared.persistence import db
from subgraphs.orders.domain.catalogue import ExpectedDays, KnownStock, KnownVariant

_SAVE_PRODUCT = """
WITH product AS (
  INSERT INTO known_products (id, version) VALUES (:product_id, :version)
  ON CONFLICT (id) DO UPDATE SET version = excluded.version WHERE known_products.version < excluded.version RETURNING id
), withdrawn AS (
  UPDATE variants SET is_sold = false FROM product
  WHERE variants.product_id = product.id AND is_sold AND variants.id <> ALL(:ids::uuid[])
)
INSERT INTO variants (id, product_id, sku, title, price_minor, currency, is_sold)
SELECT variant.id, product.id, sku, title, price_minor, currency, true
FROM product, unnest(:ids::uuid[], :skus::text[], :titles::text[], :prices::bigint[], :currencies::text[])
  AS variant (id, sku, title, price_minor, currency) ORDER BY variant.id
ON CONFLICT (id) DO UPDATE SET product_id = excluded.product_id, sku = excluded.sku, title = excluded.title,
  price_minor = excluded.price_minor, currency = excluded.currency, is_sold = true
"""

_SAVE_STOCK = """
WITH before AS (SELECT expected_from FROM known_stock WHERE variant_id = :variant_id)
INSERT INTO known_stock (variant_id, version, available, is_backorder_allowed, backorder_available_from,
  backorder_remaining, expected_from)
VALUES (:variant_id, :version, :available, :is_backorder_allowed, :backorder_available_from,
  :backorder_remaining, :expected_from)
ON CONFLICT (variant_id) DO UPDATE SET version = excluded.version, available = excluded.available,
  is_backorder_allowed = excluded.is_backorder_allowed, backorder_available_from = excluded.backorder_available_from,
  backorder_remaining = excluded.backorder_remaining, expected_from = excluded.expected_from
WHERE known_stock.version < excluded.version
RETURNING (SELECT expected_from FROM before) AS before, expected_from AS now
"""

_SOLD = "SELECT id, sku, title, price_minor, currency FROM variants WHERE id = ANY(:ids::uuid[]) AND is_sold"


class PostgresCatalogue:
    """The port Catalogue, in the task's transaction."""

    async def sold_variants(self, variant_ids: Sequence[UUID]) -> Mapping[UUID, KnownVariant]:
        return {row["id"]: _variant(*row) for row in await db.fetch(_SOLD, ids=variant_ids)}

    async def save_product(self, product_id: UUID, version: int, variants: Sequence[KnownVariant]) -> None:
        await db.execute(
            _SAVE_PRODUCT,
            product_id=product_id,
            version=version,
            ids=[variant.id for variant in variants],
            skus=[variant.sku for variant in variants],
            titles=[variant.title for variant in variants],
            prices=[variant.price.minor for variant in variants],
            currencies=[variant.price.currency for variant in variants],
        )

    async def save_stock(self, variant_id: UUID, version: int, stock: KnownStock) -> ExpectedDays:
        backorder = stock.backorder
        row = await db.fetch_row(
            _SAVE_STOCK,
            variant_id=variant_id,
            version=version,
            available=stock.available,
            is_backorder_allowed=backorder is not None,
            backorder_available_from=backorder.available_from if backorder else None,
            backorder_remaining=backorder.remaining if backorder else None,
            expected_from=stock.expected_from,
        )
        return ExpectedDays(**row) if row else ExpectedDays(None, None)


def _variant(variant_id: UUID, sku: str, title: str, price_minor: int, currency: str) -> KnownVariant:
    return KnownVariant(variant_id, sku, title, Money(price_minor, currency))
