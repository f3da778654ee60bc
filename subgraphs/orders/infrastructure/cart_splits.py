"""What an order that is paid again buys leaves the cart that holds other things, too, in Postgres."""

from collections import Counter
from uuid import UUID

from shared.ids import new_id
from shared.persistence import db
from subgraphs.orders.infrastructure.shipments import placed_order

# The order gets a cart of its own, as it was when it was placed, which opens again should it come to nothing once more. It is not
# later than the other, which stays the buyer's latest. A cart that holds exactly what is bought, or nothing of it, stays as it is.
_SPLIT = """
WITH bought AS (
  SELECT its.variant_id, its.quantity, its.line_id, line.unit_price_minor, orders.currency
  FROM unnest($2::uuid[], $3::int[], $4::uuid[]) AS its (variant_id, quantity, line_id), orders, LATERAL (
    SELECT unit_price_minor FROM order_lines WHERE order_id = orders.id AND variant_id = its.variant_id ORDER BY position LIMIT 1
  ) AS line WHERE orders.id = $1
), cart AS (
  SELECT carts.* FROM orders JOIN carts ON carts.id = orders.reopened_cart_id
  WHERE orders.id = $1 AND carts.ordered_at IS NULL AND carts.expires_at > clock_timestamp()
    AND (carts.owner_id IS NULL OR carts.owner_id = orders.customer_id)
    AND EXISTS (SELECT FROM cart_lines JOIN bought USING (variant_id) WHERE cart_id = carts.id)
    AND EXISTS (
      SELECT FROM (SELECT variant_id, quantity FROM cart_lines WHERE cart_id = carts.id) AS held
      FULL JOIN bought USING (variant_id) WHERE held.quantity IS DISTINCT FROM bought.quantity
    )
), apart AS (
  INSERT INTO carts (id, owner_id, created_at, expires_at)
  SELECT $5, owner_id, created_at - interval '1 microsecond', expires_at FROM cart RETURNING id
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
UPDATE orders SET reopened_cart_id = apart.id FROM apart WHERE orders.id = $1
"""


async def split_off(order_id: UUID) -> None:
    """Takes what a locked order buys out of the cart that it let go of, if that was changed or merged; the cart is locked, too."""
    bought: Counter[UUID] = Counter()
    for line in (await placed_order(order_id)).lines:
        bought[line.variant_id] += line.quantity
    line_ids = [new_id() for _ in bought]
    await db.execute(_SPLIT, order_id, list(bought), list(bought.values()), line_ids, new_id())
