"""Moves of orders in Postgres: the status, the line of its history, the saga's step and the event go together, in one statement."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from shared.events.event import Event
from shared.persistence import db
from shared.persistence.outbox import rows
from subgraphs.orders.domain.cancellation import Cancellation
from subgraphs.orders.domain.cart import CartLifetime
from subgraphs.orders.domain.fulfilment import Saga, Step
from subgraphs.orders.domain.order import Actor, OrderStatus, may_move, statuses_before
from subgraphs.orders.infrastructure.sagas import advanced, stored
from subgraphs.orders.infrastructure.waiting import EXPECTED_FROM

# An order that comes to nothing and never was confirmed lets go of its cart, which opens again.
_REOPENED = f"""
CASE WHEN NOT EXISTS (
  SELECT FROM order_status_history WHERE order_id = $1 AND to_status = '{OrderStatus.CONFIRMED}'
) THEN cart_id END
"""
_LETS_GO = """
cart_id = CASE WHEN current.reopened IS NULL THEN orders.cart_id END,
    reopened_cart_id = coalesce(current.reopened, orders.reopened_cart_id),
"""
_CART = """
cart AS (
  UPDATE carts SET ordered_at = NULL,
    expires_at = clock_timestamp() + make_interval(days => CASE WHEN owner_id IS NULL THEN $20::int ELSE $21::int END)
  FROM current, moved WHERE carts.id = current.reopened
),
"""


def _statement(reopened: str = "NULL::uuid", lets_go: str = "", cart: str = "") -> str:
    """The worker decided by what it knew: had somebody asked to cancel the order since, nothing is written."""
    return f"""
