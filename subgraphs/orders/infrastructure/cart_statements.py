"""Carts in SQL.

An expired cart is missing from the moment on at which it expires, by the database's clock; when it is removed does not
matter.
"""

# A cart's row for each of its lines, or one where it has none: what ``cart_of`` reads.
COLUMNS = """
  cart.id, cart.owner_id, cart.ordered_at, cart.created_at, cart.expires_at,
  line.id AS line_id, line.variant_id, line.quantity, line.seen_price_minor, line.seen_currency,
  variant.title, variant.sku, variant.price_minor, variant.currency, variant.is_sold, stock.available,
  stock.is_backorder_allowed, stock.backorder_available_from, stock.backorder_remaining
"""
LINES = """
LEFT JOIN cart_lines AS line ON line.cart_id = cart.id
LEFT JOIN variants AS variant ON variant.id = line.variant_id
LEFT JOIN known_stock AS stock ON stock.variant_id = line.variant_id
"""
LOAD = f"""
SELECT {COLUMNS} FROM carts AS cart {LINES} WHERE cart.id = :cart_id ORDER BY line.id
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
