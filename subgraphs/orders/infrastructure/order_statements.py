"""The statements on orders, order_lines and order_status_history, which nothing else writes.

An order, its history, its saga, its cart and the event of what became of it go together, in one statement.
"""

from shared.persistence.outbox import published_with
from subgraphs.orders.domain.order import Actor, OrderStatus
from subgraphs.orders.infrastructure.cart_statements import ORDERED, REOPENED
from subgraphs.orders.infrastructure.rows import COMPARABLE_EMAIL, EXPECTED_FROM
from subgraphs.orders.infrastructure.saga_statements import NOTIFIED, STARTED, TRANSITIONED, TURNED


def history(lines: str) -> str:
    """Adds lines to histories: a VALUES or a SELECT of the order, both statuses, the reason, and whose doing it is."""
    return f"INSERT INTO order_status_history (order_id, from_status, to_status, reason, actor, user_id) {lines}"


def occurred_at(column: str, more: str = "") -> str:
    """A payload with the time that a column of a query has."""
    return f"(payload::jsonb || jsonb_build_object('occurredAt', {column}){more})::text"


PLACE = f"""
WITH placed AS (
  INSERT INTO orders (id, number, customer_id, guest_id, token_expires_at, cart_id, status, email,
    comparable_email, currency, total_minor, recipient, line1, line2, postal_code, city, country, phone, country_area,
    company, billing_address)
  VALUES (:id, :number, :customer_id, :guest_id, :token_expires_at, :cart_id, '{OrderStatus.PENDING}', :email,
    :comparable_email, :currency, :total_minor, :recipient, :line1, :line2, :postal_code, :city, :country, :phone,
    :country_area, :company, :billing_address)
  ON CONFLICT (number) DO NOTHING RETURNING id, placed_at
), lines AS (
  INSERT INTO order_lines (id, order_id, position, variant_id, title, sku, quantity, unit_price_minor)
  SELECT line.id, placed.id, position, variant_id, title, sku, quantity, unit_price_minor
  FROM placed, unnest(:line_ids::uuid[], :variant_ids::uuid[], :titles::text[], :skus::text[], :quantities::int[],
    :prices::bigint[])
    WITH ORDINALITY AS line (id, variant_id, title, sku, quantity, unit_price_minor, position)
), history AS (
  {history(f"SELECT id, NULL, '{OrderStatus.PENDING}', 'placed', '{Actor.BUYER}', :customer_id FROM placed")}
), {STARTED}, {published_with(occurred_at("placed_at"), "placed")}, cart AS (
  {ORDERED}
)
SELECT {NOTIFIED} FROM placed
"""  # noqa: S608 - constants

LOCK = """
SELECT id, customer_id, status, currency, total_minor, refunded_minor, captured_at IS NOT NULL AS is_captured, attempt,
  CASE WHEN token_expires_at > now() THEN guest_id END AS guest_id
FROM orders WHERE id = :order_id FOR UPDATE
"""
NOTE = history("VALUES (:order_id, :before, :after, :reason, :actor, :user_id)")
SET_STATUS = "UPDATE orders SET status = :status, updated_at = clock_timestamp() WHERE id = :order_id"

# An order that comes to nothing and never was confirmed lets go of its cart, which opens again.
_REOPENED = f"""
CASE WHEN NOT EXISTS (
  SELECT FROM order_status_history WHERE order_id = :order_id AND to_status = '{OrderStatus.CONFIRMED}'
) THEN cart_id END
"""
_LETS_GO = """
cart_id = CASE WHEN current.reopened IS NULL THEN orders.cart_id END,
    reopened_cart_id = coalesce(current.reopened, orders.reopened_cart_id),
"""
_CART = f"cart AS ({REOPENED}),"

# What an address is told as, and where it stands: the telephone number is not told.
_ADDRESS = {
    "recipient": "recipient",
    "company": "company",
    "line1": "line1",
    "line2": "line2",
    "postalCode": "postal_code",
    "city": "city",
    "countryArea": "country_area",
    "country": "country",
}


def _told_address(prefix: str) -> str:
    fields = (f"'{name}', {prefix.format(column)}" for name, column in _ADDRESS.items())
    return f"jsonb_build_object({', '.join(fields)})"


_ADDRESSES = f"""
SELECT jsonb_build_object('shippingAddress', {_told_address("placed.{}")}, 'billingAddress',
  CASE WHEN placed.billing_address IS NULL THEN {_told_address("placed.{}")}
    ELSE {_told_address("placed.billing_address -> '{}'")} END)
FROM orders AS placed WHERE placed.id = :order_id
"""  # noqa: S608 - constants
_ONLY_KNOWN_HERE = f"""
SELECT CASE WHEN :status::text = '{OrderStatus.CONFIRMED}' THEN jsonb_build_object('waiting', coalesce((
    SELECT jsonb_agg(jsonb_build_object('lineId', line.id, 'quantity', line.waiting, 'expectedFrom', {EXPECTED_FROM})
      ORDER BY line.position) FROM order_lines AS line WHERE line.order_id = :order_id AND line.waiting > 0
  ), '[]')) || ({_ADDRESSES}) ELSE '{{}}' END AS told
"""  # noqa: S608 - constants


