"""Requests to cancel orders, in Postgres."""

from uuid import UUID

from shared import db
from subgraphs.orders.domain.cancellation import Cancellation
from subgraphs.orders.domain.fulfilment import Step
from subgraphs.orders.domain.order import Actor, OrderStatus
from subgraphs.orders.infrastructure.moves import LockedOrder
from subgraphs.orders.infrastructure.sagas import CHANNEL, stored

# The request and the order's move in one statement. A worker that has the saga finds the request at its next record, one that takes
# it up finds it before it tries anything. A confirmed order's saga has ended and is taken up again; a STUCK one waits for a person.
_ASK = f"""
WITH saga AS (
  UPDATE sagas SET is_cancel_requested = true, cancellation = coalesce(cancellation, $2),
    step = CASE step WHEN '{Step.CONFIRMED}' THEN '{Step.VOID}' ELSE step END,
    attempts = CASE WHEN leased_by IS NULL THEN 0 ELSE attempts END,
    due_at = CASE WHEN step = '{Step.STUCK}' OR leased_by IS NOT NULL THEN due_at ELSE clock_timestamp() END,
    updated_at = clock_timestamp()
  WHERE id = $1 RETURNING cancellation
), moved AS (
  UPDATE orders SET status = '{OrderStatus.CANCELLING}', cancellation = saga.cancellation, updated_at = clock_timestamp()
  FROM saga WHERE id = $1
), history AS (
  INSERT INTO order_status_history (order_id, from_status, to_status, reason, actor, user_id)
  VALUES ($1, $3, '{OrderStatus.CANCELLING}', $4, $5, $6)
)
SELECT pg_notify('{CHANNEL}', '') FROM saga
"""  # noqa: S608 - constants


async def ask_to_cancel(order: LockedOrder, cancellation: Cancellation, reason: str, actor: Actor, user_id: UUID) -> None:
    """Asks a locked order's saga to turn round. A reason that the saga has already, because it is being undone, stays."""
    await db.execute(_ASK, order.id, stored(cancellation), order.status, reason, actor, user_id)
