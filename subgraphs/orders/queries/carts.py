"""Reads of carts."""

from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import groupby
from uuid import UUID

import asyncpg

from shared.errors import BadUserInput
from shared.graphql.pagination import Connection, PageRequest, connection
from shared.money import Money
from shared.persistence import db
from subgraphs.orders.domain.cart import Backorder, Cart, CartLine
from subgraphs.orders.domain.references import ProductVariant
from subgraphs.orders.infrastructure.waiting import expected_day

_COLUMNS = """
SELECT cart.id, cart.owner_id, cart.ordered_at, cart.created_at, cart.expires_at,
  line.id AS line_id, line.variant_id, line.quantity, line.seen_price_minor, line.seen_currency,
  variant.title, variant.sku, variant.price_minor, variant.currency, variant.is_sold, stock.available,
  stock.is_backorder_allowed, stock.backorder_available_from, stock.backorder_remaining
"""
_LINES = """
LEFT JOIN cart_lines AS line ON line.cart_id = cart.id
LEFT JOIN variants AS variant ON variant.id = line.variant_id
LEFT JOIN known_stock AS stock ON stock.variant_id = line.variant_id
"""
_BY_ID = f"""{_COLUMNS} FROM carts AS cart {_LINES}
WHERE cart.id = $1 AND (cart.owner_id IS NULL OR cart.owner_id = $2)
  AND (cart.ordered_at IS NOT NULL OR cart.expires_at > now())
ORDER BY line.id
"""
_OF_USER = f"""{_COLUMNS}
FROM (
  SELECT * FROM carts WHERE owner_id = $1 AND ordered_at IS NULL AND expires_at > now() ORDER BY created_at DESC LIMIT 1
) AS cart {_LINES}
ORDER BY line.id
"""  # noqa: S608 - constants


_PAGE_OF_USER = f"""{_COLUMNS}
FROM (
  SELECT * FROM carts WHERE owner_id = $1 AND ordered_at IS NULL AND expires_at > now()
    AND ($2::timestamptz IS NULL OR (created_at, id) < ($2, $3::uuid))
  ORDER BY created_at DESC, id DESC LIMIT $4
) AS cart {_LINES}
ORDER BY cart.created_at DESC, cart.id DESC, line.id
"""  # noqa: S608 - constants


async def cart_by_id(cart_id: UUID, user_id: UUID | None) -> Cart | None:
    """A cart with its lines, prices and stock, in one statement; None when there is none, or it is another user's, or
    expired.
    """
    return _cart(await db.fetch(_BY_ID, cart_id, user_id))


async def cart_of_user(user_id: UUID) -> Cart | None:
    """The user's latest cart that is not ordered yet; None when there is none, or it is expired."""
    return _cart(await db.fetch(_OF_USER, user_id))


async def carts_of_user(user_id: UUID, page: PageRequest) -> Connection[Cart]:
    """A page of the user's carts that are not ordered yet, latest first, in one statement."""
    rows = await db.fetch(_PAGE_OF_USER, user_id, *_last(page), page.limit)
    carts = [_some_cart(list(its_rows)) for _, its_rows in groupby(rows, key=lambda row: row["id"])]
    return connection(carts, page, lambda cart: (cart.created_at.isoformat(), str(cart.id)))


def _last(page: PageRequest) -> tuple[datetime | None, UUID | None]:
    if page.after is None:
        return None, None
    created_at, cart_id = page.after
    try:
        return datetime.fromisoformat(created_at).astimezone(UTC), UUID(cart_id)
    except (AttributeError, OverflowError, TypeError, ValueError) as error:
        raise BadUserInput("after is no cursor of this list.", ("after",)) from error


def _cart(rows: Sequence[asyncpg.Record]) -> Cart | None:
    return _some_cart(rows) if rows else None


def _some_cart(rows: Sequence[asyncpg.Record]) -> Cart:
    lines = [_line(row) for row in rows if row["line_id"] is not None]
    first = rows[0]
    is_ordered = first["ordered_at"] is not None
    expires_at = None if is_ordered else first["expires_at"]
    return Cart(first["id"], first["owner_id"], lines, is_ordered, first["created_at"], expires_at)


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
        backorder=_backorder(row) if row["is_backorder_allowed"] else None,
    )


def _backorder(row: asyncpg.Record) -> Backorder:
    return Backorder(expected_day(row["backorder_available_from"]), row["backorder_remaining"])