def _transition(reopened: str = "NULL::uuid", lets_go: str = "", cart: str = "") -> str:
    return f"""
WITH current AS (
  SELECT id, status, {reopened} AS reopened FROM orders WHERE id = :order_id FOR UPDATE
), {TRANSITIONED}, changed AS (
  UPDATE orders SET status = :status::text, updated_at = clock_timestamp(), {lets_go}
    cancellation = CASE WHEN :status::text IN ('{OrderStatus.CANCELLING}', '{OrderStatus.CANCELLED}')
      THEN saga.cancellation
      ELSE orders.cancellation END,
    captured_at = CASE WHEN :is_capture THEN clock_timestamp() ELSE captured_at END
  FROM current, saga WHERE orders.id = current.id RETURNING orders.id, placed_at, updated_at,
    current.status AS from_status
), {cart} history AS (
  {history(f"SELECT id, from_status, :status::text, :reason, '{Actor.SHOP}', NULL FROM changed")}
), known AS ({_ONLY_KNOWN_HERE}), {published_with(occurred_at("updated_at", " || known.told"), "changed, known")}
SELECT saga.*, changed.placed_at, changed.updated_at FROM saga, changed
"""  # noqa: S608 - constants


TRANSITION = _transition()
COME_TO_NOTHING = _transition(_REOPENED, _LETS_GO, _CART)

REQUEST_CANCELLATION = f"""
WITH {TURNED}, changed AS (
  UPDATE orders SET status = '{OrderStatus.CANCELLING}', cancellation = saga.cancellation,
    updated_at = clock_timestamp()
  FROM saga WHERE id = :order_id
), history AS (
  {history(f"VALUES (:order_id, :before, '{OrderStatus.CANCELLING}', :reason, :actor, :user_id)")}
)
SELECT {NOTIFIED} FROM saga
"""  # noqa: S608 - constants
SHOW_CANCELLATION = """
UPDATE orders SET cancellation = sagas.cancellation FROM sagas WHERE orders.id = :order_id AND sagas.id = :order_id
"""

RECORD_CAPTURE = "UPDATE orders SET captured_at = clock_timestamp() WHERE id = :order_id AND captured_at IS NULL"
END_AUTHORIZATION = """
UPDATE orders SET authorization_ended = coalesce(authorization_ended, :reason), updated_at = clock_timestamp()
WHERE id = :order_id
"""
TOUCH = "UPDATE orders SET updated_at = clock_timestamp() WHERE id = :order_id RETURNING updated_at"
ADD_REFUNDED = """
UPDATE orders SET refunded_minor = least(refunded_minor + refund.amount_minor, total_minor),
  updated_at = clock_timestamp()
FROM refunds AS refund WHERE refund.id = :refund_id AND orders.id = refund.order_id RETURNING orders.updated_at
"""
SUBTRACT_REFUNDED = """
UPDATE orders SET refunded_minor = greatest(refunded_minor - :amount_minor, 0), updated_at = clock_timestamp()
WHERE id = :order_id
"""

SAVE_WAITING = """
WITH changed AS (
  UPDATE order_lines AS line SET waiting = its.waiting, waiting_version = its.version
  FROM unnest(:line_ids::uuid[], :quantities::int[], :versions::bigint[]) AS its (line_id, waiting, version)
  WHERE line.order_id = :order_id AND line.id = its.line_id AND line.waiting_version < its.version RETURNING line.id
)
UPDATE orders SET updated_at = clock_timestamp() WHERE id = :order_id AND EXISTS (SELECT FROM changed)
"""

LINES_STANDING = """
SELECT line.id, line.quantity AS ordered, (
    SELECT coalesce(sum(part.quantity), 0)::int FROM shipment_lines AS part
      JOIN shipments AS shipment ON shipment.id = part.shipment_id
    WHERE part.line_id = line.id AND shipment.status IN ('SHIPPED', 'DELIVERED')
  ) AS shipped, (
    SELECT coalesce(sum(part.quantity), 0)::int FROM refund_lines AS part
      JOIN refunds AS refund ON refund.id = part.refund_id
    WHERE part.line_id = line.id AND (refund.status = 'DONE' OR refund.times_back > 0)
  ) AS refunded, (
    SELECT coalesce(sum(part.quantity), 0)::int FROM refund_lines AS part
      JOIN refunds AS refund ON refund.id = part.refund_id
    WHERE part.line_id = line.id AND refund.keeps_out
  ) AS kept_out
FROM order_lines AS line WHERE line.order_id = :order_id ORDER BY line.position
"""
STANDING = """
SELECT total_minor = 0 AS is_free, refunded_minor = total_minor AS is_all_refunded,
  EXISTS (SELECT FROM shipments WHERE order_id = :order_id AND status = 'SHIPPED') AS is_on_its_way
FROM orders WHERE id = :order_id
"""
WAITED_FOR = """
SELECT line.id, line.waiting - coalesce(part.quantity, 0) AS waiting FROM order_lines AS line
LEFT JOIN refund_lines AS part ON part.line_id = line.id AND part.refund_id = :refund_id
WHERE line.order_id = :order_id AND line.waiting > 0
"""

GUESTS_OF = 0x67757374  # "gust": the class of the advisory locks of addresses for which guests order
LOCK_ADDRESS = "SELECT pg_advisory_xact_lock(:guests_of, hashtext(:email))"
GUESTS_WITHIN_AN_HOUR = f"""
SELECT count(*) FROM orders
WHERE {COMPARABLE_EMAIL} = :email AND guest_id IS NOT NULL AND placed_at > now() - interval '1 hour'
"""  # noqa: S608 - a constant

# Their history stays as it is: no status changes.
ATTACH_GUESTS = f"""
UPDATE orders SET customer_id = :user_id, updated_at = clock_timestamp() WHERE id IN (
  SELECT id FROM orders WHERE {COMPARABLE_EMAIL} = :email AND customer_id IS NULL
  ORDER BY id DESC LIMIT :most FOR UPDATE
) RETURNING id
"""  # noqa: S608 - a constant
