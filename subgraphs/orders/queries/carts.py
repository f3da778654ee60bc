"""Reads of carts."""

from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import groupby
from uuid import UUID

import asyncpg

from shared.errors import BadUserInput
from shared.graphql.pagination import Connection, PageRequest, connection
from shared.persistence import db
from subgraphs.orders.domain.cart import Cart
from subgraphs.orders.infrastructure.cart_statements import COLUMNS, LINES
from subgraphs.orders.infrastructure.carts import cart_of

_BY_ID = f"""
SELECT {COLUMNS} FROM carts AS cart {LINES}
WHERE cart.id = :cart_id AND (cart.owner_id IS NULL OR cart.owner_id = :user_id)
  AND (cart.ordered_at IS NOT NULL OR cart.expires_at > now())
ORDER BY line.id
"""  # noqa: S608 - constants
_OF_USER = f"""
SELECT {COLUMNS}
FROM (
  SELECT * FROM carts WHERE owner_id = :user_id AND ordered_at IS NULL AND expires_at > now()
  ORDER BY created_at DESC LIMIT 1
) AS cart {LINES}
ORDER BY line.id
"""  # noqa: S608 - constants
_PAGE_OF_USER = f"""
SELECT {COLUMNS}
FROM (
  SELECT * FROM carts WHERE owner_id = :user_id AND ordered_at IS NULL AND expires_at > now()
    AND (:last_created_at::timestamptz IS NULL OR (created_at, id) < (:last_created_at, :last_id::uuid))
  ORDER BY created_at DESC, id DESC LIMIT :most
) AS cart {LINES}
ORDER BY cart.created_at DESC, cart.id DESC, line.id
"""  # noqa: S608 - constants


async def cart_by_id(cart_id: UUID, user_id: UUID | None) -> Cart | None:
    """A cart with its lines, prices and stock; None when there is none, or it is another user's, or expired."""
    return _cart(await db.fetch(_BY_ID, cart_id=cart_id, user_id=user_id))


async def cart_of_user(user_id: UUID) -> Cart | None:
    """The user's latest cart that is not ordered yet; None when there is none, or it is expired."""
    return _cart(await db.fetch(_OF_USER, user_id=user_id))


async def carts_of_user(user_id: UUID, page: PageRequest) -> Connection[Cart]:
    """A page of the user's carts that are not ordered yet, latest first, in one statement."""
    created_at, cart_id = _last(page)
    rows = await db.fetch(_PAGE_OF_USER, user_id=user_id, last_created_at=created_at, last_id=cart_id, most=page.limit)
    carts = [cart_of(list(its_rows)) for _, its_rows in groupby(rows, key=lambda row: row["id"])]
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
    return cart_of(rows) if rows else None
