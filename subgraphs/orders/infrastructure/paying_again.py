"""Orders that are paid again, in Postgres: the order, its history, its saga, its cart and the event in one statement."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import UUID

import asyncpg

from shared.persistence import db
from shared.persistence.outbox import rows
from subgraphs.orders.domain.cancellation import CancellationCode
from subgraphs.orders.domain.dispute import DisputeStatus
from subgraphs.orders.domain.events import order_reopened
from subgraphs.orders.domain.fulfilment import FIRST_STEPS, Kind, Step
from subgraphs.orders.domain.order import Actor, OrderStatus
from subgraphs.orders.domain.paying_again import Payable
from subgraphs.orders.infrastructure.sagas import CHANNEL
from subgraphs.orders.infrastructure.shipments import placed_order

_PAYABLE = f"""
SELECT placed.id, placed.status, placed.cancellation ->> 'code' AS cancelled_for,
  EXISTS (
    SELECT FROM order_status_history AS past WHERE past.order_id = placed.id AND past.to_status = '{OrderStatus.CONFIRMED}'
  ) AS was_confirmed,
  NOT EXISTS (SELECT FROM sagas WHERE order_id = placed.id AND (due_at IS NOT NULL OR step = '{Step.STUCK}'))
    AND NOT EXISTS (SELECT FROM disputes WHERE order_id = placed.id AND disputes.status = '{DisputeStatus.OPEN}') AS is_settled,
  (
    SELECT number FROM orders AS other
    WHERE other.cart_id = placed.reopened_cart_id AND other.id <> placed.id AND other.customer_id = placed.customer_id
  ) AS ordered_anew_as
FROM orders AS placed WHERE placed.id = ANY($1::uuid[])
"""  # noqa: S608 - constants

# Its cart is ordered again when it is still there, nobody else's by now, and holds what the order bought; changed, it is left open
# as it is. The order's own lines are what is bought, at the order's prices. What an earlier attempt took and gave back is over.
_REOPEN = f"""
WITH cart AS (
  SELECT carts.id FROM orders JOIN carts ON carts.id = orders.reopened_cart_id
  WHERE orders.id = $1 AND carts.ordered_at IS NULL AND carts.expires_at > clock_timestamp()
    AND (carts.owner_id IS NULL OR carts.owner_id = orders.customer_id) AND NOT EXISTS (
    SELECT FROM (SELECT variant_id, quantity FROM cart_lines WHERE cart_id = carts.id) AS held
    FULL JOIN (SELECT variant_id, sum(quantity) AS quantity FROM order_lines WHERE order_id = $1 GROUP BY variant_id) AS bought
      USING (variant_id)
    WHERE held.quantity IS DISTINCT FROM bought.quantity
  )
), placed AS (
  UPDATE orders SET status = '{OrderStatus.PENDING}', cancellation = NULL, attempt = attempt + 1, refunded_minor = 0,
    captured_at = NULL, authorization_ended = NULL, cart_id = coalesce(orders.cart_id, (SELECT id FROM cart)),
    updated_at = clock_timestamp()
  WHERE id = $1 RETURNING *
), ordered AS (
  UPDATE carts SET ordered_at = placed.updated_at FROM placed WHERE carts.id = placed.cart_id AND carts.ordered_at IS NULL
), history AS (
  INSERT INTO order_status_history (order_id, from_status, to_status, reason, actor, user_id)
  SELECT id, '{OrderStatus.CANCELLED}', status, 'paid again', '{Actor.BUYER}', customer_id FROM placed
), saga AS (
  UPDATE sagas SET step = '{FIRST_STEPS[Kind.ORDER]}', stuck_step = NULL, attempts = 0, fence = fence + 1,
    due_at = clock_timestamp(), leased_by = NULL, deadline_at = clock_timestamp() + make_interval(secs => $2),
    payment_method_id = $3, cancellation = NULL, is_cancel_requested = false, last_error = NULL, trace = $9,
    updated_at = clock_timestamp()
  FROM placed WHERE sagas.id = placed.id
), event AS (
  INSERT INTO outbox (event_id, topic, key, type, payload, trace)
  SELECT $4, $5, $6, $7, ($8::jsonb || jsonb_build_object('occurredAt', updated_at))::text, $9 FROM placed
)
SELECT pg_notify('{CHANNEL}', '') FROM placed
"""  # noqa: S608 - constants


async def lock_reopened_cart(order_id: UUID) -> None:
    """Keeps everybody else from ordering or changing the cart that a locked order let go of, until the transaction ends."""
    await db.execute(
        "SELECT FROM carts WHERE id = (SELECT reopened_cart_id FROM orders WHERE id = $1) FOR UPDATE", order_id
    )


async def payables_of(order_ids: Sequence[UUID]) -> Mapping[UUID, Payable]:
    """Some orders as far as paying again goes. Of one whose row is locked, and whose cart is, it stays so."""
    return {row["id"]: _payable(row) for row in await db.fetch(_PAYABLE, order_ids)}


def _payable(row: asyncpg.Record) -> Payable:
    code = row["cancelled_for"]
    cancelled_for = CancellationCode(code) if code else None
    return Payable(
        OrderStatus(row["status"]), cancelled_for, row["was_confirmed"], row["is_settled"], row["ordered_anew_as"]
    )


async def reopen(order_id: UUID, payment_method_id: str, deadline_seconds: float) -> None:
    """Tries a locked order that came to nothing once more, from the first step on, and tells the workers."""
    order = await placed_order(order_id)
    event = rows([order_reopened(replace(order, attempt=order.attempt + 1))])[0]
    await db.execute(_REOPEN, order_id, deadline_seconds, payment_method_id, *event)
