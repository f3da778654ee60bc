"""What is read of some orders at once, each in a statement or two: by repositories of one, and by queries of many.

Of an order whose row is locked it stays so.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

import asyncpg

from shared.days import today
from shared.money import Money
from shared.persistence import db
from subgraphs.orders.domain.cancellation import CancellationCode
from subgraphs.orders.domain.cart import Backorder, Cart, CartLine
from subgraphs.orders.domain.dispute import Dispute, DisputeStatus, Hold, hold_of
from subgraphs.orders.domain.fulfilment import Kind, Step
from subgraphs.orders.domain.order import OrderStatus, PlacedOrder
from subgraphs.orders.domain.paying_again import Payable
from subgraphs.orders.domain.references import ProductVariant
from subgraphs.orders.domain.refund import Refundable, RefundableLine
from subgraphs.orders.domain.shipment import ShipmentState, Shippable, ShippableLine
from subgraphs.orders.domain.shipment_status import ShipmentStatus
from subgraphs.orders.domain.undertaking import Undertaking
from subgraphs.orders.domain.waiting import StillToCome, to_come
from subgraphs.orders.infrastructure.stored import placed_order_of

# A cart's row for each of its lines, or one where it has none: what ``cart_of`` reads.
CART_COLUMNS = """
  cart.id, cart.owner_id, cart.ordered_at, cart.created_at, cart.expires_at,
  line.id AS line_id, line.variant_id, line.quantity, line.seen_price_minor, line.seen_currency,
  variant.title, variant.sku, variant.price_minor, variant.currency, variant.is_sold, stock.available,
  stock.is_backorder_allowed, stock.backorder_available_from, stock.backorder_remaining
"""
CART_LINES = """
LEFT JOIN cart_lines AS line ON line.cart_id = cart.id
LEFT JOIN variants AS variant ON variant.id = line.variant_id
LEFT JOIN known_stock AS stock ON stock.variant_id = line.variant_id
"""

# What an order's e-mail address is found by; the index ``orders_email`` has this expression.
COMPARABLE_EMAIL = "coalesce(comparable_email, lower(email))"

# Of a row `line` of order_lines: how many units are neither packed nor refunded, and when those are expected that wait.
LEFT = """
greatest(0, line.quantity - (
    SELECT coalesce(sum(part.quantity), 0) FROM shipment_lines AS part
      JOIN shipments AS shipment ON shipment.id = part.shipment_id
    WHERE part.line_id = line.id AND shipment.status <> 'REFUSED'
  ) - (
    SELECT coalesce(sum(part.quantity), 0) FROM refund_lines AS part
      JOIN refunds AS refund ON refund.id = part.refund_id
    WHERE part.line_id = line.id AND (refund.status <> 'FAILED' OR refund.times_back > 0)
  ))::int
"""
EXPECTED_FROM = """
CASE WHEN line.waiting > 0 THEN (SELECT expected_from FROM known_stock AS stock
  WHERE stock.variant_id = line.variant_id) END
"""

_PLACED = """
SELECT id, number, customer_id, guest_id, token_expires_at, email, currency, total_minor, attempt,
  (SELECT json_agg(line ORDER BY position) FROM order_lines AS line WHERE line.order_id = placed.id) AS lines
FROM orders AS placed WHERE id = ANY(:order_ids::uuid[]) ORDER BY id
"""
_PAYABLE = f"""
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
    WHERE other.cart_id = placed.reopened_cart_id AND other.id <> placed.id
      AND other.customer_id IS NOT DISTINCT FROM placed.customer_id
  ) AS ordered_anew_as
FROM orders AS placed WHERE placed.id = ANY(:order_ids::uuid[])
"""  # noqa: S608 - constants
_UNDERTAKINGS = """
SELECT saga.order_id, saga.kind, saga.step, saga.stuck_step, saga.due_at IS NOT NULL AS is_open, refund.amount_minor
FROM sagas AS saga LEFT JOIN refunds AS refund ON refund.id = saga.id
WHERE saga.order_id = ANY(:order_ids::uuid[]) ORDER BY saga.id
"""
_REFUNDABLE_LINES = """
SELECT line.order_id, line.id, line.unit_price_minor,
  line.quantity - coalesce(sum(part.quantity) FILTER (WHERE refund.id IS NOT NULL), 0) AS left
FROM order_lines AS line
LEFT JOIN refund_lines AS part ON part.line_id = line.id
LEFT JOIN refunds AS refund ON refund.id = part.refund_id
  AND (refund.status <> 'FAILED' OR refund.times_back > 0 OR refund.keeps_out)
