"""Carts in Postgres. Whoever changes one locks its row first, so that changes of one cart and its order take turns."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from shared import db
from shared.errors import UserErrors
from shared.ids import new_id
from shared.money import Money
from subgraphs.orders.domain.errors import cart_already_ordered, cart_not_found


@dataclass(frozen=True, slots=True)
class Addition:
    """How many pieces of a variant to put in, and the price that the buyer sees."""

    variant_id: UUID
    quantity: int
    price: Money


async def insert_cart(cart_id: UUID, owner_id: UUID | None) -> None:
    """Starts an empty cart."""
    await db.execute("INSERT INTO carts (id, owner_id) VALUES ($1, $2)", cart_id, owner_id)


async def lock_open_cart(cart_id: UUID, user_id: UUID | None) -> None:
    """Makes sure that the caller may change a cart, and that nobody else does until the transaction ends.

    Raises:
        UserErrors: when there is no such cart for this caller, or it was ordered.
    """
    row = await db.fetch_row(
        "SELECT ordered_at FROM carts WHERE id = $1 AND (owner_id IS NULL OR owner_id = $2) FOR UPDATE", cart_id, user_id
    )
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
