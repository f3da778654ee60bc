"""Carts in SQL.

An expired cart is missing from the moment on at which it expires, by the database's clock; when it is removed does not
matter.
"""

from subgraphs.orders.infrastructure.rows import CART_COLUMNS, CART_LINES

LOAD = f"""
SELECT {CART_COLUMNS} FROM carts AS cart {CART_LINES} WHERE cart.id = :cart_id ORDER BY line.id
"""  # noqa: S608 - constants

ADD = """
INSERT INTO carts (id, owner_id, expires_at) VALUES (:cart_id, :owner_id, now() + make_interval(days => :days))
RETURNING id, owner_id, created_at, expires_at
"""

_USABLE = """
id = :cart_id AND (owner_id IS NULL OR owner_id = :user_id) AND (ordered_at IS NOT NULL OR expires_at > now())
"""
LOCK_TO_ORDER = f"SELECT ordered_at FROM carts WHERE {_USABLE} FOR UPDATE"  # noqa: S608 - a constant
LOCK_TO_CHANGE = f"""
UPDATE carts SET expires_at = now() + make_interval(
  days => CASE WHEN owner_id IS NULL THEN :anonymous_days::int ELSE :owned_days::int END
)
WHERE {_USABLE} RETURNING ordered_at
"""  # noqa: S608 - a constant

# Queries of the statements on orders that take a cart (`placed`) or let go of it (`current`, `changed`).
ORDERED = "UPDATE carts SET ordered_at = placed_at FROM placed WHERE carts.id = :cart_id"
ORDERED_AGAIN = """
UPDATE carts SET ordered_at = placed.updated_at FROM placed WHERE carts.id = placed.cart_id AND carts.ordered_at IS NULL
"""
REOPENED = """
UPDATE carts SET ordered_at = NULL, expires_at = clock_timestamp()
  + make_interval(days => CASE WHEN owner_id IS NULL THEN :anonymous_days::int ELSE :owned_days::int END)
FROM current, changed WHERE carts.id = current.reopened
"""

ADD_UNITS = """
INSERT INTO cart_lines (id, cart_id, variant_id, quantity, seen_price_minor, seen_currency)
SELECT id, :cart_id, variant_id, quantity, price, currency
FROM unnest(:ids::uuid[], :variant_ids::uuid[], :quantities::int[], :prices::bigint[], :currencies::text[])
  AS addition (id, variant_id, quantity, price, currency)
ON CONFLICT (cart_id, variant_id) DO UPDATE SET quantity = cart_lines.quantity + excluded.quantity
"""
SET_QUANTITIES = """
UPDATE cart_lines AS line
SET quantity = wanted.quantity, seen_price_minor = variant.price_minor, seen_currency = variant.currency
FROM unnest(:line_ids::uuid[], :quantities::int[]) AS wanted (id, quantity), variants AS variant
WHERE line.id = wanted.id AND line.cart_id = :cart_id AND variant.id = line.variant_id
"""
REMOVE_LINES = "DELETE FROM cart_lines WHERE cart_id = :cart_id AND id = ANY(:line_ids::uuid[])"

# The carts expired longest ago that nobody has locked; their lines go with them. Two sweepers take different ones.
REMOVE_EXPIRED = """
WITH expired AS MATERIALIZED (
  SELECT id FROM carts WHERE ordered_at IS NULL AND expires_at <= now()
  ORDER BY expires_at LIMIT :most FOR UPDATE SKIP LOCKED
)
DELETE FROM carts USING expired WHERE carts.id = expired.id
"""
