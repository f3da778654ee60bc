"""The statements by which an order that came to nothing is paid again: the order, its history, its saga, its cart and
the event.
"""

from shared.persistence.outbox import published_with
from subgraphs.orders.domain.order import Actor, OrderStatus
from subgraphs.orders.infrastructure.cart_statements import ORDERED_AGAIN
from subgraphs.orders.infrastructure.order_statements import history, occurred_at
from subgraphs.orders.infrastructure.saga_statements import NOTIFIED, STARTED_ANEW

LOCK_CART = "SELECT FROM carts WHERE id = (SELECT reopened_cart_id FROM orders WHERE id = :order_id) FOR UPDATE"

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
  {ORDERED_AGAIN}
), history AS (
  {history(f"SELECT id, '{OrderStatus.CANCELLED}', status, 'paid again', '{Actor.BUYER}', customer_id FROM placed")}
), {STARTED_ANEW}, {published_with(occurred_at("updated_at"), "placed")}
SELECT {NOTIFIED} FROM placed
"""  # noqa: S608 - constants
