"""Reads of carts."""

from uuid import UUID

import asyncpg

from shared import db
from shared.money import Money
from subgraphs.orders.domain.cart import Cart, CartLine
from subgraphs.orders.domain.references import ProductVariant

_CART = """
SELECT cart.id, cart.owner_id, cart.ordered_at, cart.created_at,
  line.id AS line_id, line.variant_id, line.quantity, line.seen_price_minor, line.seen_currency,
  variant.title, variant.sku, variant.price_minor, variant.currency, variant.is_sold, stock.available
FROM carts AS cart
LEFT JOIN cart_lines AS line ON line.cart_id = cart.id
LEFT JOIN variants AS variant ON variant.id = line.variant_id
LEFT JOIN known_stock AS stock ON stock.variant_id = line.variant_id
WHERE cart.id = $1 AND (cart.owner_id IS NULL OR cart.owner_id = $2)
ORDER BY line.id
"""


async def cart_by_id(cart_id: UUID, user_id: UUID | None) -> Cart | None:
    """A cart with its lines, prices and stock, in one statement; None when there is none, or it is another user's."""
    rows = await db.fetch(_CART, cart_id, user_id)
    if not rows:
        return None
    lines = [_line(row) for row in rows if row["line_id"] is not None]
    first = rows[0]
    return Cart(first["id"], first["owner_id"], lines, first["ordered_at"] is not None, first["created_at"])


def _line(row: asyncpg.Record) -> CartLine:
    return CartLine(
        id=row["line_id"],
        variant=ProductVariant(row["variant_id"]),
        quantity=row["quantity"],
        title=row["title"],
        sku=row["sku"],
        unit_price=Money(row["price_minor"], row["currency"]),
        seen_price=Money(row["seen_price_minor"], row["seen_currency"]),
        is_sold=row["is_sold"],
        available=row["available"],
    )
