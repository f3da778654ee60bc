"""Carts that become one, and one that becomes two, in SQL.

Whoever pays again for an order locks the order and then its cart, and so does who merges.
"""

MERGES = 0x63617274  # "cart": the class of the advisory locks of users who merge

# Merges of one user wait for each other: of two that find no own cart, the second is to find what the first makes it.
LOCK_USER = "SELECT pg_advisory_xact_lock(:merges, hashtext(:user))"
LOCK_ORDERS = "SELECT FROM orders WHERE reopened_cart_id = :cart_id ORDER BY id FOR UPDATE"

# One statement locks both in the order of their ids: merges that share a cart never wait for each other in a circle.
LOCK_BOTH = """
SELECT id, ordered_at FROM carts
WHERE (id = :cart_id AND (owner_id IS NULL OR owner_id = :user_id) AND (ordered_at IS NOT NULL OR expires_at > now()))
  OR (ordered_at IS NULL AND id = (
    SELECT id FROM carts WHERE owner_id = :user_id AND id <> :cart_id AND ordered_at IS NULL AND expires_at > now()
    ORDER BY created_at DESC LIMIT 1
  ))
ORDER BY id FOR UPDATE
"""

ADOPT = """
UPDATE carts SET owner_id = :user_id, expires_at = now() + make_interval(days => :days) WHERE id = :cart_id
"""

POUR_LINES = """
WITH added AS (
  UPDATE cart_lines AS line SET quantity = least(line.quantity + other.quantity, :most)
  FROM cart_lines AS other
  WHERE line.cart_id = :own_id AND other.cart_id = :cart_id AND other.variant_id = line.variant_id
)
UPDATE cart_lines SET cart_id = :own_id
WHERE cart_id = :cart_id AND variant_id NOT IN (SELECT variant_id FROM cart_lines WHERE cart_id = :own_id)
"""
REDIRECT_ORDERS = "UPDATE orders SET reopened_cart_id = :own_id WHERE reopened_cart_id = :cart_id"
REMOVE = "DELETE FROM carts WHERE id = :cart_id"
PUT_OFF = "UPDATE carts SET expires_at = now() + make_interval(days => :days) WHERE id = :own_id"

# The order gets a cart of its own, as it was when it was placed, which opens again should it come to nothing once more.
SPLIT_OFF = """
WITH bought AS (
  SELECT its.variant_id, its.quantity, its.line_id, line.unit_price_minor, orders.currency
  FROM unnest(:variant_ids::uuid[], :quantities::int[], :line_ids::uuid[]) AS its (variant_id, quantity, line_id),
    orders, LATERAL (
      SELECT unit_price_minor FROM order_lines WHERE order_id = orders.id AND variant_id = its.variant_id
      ORDER BY position LIMIT 1
    ) AS line
  WHERE orders.id = :order_id
), cart AS (
  SELECT carts.* FROM orders JOIN carts ON carts.id = orders.reopened_cart_id
  WHERE orders.id = :order_id AND carts.ordered_at IS NULL AND carts.expires_at > clock_timestamp()
    AND (carts.owner_id IS NULL OR carts.owner_id = orders.customer_id)
    AND EXISTS (SELECT FROM cart_lines JOIN bought USING (variant_id) WHERE cart_id = carts.id)
    AND EXISTS (
      SELECT FROM (SELECT variant_id, quantity FROM cart_lines WHERE cart_id = carts.id) AS held
      FULL JOIN bought USING (variant_id) WHERE held.quantity IS DISTINCT FROM bought.quantity
    )
), apart AS (
  INSERT INTO carts (id, owner_id, created_at, expires_at)
  SELECT :apart_id, owner_id, created_at - interval '1 microsecond', expires_at FROM cart RETURNING id
), lines AS (
  INSERT INTO cart_lines (id, cart_id, variant_id, quantity, seen_price_minor, seen_currency)
  SELECT line_id, apart.id, variant_id, quantity, unit_price_minor, bought.currency
  FROM apart, bought JOIN variants ON variants.id = bought.variant_id
), fewer AS (
  UPDATE cart_lines AS line SET quantity = line.quantity - bought.quantity FROM cart, bought
  WHERE line.cart_id = cart.id AND line.variant_id = bought.variant_id AND line.quantity > bought.quantity
), gone AS (
  DELETE FROM cart_lines AS line USING cart, bought
  WHERE line.cart_id = cart.id AND line.variant_id = bought.variant_id AND line.quantity <= bought.quantity
)
UPDATE orders SET reopened_cart_id = apart.id FROM apart WHERE orders.id = :order_id
"""
