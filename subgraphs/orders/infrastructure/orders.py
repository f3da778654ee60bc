"""Orders in Postgres."""

from datetime import datetime

import orjson

from shared import db
from shared.telemetry.context import propagation_headers
from subgraphs.orders.domain.checkout import Checkout
from subgraphs.orders.domain.fulfilment import FIRST_STEP
from subgraphs.orders.domain.order import OrderStatus, PlacedOrder

CHANNEL = "fulfilments"  # workers LISTEN on it

# The order, its lines, the first row of its history, its saga and the end of its cart, in one round trip; and workers are told.
_INSERT = f"""
WITH placed AS (
  INSERT INTO orders (id, number, customer_id, cart_id, status, email, currency, total_minor,
    recipient, line1, line2, postal_code, city, country, phone)
  VALUES ($1, $2, $3, $4, '{OrderStatus.PENDING}', $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
  ON CONFLICT (number) DO NOTHING RETURNING id, placed_at
), lines AS (
  INSERT INTO order_lines (id, order_id, position, variant_id, title, sku, quantity, unit_price_minor)
  SELECT line.id, placed.id, position, variant_id, title, sku, quantity, unit_price_minor
  FROM placed, unnest($15::uuid[], $16::uuid[], $17::text[], $18::text[], $19::int[], $20::bigint[]) WITH ORDINALITY
    AS line (id, variant_id, title, sku, quantity, unit_price_minor, position)
), history AS (
  INSERT INTO order_status_history (order_id, to_status, reason, actor)
  SELECT id, '{OrderStatus.PENDING}', 'placed', 'user:' || $3::uuid FROM placed
), saga AS (
  INSERT INTO fulfilments (order_id, step, deadline_at, payment_method_id, trace)
  SELECT id, '{FIRST_STEP}', placed_at + make_interval(secs => $21), $22, $23 FROM placed
), cart AS (
  UPDATE carts SET ordered_at = placed_at FROM placed WHERE carts.id = $4
)
SELECT placed_at, pg_notify('{CHANNEL}', '') FROM placed
"""  # noqa: S608 - constants


async def insert_order(order: PlacedOrder, checkout: Checkout, deadline_seconds: float) -> datetime | None:
    """Places an order from its locked cart and answers when, or None when its number is taken: try another one."""
    address = checkout.address
    placed_at: datetime | None = await db.fetch_value(
        _INSERT,
        order.id,
        order.number,
        order.customer_id,
        checkout.cart_id,
        order.email,
        order.currency,
        order.total_minor,
        address.recipient,
        address.line1,
        address.line2,
        address.postal_code,
        address.city,
        address.country,
        address.phone,
        [line.id for line in order.lines],
        [line.variant_id for line in order.lines],
        [line.title for line in order.lines],
        [line.sku for line in order.lines],
        [line.quantity for line in order.lines],
        [line.unit_price_minor for line in order.lines],
        deadline_seconds,
        checkout.payment_method_id,
        orjson.dumps(propagation_headers()).decode(),
    )
    return placed_at
