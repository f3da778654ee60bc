"""Carts in Postgres. Whoever changes one locks its row first, so that changes of one cart and its order take turns.

An expired cart is missing from the moment on at which it expires, by the database's clock; when it is swept does not matter.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import asyncpg

from shared.errors import UserErrors
from shared.ids import new_id
from shared.money import Money
from shared.persistence import db
from subgraphs.orders.domain.cart import CartLifetime
from subgraphs.orders.domain.errors import cart_already_ordered, cart_not_found


@dataclass(frozen=True, slots=True)
class Addition:
    """How many pieces of a variant to put in, and the price that the buyer sees."""

    variant_id: UUID
    quantity: int
    price: Money


# A cart that this caller may use: $1 is the cart, $2 the caller.
_USABLE = """
id = $1 AND (owner_id IS NULL OR owner_id = $2) AND (ordered_at IS NOT NULL OR expires_at > now())
"""
_LOCK = f"SELECT ordered_at FROM carts WHERE {_USABLE} FOR UPDATE"  # noqa: S608 - a constant
_LOCK_TO_CHANGE = f"""
UPDATE carts SET expires_at = now() + make_interval(days => CASE WHEN owner_id IS NULL THEN $3::int ELSE $4::int END)
WHERE {_USABLE} RETURNING ordered_at
"""  # noqa: S608 - a constant


async def insert_cart(cart_id: UUID, owner_id: UUID | None, days: int) -> None:
    """Starts an empty cart, to be thrown away after so many days without a change."""
    await db.execute(
        "INSERT INTO carts (id, owner_id, expires_at) VALUES ($1, $2, now() + make_interval(days => $3))",
        cart_id,
        owner_id,
        days,
    )


async def lock_open_cart(cart_id: UUID, user_id: UUID | None) -> None:
    """Makes sure that the caller may order a cart, and that nobody else changes it until the transaction ends.

    Raises:
        UserErrors: when there is no such cart for this caller, or it was ordered.
    """
    _require_open(await db.fetch_row(_LOCK, cart_id, user_id))


async def lock_cart_to_change(cart_id: UUID, user_id: UUID | None, lifetime: CartLifetime) -> None:
    """Makes sure that the caller may change a cart, and that nobody else does until the transaction ends; puts its expiry off.

    Raises:
        UserErrors: as ``lock_open_cart`` does.
    """
    _require_open(await db.fetch_row(_LOCK_TO_CHANGE, cart_id, user_id, lifetime.anonymous_days, lifetime.owned_days))


def _require_open(row: asyncpg.Record | None) -> None:
    if row is None:
        raise UserErrors(cart_not_found())
    if row["ordered_at"] is not None:
        raise UserErrors(cart_already_ordered())


async def add_quantities(cart_id: UUID, additions: Sequence[Addition]) -> None:
    """Puts variants into a locked cart; of those that are in it already there are more. The price seen first stays."""
    await db.execute(
        "INSERT INTO cart_lines (id, cart_id, variant_id, quantity, seen_price_minor, seen_currency)"
        " SELECT id, $1, variant_id, quantity, price, currency"
        " FROM unnest($2::uuid[], $3::uuid[], $4::int[], $5::bigint[], $6::text[])"
        "   AS addition (id, variant_id, quantity, price, currency)"
        " ON CONFLICT (cart_id, variant_id) DO UPDATE SET quantity = cart_lines.quantity + excluded.quantity",
        cart_id,
        [new_id() for _ in additions],
        [addition.variant_id for addition in additions],
        [addition.quantity for addition in additions],
        [addition.price.minor for addition in additions],
        [addition.price.currency for addition in additions],
    )


async def set_quantities(cart_id: UUID, quantities: dict[UUID, int]) -> None:
    """Sets lines of a locked cart; the buyer has seen the prices of now."""
    await db.execute(
        "UPDATE cart_lines AS line SET quantity = wanted.quantity, seen_price_minor = variant.price_minor,"
        "   seen_currency = variant.currency"
        " FROM unnest($2::uuid[], $3::int[]) AS wanted (id, quantity), variants AS variant"
        " WHERE line.id = wanted.id AND line.cart_id = $1 AND variant.id = line.variant_id",
        cart_id,
        list(quantities),
        list(quantities.values()),
    )


async def delete_lines(cart_id: UUID, line_ids: Sequence[UUID]) -> None:
    """Takes lines out of a locked cart."""
    await db.execute("DELETE FROM cart_lines WHERE cart_id = $1 AND id = ANY($2::uuid[])", cart_id, line_ids)


# The carts expired longest ago that nobody is changing or ordering; their lines go with them. Two sweepers take different ones.
_SWEEP = """
WITH expired AS MATERIALIZED (
  SELECT id FROM carts WHERE ordered_at IS NULL AND expires_at <= now() ORDER BY expires_at LIMIT $1 FOR UPDATE SKIP LOCKED
)
DELETE FROM carts USING expired WHERE carts.id = expired.id
"""


async def delete_expired_carts(limit: int) -> int:
    """Throws up to ``limit`` expired carts away and answers how many it was. Carts that were ordered stay: orders refer to them."""
    return await db.execute(_SWEEP, limit)
