"""The statements by which an order that came to nothing is paid again: the order, its history, its saga, its cart and
the event.
"""

from shared.persistence.outbox import published_with
from subgraphs.orders.domain.dispute import DisputeStatus
from subgraphs.orders.domain.fulfilment import Step
from subgraphs.orders.domain.order import Actor, OrderStatus
from subgraphs.orders.infrastructure.order_statements import history, occurred_at
from subgraphs.orders.infrastructure.saga_statements import NOTIFIED, STARTED_ANEW

LOCK_CART = "SELECT FROM carts WHERE id = (SELECT reopened_cart_id FROM orders WHERE id = :order_id) FOR UPDATE"

PAYABLE = f"""
SELECT placed.id, placed.status, placed.cancellation ->> 'code' AS cancelled_for,
  EXISTS (
    SELECT FROM order_status_history AS past WHERE past.order_id = placed.id
      AND past.to_status = '{OrderStatus.CONFIRMED}'
  ) AS was_confirmed,
  NOT EXISTS (SELECT FROM sagas WHERE order_id = placed.id AND (due_at IS NOT NULL OR step = '{Step.STUCK}'))
    AND NOT EXISTS (SELECT FROM disputes WHERE order_id = placed.id
      AND disputes.status = '{DisputeStatus.OPEN}') AS is_settled,
  (
    SELECT number FROM orders AS other
    WHERE other.cart_id = placed.reopened_cart_id AND other.id <> placed.id AND other.customer_id = placed.customer_id
  ) AS ordered_anew_as
FROM orders AS placed WHERE placed.id = ANY(:order_ids::uuid[])
"""  # noqa: S608 - constants

# The order gets a cart of its own, as it was when it was placed, which opens again should it come to nothing once more.
# It is not later than the other, which stays the buyer's latest. A cart that holds exactly what is bought, or nothing
# of it, stays as it is.
SPLIT_CART = """
WITH bought AS (
  SELECT its.variant_id, its.quantity, its.line_id, line.unit_price_minor, orders.currency
  FROM unnest(:variant_ids::uuid[], :quantities::int[], :line_ids::uuid[]) AS its (variant_id, quantity, line_id),
    orders, LATERAL (
    SELECT unit_price_minor FROM order_lines WHERE order_id = orders.id
      AND variant_id = its.variant_id ORDER BY position LIMIT 1
  ) AS line WHERE orders.id = :order_id
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
  SELECT :cart_id, owner_id, created_at - interval '1 microsecond', expires_at FROM cart RETURNING id
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

# Its cart is ordered again when it is still there, nobody else's by now, and holds what the order bought; changed, it
# is left open as it is. The order's own lines are what is bought, at the order's prices. What an earlier attempt took
# and refunded is over.
REOPEN = f"""
WITH cart AS (
  SELECT carts.id FROM orders JOIN carts ON carts.id = orders.reopened_cart_id
  WHERE orders.id = :order_id AND carts.ordered_at IS NULL AND carts.expires_at > clock_timestamp()
    AND (carts.owner_id IS NULL OR carts.owner_id = orders.customer_id) AND NOT EXISTS (
    SELECT FROM (SELECT variant_id, quantity FROM cart_lines WHERE cart_id = carts.id) AS held
    FULL JOIN (
      SELECT variant_id, sum(quantity) AS quantity FROM order_lines WHERE order_id = :order_id GROUP BY variant_id
    ) AS bought USING (variant_id)
    WHERE held.quantity IS DISTINCT FROM bought.quantity
  )
), placed AS (
  UPDATE orders SET status = '{OrderStatus.PENDING}', cancellation = NULL, attempt = attempt + 1, refunded_minor = 0,
    captured_at = NULL, authorization_ended = NULL, cart_id = coalesce(orders.cart_id, (SELECT id FROM cart)),
    updated_at = clock_timestamp()
  WHERE id = :order_id RETURNING *
), ordered AS (
  UPDATE carts SET ordered_at = placed.updated_at FROM placed WHERE carts.id = placed.cart_id
    AND carts.ordered_at IS NULL
), history AS (
  {history(f"SELECT id, '{OrderStatus.CANCELLED}', status, 'paid again', '{Actor.BUYER}', customer_id FROM placed")}
), {STARTED_ANEW}, {published_with(occurred_at("updated_at"), "placed")}
SELECT {NOTIFIED} FROM placed
"""  # noqa: S608 - constants