WHERE line.order_id = ANY(:order_ids::uuid[]) GROUP BY line.id ORDER BY line.position
"""
_REFUNDABLE_MONEY = """
SELECT placed.id, placed.status, placed.captured_at IS NOT NULL AS is_captured, placed.currency, placed.total_minor, (
    SELECT coalesce(sum(amount_minor), 0)::bigint FROM refunds WHERE order_id = placed.id AND refunds.status = 'PENDING'
  ) + placed.refunded_minor AS given_minor, (
    SELECT coalesce(sum(amount_minor), 0)::bigint FROM disputes WHERE order_id = placed.id AND disputes.status = 'OPEN'
  ) AS disputed_minor
FROM orders AS placed WHERE placed.id = ANY(:order_ids::uuid[])
"""
# What is in a shipment whose money is still being taken is packed: nobody else may ship it.
_SHIPPABLE_LINES = f"""
SELECT line.order_id, line.id, {LEFT} AS left, line.waiting, {EXPECTED_FROM} AS expected_from
FROM order_lines AS line WHERE line.order_id = ANY(:order_ids::uuid[]) ORDER BY line.position
"""  # noqa: S608 - constants
_SHIPPABLES = """
SELECT placed.id, placed.status, undecided.status AS undecided,
  CASE WHEN placed.captured_at IS NULL THEN placed.authorization_ended END AS authorization_ended
FROM orders AS placed LEFT JOIN shipments AS undecided
  ON undecided.order_id = placed.id AND undecided.status IN ('PENDING', 'REFUSED') AND placed.captured_at IS NULL
