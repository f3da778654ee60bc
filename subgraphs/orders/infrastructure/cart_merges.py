"""Two carts in Postgres become one."""

from uuid import UUID

from shared.errors import UserErrors
from shared.persistence import db
from subgraphs.orders.domain.cart import MAX_QUANTITY
from subgraphs.orders.domain.errors import cart_already_ordered, cart_not_found

_MERGES = 0x63617274  # "cart": the class of the advisory locks of users who merge

# One statement locks both in the order of their ids, so that merges that share a cart never wait for each other in a circle.
_LOCK = """
SELECT id, owner_id, ordered_at FROM carts
WHERE (id = $1 AND (owner_id IS NULL OR owner_id = $2) AND (ordered_at IS NOT NULL OR expires_at > now()))
  OR (ordered_at IS NULL AND id = (
    SELECT id FROM carts WHERE owner_id = $2 AND id <> $1 AND ordered_at IS NULL AND expires_at > now()
    ORDER BY created_at DESC LIMIT 1
  ))
ORDER BY id FOR UPDATE
"""

_MOVE_LINES = """
WITH added AS (
  UPDATE cart_lines AS line SET quantity = least(line.quantity + other.quantity, $3)
  FROM cart_lines AS other WHERE line.cart_id = $2 AND other.cart_id = $1 AND other.variant_id = line.variant_id
)
UPDATE cart_lines SET cart_id = $2
WHERE cart_id = $1 AND variant_id NOT IN (SELECT variant_id FROM cart_lines WHERE cart_id = $2)
"""


# Whoever pays again locks the order and then its cart: so does who merges.
_LOCK_ORDERS = "SELECT FROM orders WHERE reopened_cart_id = $1 ORDER BY id FOR UPDATE"


async def lock_for_merge(cart_id: UUID, user_id: UUID) -> UUID | None:
    """Locks a cart that is anonymous or the user's, and the user's latest open one besides, until the transaction ends.

    Answers the other one's id, None without it.

    Raises:
        UserErrors: when there is no such cart for this user, or it was ordered.
    """
    # Merges of one user take turns: of two that find no own cart, the second is to find the one that the first makes it.
    await db.execute("SELECT pg_advisory_xact_lock($1, hashtext($2))", _MERGES, str(user_id))
    await db.execute(_LOCK_ORDERS, cart_id)
    locked = {row["id"]: row for row in await db.fetch(_LOCK, cart_id, user_id)}
    named = locked.pop(cart_id, None)
    if named is None or named["owner_id"] not in (None, user_id):
        raise UserErrors(cart_not_found())
    if named["ordered_at"] is not None:
        raise UserErrors(cart_already_ordered())
    return next(iter(locked), None)


async def adopt(cart_id: UUID, user_id: UUID, days: int) -> None:
    """Makes a locked cart the user's, to be thrown away after so many days without a change."""
    await db.execute(
        "UPDATE carts SET owner_id = $2, expires_at = now() + make_interval(days => $3) WHERE id = $1",
        cart_id,
        user_id,
        days,
    )


async def pour(cart_id: UUID, own_id: UUID, days: int) -> None:
    """Puts the lines of a locked cart into another one, and throws the first away.

    Pieces of one variant add up, to the most that a line holds. A line that both have keeps the price that was seen in the second.
    Orders that let go of the first find what they were to buy in the second.
    """
    await db.execute(_MOVE_LINES, cart_id, own_id, MAX_QUANTITY)
    await db.execute("UPDATE orders SET reopened_cart_id = $2 WHERE reopened_cart_id = $1", cart_id, own_id)
    await db.execute("DELETE FROM carts WHERE id = $1", cart_id)
    await db.execute("UPDATE carts SET expires_at = now() + make_interval(days => $2) WHERE id = $1", own_id, days)
