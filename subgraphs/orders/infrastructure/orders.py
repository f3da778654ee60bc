"""Orders in Postgres."""

from shared.persistence import db
from shared.persistence.outbox import rows
from subgraphs.orders.domain.checkout import Checkout
from subgraphs.orders.domain.events import order_placed
from subgraphs.orders.domain.fulfilment import FIRST_STEPS, Kind
from subgraphs.orders.domain.order import Actor, OrderStatus, PlacedOrder
from subgraphs.orders.infrastructure.sagas import CHANNEL

# The order, its lines, its history's first row, its saga, its event and the end of its cart in one round trip; workers are told.
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
  INSERT INTO order_status_history (order_id, to_status, reason, actor, user_id)
  SELECT id, '{OrderStatus.PENDING}', 'placed', '{Actor.BUYER}', $3 FROM placed
), saga AS (
  INSERT INTO sagas (id, order_id, kind, step, deadline_at, payment_method_id, trace)
  SELECT id, id, '{Kind.ORDER}', '{FIRST_STEPS[Kind.ORDER]}', placed_at + make_interval(secs => $21), $22, $23 FROM placed
), event AS (
  INSERT INTO outbox (event_id, topic, key, type, payload, trace)
  SELECT $24, $25, $26, $27, ($28::jsonb || jsonb_build_object('occurredAt', placed_at))::text, $23 FROM placed
), cart AS (
  UPDATE carts SET ordered_at = placed_at FROM placed WHERE carts.id = $4
)
SELECT pg_notify('{CHANNEL}', '') FROM placed
"""  # noqa: S608 - constants


async def insert_order(order: PlacedOrder, checkout: Checkout, deadline_seconds: float) -> bool:
    """Places an order from its locked cart; False when its number is taken: try another one."""
    address = checkout.address
    event_id, topic, key, event_type, payload, trace = rows([order_placed(order)])[0]
    placed = await db.fetch_row(
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
        trace,
        event_id,
        topic,
        key,
        event_type,
        payload,
    )
    return placed is not None