WHERE placed.id = ANY(:order_ids::uuid[])
"""
_SHIPMENTS = (
    "SELECT order_id, id, status FROM shipments WHERE order_id = ANY(:order_ids::uuid[]) ORDER BY created_at, id"
)
_OPEN_DISPUTES = """
SELECT dispute.*, placed.currency FROM disputes AS dispute JOIN orders AS placed ON placed.id = dispute.order_id
WHERE dispute.order_id = ANY(:order_ids::uuid[]) AND dispute.status = 'OPEN' ORDER BY dispute.opened_at
"""
_STILL_TO_COME = f"""
SELECT line.order_id, line.id, least(line.waiting, {LEFT}) AS waiting, {EXPECTED_FROM} AS expected_from
FROM order_lines AS line WHERE line.order_id = ANY(:order_ids::uuid[]) AND line.waiting > 0 ORDER BY line.position
"""  # noqa: S608 - constants


async def placed_orders(order_ids: Sequence[UUID]) -> Sequence[PlacedOrder]:
    """The parts of some orders that never change."""
    return [placed_order_of(row, row["id"]) for row in await db.fetch(_PLACED, order_ids=order_ids)]


async def payables_of(order_ids: Sequence[UUID]) -> Mapping[UUID, Payable]:
    """Some orders as far as paying again goes. Of one whose row is locked, and whose cart is, it stays so."""
    return {row["id"]: _payable(row) for row in await db.fetch(_PAYABLE, order_ids=order_ids)}


def _payable(row: asyncpg.Record) -> Payable:
    cancelled_for = CancellationCode(row["cancelled_for"]) if row["cancelled_for"] else None
    found = (cancelled_for, row["was_confirmed"], row["is_settled"], row["ordered_anew_as"])
    return Payable(OrderStatus(row["status"]), *found)


async def undertakings_of(order_ids: Sequence[UUID]) -> Mapping[UUID, Sequence[Undertaking]]:
    """The sagas of some orders, those that have ended among them."""
    found: defaultdict[UUID, list[Undertaking]] = defaultdict(list)
    for row in await db.fetch(_UNDERTAKINGS, order_ids=order_ids):
        stopped = Step(row["stuck_step"]) if row["stuck_step"] else None
        how = (stopped, row["is_open"], row["amount_minor"])
        found[row["order_id"]].append(Undertaking(Kind(row["kind"]), Step(row["step"]), *how))
    return found


async def refundables_of(order_ids: Sequence[UUID]) -> Mapping[UUID, Refundable]:
    """Some orders as far as refunds go."""
    lines: defaultdict[UUID, list[RefundableLine]] = defaultdict(list)
    for row in await db.fetch(_REFUNDABLE_LINES, order_ids=order_ids):
        lines[row["order_id"]].append(RefundableLine(row["id"], row["unit_price_minor"], row["left"]))
    money = await db.fetch(_REFUNDABLE_MONEY, order_ids=order_ids)
    return {row["id"]: _refundable(row, lines[row["id"]]) for row in money}


def _refundable(row: asyncpg.Record, lines: Sequence[RefundableLine]) -> Refundable:
    money = (row["currency"], row["total_minor"], row["given_minor"])
    return Refundable(OrderStatus(row["status"]), row["is_captured"], *money, lines, row["disputed_minor"])


async def shippables_of(order_ids: Sequence[UUID]) -> Mapping[UUID, Shippable]:
    """Some orders as far as shipping goes."""
    lines: defaultdict[UUID, list[ShippableLine]] = defaultdict(list)
    for row in await db.fetch(_SHIPPABLE_LINES, order_ids=order_ids):
        day = expected_day(row["expected_from"])
        lines[row["order_id"]].append(ShippableLine(row["id"], row["left"], row["waiting"], day))
    holds = await holds_of(order_ids)
    return {
        row["id"]: Shippable(
            status=OrderStatus(row["status"]),
            lines=lines[row["id"]],
            undecided=ShipmentStatus(row["undecided"]) if row["undecided"] else None,
            hold=holds.get(row["id"]),
            authorization_ended=row["authorization_ended"],
        )
        for row in await db.fetch(_SHIPPABLES, order_ids=order_ids)
    }


async def shipment_states_of(order_ids: Sequence[UUID]) -> Mapping[UUID, Sequence[ShipmentState]]:
    """The shipments of some orders, oldest first."""
    found: defaultdict[UUID, list[ShipmentState]] = defaultdict(list)
    for row in await db.fetch(_SHIPMENTS, order_ids=order_ids):
        found[row["order_id"]].append(ShipmentState(row["id"], ShipmentStatus(row["status"])))
    return found


async def holds_of(order_ids: Sequence[UUID]) -> Mapping[UUID, Hold]:
    """Why nothing may leave, of those orders that are held."""
    waiting: defaultdict[tuple[UUID, str], list[Dispute]] = defaultdict(list)
    for row in await db.fetch(_OPEN_DISPUTES, order_ids=order_ids):
        waiting[row["order_id"], row["currency"]].append(_dispute(row))
    holds = {order_id: hold_of(disputes, currency) for (order_id, currency), disputes in waiting.items()}
    return {order_id: hold for order_id, hold in holds.items() if hold}


def _dispute(row: asyncpg.Record) -> Dispute:
    words = (row["reference"], row["amount_minor"], row["reason"])
    return Dispute(row["order_id"], *words, DisputeStatus(row["status"]), row["evidence_due_at"], row["opened_at"])


async def still_to_come_of(order_ids: Sequence[UUID]) -> Mapping[UUID, Mapping[UUID, StillToCome]]:
    """Of those of some orders that wait: the units that are to be shipped when they have come, by line."""
    found: defaultdict[UUID, dict[UUID, StillToCome]] = defaultdict(dict)
    for row in await db.fetch(_STILL_TO_COME, order_ids=order_ids):
        if row["waiting"]:
            day = expected_day(row["expected_from"])
            found[row["order_id"]][row["id"]] = StillToCome(row["id"], row["waiting"], day)
    return found


def expected_day(day: date | None) -> date | None:
    """A day on which units are expected, unless it is over today."""
    return to_come(day, today())


def cart_of(rows: Sequence[asyncpg.Record]) -> Cart:
    """A cart from its rows, which have ``CART_COLUMNS``."""
    lines = [_cart_line(row) for row in rows if row["line_id"] is not None]
    first = rows[0]
    is_ordered = first["ordered_at"] is not None
    expires_at = None if is_ordered else first["expires_at"]
    return Cart(first["id"], first["owner_id"], lines, is_ordered, first["created_at"], expires_at)


def _cart_line(row: asyncpg.Record) -> CartLine:
    return CartLine(
        id=row["line_id"],
        variant=ProductVariant(row["variant_id"], row["sku"]),
        quantity=row["quantity"],
        title=row["title"],
        sku=row["sku"],
        unit_price=Money(row["price_minor"], row["currency"]),
        seen_price=Money(row["seen_price_minor"], row["seen_currency"]),
        is_sold=row["is_sold"],
        available=row["available"],
        backorder=_backorder(row) if row["is_backorder_allowed"] else None,
    )


def _backorder(row: asyncpg.Record) -> Backorder:
    return Backorder(expected_day(row["backorder_available_from"]), row["backorder_remaining"])