WITH current AS (
  SELECT id, status, {reopened} AS reopened FROM orders WHERE id = $1 FOR UPDATE
), saga AS (
  UPDATE sagas SET step = $5, attempts = 1, last_error = NULL, cancellation = coalesce(sagas.cancellation, $6),
    due_at = clock_timestamp() + make_interval(secs => $7), leased_by = CASE WHEN $8 THEN leased_by END,
    deadline_at = coalesce(clock_timestamp() + make_interval(secs => $9), deadline_at), updated_at = clock_timestamp()
  FROM current
  WHERE sagas.id = $2 AND fence = $3 AND is_cancel_requested = $4 AND current.status = ANY($11::text[])
  RETURNING sagas.step, sagas.cancellation, is_cancel_requested, paid_minor, paid_outside,
    coalesce(deadline_at <= clock_timestamp(), false) AS is_overdue
), moved AS (
  UPDATE orders SET status = $10::text, updated_at = clock_timestamp(), {lets_go}
    cancellation = CASE WHEN $10::text IN ('{OrderStatus.CANCELLING}', '{OrderStatus.CANCELLED}') THEN saga.cancellation
      ELSE orders.cancellation END,
    captured_at = CASE WHEN $13 THEN clock_timestamp() ELSE captured_at END
  FROM current, saga WHERE orders.id = current.id RETURNING orders.id, placed_at, updated_at, current.status AS from_status
), {cart} history AS (
  INSERT INTO order_status_history (order_id, from_status, to_status, reason, actor)
  SELECT id, from_status, $10::text, $12, '{Actor.SHOP}' FROM moved
), waits AS (
  SELECT CASE WHEN $10::text = '{OrderStatus.CONFIRMED}' THEN jsonb_build_object('waiting', coalesce((
    SELECT jsonb_agg(jsonb_build_object('lineId', line.id, 'quantity', line.waiting, 'expectedFrom', {EXPECTED_FROM})
      ORDER BY line.position) FROM order_lines AS line WHERE line.order_id = $1 AND line.waiting > 0
  ), '[]')) ELSE '{{}}' END AS told
), event AS (
  INSERT INTO outbox (event_id, topic, key, type, payload, trace)
  SELECT $14, $15, $16, $17, ($18::jsonb || jsonb_build_object('occurredAt', updated_at) || waits.told)::text, $19
  FROM moved, waits WHERE $14::uuid IS NOT NULL
)
SELECT saga.*, moved.placed_at, moved.updated_at FROM saga, moved
"""  # noqa: S608 - constants


_MOVE = _statement()
_COME_TO_NOTHING = _statement(_REOPENED, _LETS_GO, _CART)

_HISTORY = """
INSERT INTO order_status_history (order_id, from_status, to_status, reason, actor, user_id) VALUES ($1, $2, $3, $4, $5, $6)
"""


@dataclass(frozen=True, slots=True)
class Move:
    """What becomes of an order by a step of its saga.

    ``event`` lacks ``occurredAt``, which is when the database records the move. ``pause_seconds``: the saga goes on after a pause;
    without one its worker goes on at once. ``deadline_seconds`` begin now. ``reopened_for`` is how long a cart is kept that opens
    again, when an order ends that never was confirmed.
    """

    step: Step
    status: OrderStatus
    reason: str
    event: Event | None = None
    cancellation: Cancellation | None = None
    is_capture: bool = False
    is_end: bool = False
    pause_seconds: float | None = None
    deadline_seconds: float | None = None
    reopened_for: CartLifetime | None = None


@dataclass(frozen=True, slots=True)
class Moved:
    """The saga as it goes on, when its order was placed, and when it moved."""

    saga: Saga
    placed_at: datetime
    moved_at: datetime


async def move(saga: Saga, to: Move, lease_seconds: float) -> Moved | None:
    """Records a step of an order's saga that moves the order; None when somebody else has the saga, or asked to cancel it.

    Raises:
        RuntimeError: when the order's status forbids the move.
    """
    keeps_lease = not to.is_end and to.pause_seconds is None
    due_seconds = None if to.is_end else to.pause_seconds if to.pause_seconds is not None else lease_seconds
    lifetime = to.reopened_for
    row = await db.fetch_row(
        _COME_TO_NOTHING if lifetime else _MOVE,
        saga.order.id,
        saga.id,
        saga.fence,
        saga.is_cancel_requested,
        to.step,
        stored(to.cancellation),
        due_seconds,
        keeps_lease,
        to.deadline_seconds,
        to.status,
        statuses_before(to.status),
        to.reason,
        to.is_capture,
        *(rows([to.event])[0] if to.event else (None,) * 6),
        *((lifetime.anonymous_days, lifetime.owned_days) if lifetime else ()),
    )
    if row is None:
        await _check_status(saga, to.status)
        return None
    return Moved(advanced(saga, row), row["placed_at"], row["updated_at"])


async def _check_status(saga: Saga, status: OrderStatus) -> None:
    is_decisive = await db.fetch_value(
        "SELECT fence = $2 AND is_cancel_requested = $3 FROM sagas WHERE id = $1",
        saga.id,
        saga.fence,
        saga.is_cancel_requested,
    )
    if is_decisive:
        raise RuntimeError(f"order {saga.order.id} can't become {status}")


@dataclass(frozen=True, slots=True)
class LockedOrder:
    """An order whose row is this transaction's until its end."""

    id: UUID
    customer_id: UUID
    status: OrderStatus
    currency: str
    total_minor: int
    refunded_minor: int
    is_captured: bool
    attempt: int

    def moved_to(self, status: OrderStatus) -> "LockedOrder":
        """The same order with another status."""
        return replace(self, status=status)


async def lock_order(order_id: UUID) -> LockedOrder | None:
    """Locks an order's row until the transaction ends, so that changes of it take turns; None when there is no such order."""
    row = await db.fetch_row(
        "SELECT id, customer_id, status, currency, total_minor, refunded_minor, captured_at IS NOT NULL AS is_captured, attempt"
        " FROM orders WHERE id = $1 FOR UPDATE",
        order_id,
    )
    if row is None:
        return None
    money = (row["currency"], row["total_minor"], row["refunded_minor"], row["is_captured"])
    return LockedOrder(row["id"], row["customer_id"], OrderStatus(row["status"]), *money, row["attempt"])


async def set_status(order: LockedOrder, status: OrderStatus, reason: str, actor: Actor, user_id: UUID | None) -> None:
    """Moves a locked order and adds a line to its history.

    Raises:
        RuntimeError: when the order's status forbids the move.
    """
    if not may_move(order.status, status):
        raise RuntimeError(f"order {order.id} is {order.status} and can't become {status}")
    await db.execute("UPDATE orders SET status = $2, updated_at = clock_timestamp() WHERE id = $1", order.id, status)
    await note(order.id, order.status, status, reason, actor, user_id)


async def note(
    order_id: UUID, before: OrderStatus, after: OrderStatus, reason: str, actor: Actor, user_id: UUID | None
) -> None:
    """Adds a line to an order's history."""
    await db.execute(_HISTORY, order_id, before, after, reason, actor, user_id)
