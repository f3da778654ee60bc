"""What orders remembers of products and stock. One statement an event: a seeded shop sends hundreds of thousands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from shared.money import Money
from shared.persistence import db
from subgraphs.orders.domain.cart import Backorder


@dataclass(frozen=True, slots=True)
class KnownVariant:
    """A variant as the products events tell of it."""

    id: UUID
    sku: str
    title: str
    price: Money


@dataclass(frozen=True, slots=True)
class KnownStock:
    """What the inventory events tell of a variant's stock; ``expected_from`` is when pieces come that orders wait for."""

    available: int
    backorder: Backorder | None = None
    expected_from: date | None = None


async def save_product(product_id: UUID, version: int, variants: Sequence[KnownVariant]) -> None:
    """Takes over a product's whole state; variants that are not in it are sold no longer. Older versions change nothing."""
    await db.execute(
        "WITH product AS ("
        "  INSERT INTO known_products (id, version) VALUES ($1, $2)"
        "  ON CONFLICT (id) DO UPDATE SET version = excluded.version WHERE known_products.version < excluded.version RETURNING id"
        "), withdrawn AS ("
        "  UPDATE variants SET is_sold = false FROM product"
        "  WHERE variants.product_id = product.id AND is_sold AND variants.id <> ALL($3::uuid[])"
        ")"
        " INSERT INTO variants (id, product_id, sku, title, price_minor, currency, is_sold)"
        " SELECT variant.id, product.id, sku, title, price_minor, currency, true"
        " FROM product, unnest($3::uuid[], $4::text[], $5::text[], $6::bigint[], $7::text[])"
        "   AS variant (id, sku, title, price_minor, currency) ORDER BY variant.id"
        " ON CONFLICT (id) DO UPDATE SET product_id = excluded.product_id, sku = excluded.sku, title = excluded.title,"
        "   price_minor = excluded.price_minor, currency = excluded.currency, is_sold = true",
        product_id,
        version,
        [variant.id for variant in variants],
        [variant.sku for variant in variants],
        [variant.title for variant in variants],
        [variant.price.minor for variant in variants],
        [variant.price.currency for variant in variants],
    )


async def save_stock(variant_id: UUID, version: int, stock: KnownStock) -> tuple[date | None, date | None]:
    """Takes over how many pieces can be bought, and how many more can be ordered. Older versions change nothing.

    Answers when pieces were expected that orders wait for, and when they are now.
    """
    row = await db.fetch_row(
        "WITH before AS (SELECT expected_from FROM known_stock WHERE variant_id = $1)"
        " INSERT INTO known_stock"
        " (variant_id, version, available, is_backorder_allowed, backorder_available_from, backorder_remaining, expected_from)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7)"
        " ON CONFLICT (variant_id) DO UPDATE SET version = excluded.version, available = excluded.available,"
        "   is_backorder_allowed = excluded.is_backorder_allowed, backorder_available_from = excluded.backorder_available_from,"
        "   backorder_remaining = excluded.backorder_remaining, expected_from = excluded.expected_from"
        " WHERE known_stock.version < excluded.version"
        " RETURNING (SELECT expected_from FROM before) AS before, expected_from AS now",
        variant_id,
        version,
        stock.available,
        stock.backorder is not None,
        stock.backorder.available_from if stock.backorder else None,
        stock.backorder.remaining if stock.backorder else None,
        stock.expected_from,
    )
    return (row["before"], row["now"]) if row else (None, None)


async def sold_variants(variant_ids: Sequence[UUID]) -> dict[UUID, KnownVariant]:
    """Those of some variants that are on sale."""
    rows = await db.fetch(
        "SELECT id, sku, title, price_minor, currency FROM variants WHERE id = ANY($1::uuid[]) AND is_sold", variant_ids
    )
    return {row["id"]: _variant(*row) for row in rows}


def _variant(variant_id: UUID, sku: str, title: str, price_minor: int, currency: str) -> KnownVariant:
    return KnownVariant(variant_id, sku, title, Money(price_minor, currency))
