"""Requests to cancel orders, in Postgres."""

from collections.abc import Sequence
from uuid import UUID

from shared.persistence import db
from subgraphs.orders.domain.cancellation import Cancellation
from subgraphs.orders.domain.fulfilment import Step
from subgraphs.orders.domain.order import Actor, OrderStatus
from subgraphs.orders.domain.refund import Pieces
from subgraphs.orders.infrastructure.moves import LockedOrder
from subgraphs.orders.infrastructure.sagas import CHANNEL, stored

# The request and the order's move in one statement. A worker that has the saga finds the request at its next record, one that takes
# it up finds it before it tries anything. A confirmed order's saga has ended and is taken up again; a STUCK one waits for a person.
_ASK = f"""
WITH saga AS (
  UPDATE sagas SET is_cancel_requested = true,
    cancellation = CASE WHEN $5::text = '{Actor.SHOP}' THEN coalesce(cancellation, $2) ELSE $2 END,
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

# What a refund was for is out of the cancellation's hands: it stays out of stock, or that refund returns it.
_UNREFUNDED = """
SELECT line.id, line.quantity - (
    SELECT coalesce(sum(part.quantity), 0)::int FROM refund_lines AS part JOIN refunds AS refund ON refund.id = part.refund_id
    WHERE part.line_id = line.id AND (refund.status <> 'FAILED' OR refund.keeps_out OR refund.times_back > 0)
  ) AS pieces
FROM order_lines AS line WHERE line.order_id = $1 ORDER BY line.position
"""

# Nothing is left to give back: what was stuck because giving back was refused goes on by itself.
_GO_ON = f"""
WITH saga AS (
  UPDATE sagas SET step = '{Step.VOID}', stuck_step = NULL, attempts = 0, due_at = clock_timestamp(), updated_at = clock_timestamp()
  WHERE id = $1 AND step = '{Step.STUCK}' AND stuck_step = '{Step.REFUND}' RETURNING id
)
SELECT pg_notify('{CHANNEL}', '') FROM saga
"""  # noqa: S608 - constants


async def pieces_to_return(order_id: UUID) -> Sequence[Pieces]:
    """The pieces of a cancelled order that no refund was for."""
    rows = await db.fetch(_UNREFUNDED, order_id)
    return [Pieces(row["id"], row["pieces"]) for row in rows if row["pieces"] > 0]


async def go_on_without_money(order_id: UUID) -> None:
    """Takes up the saga of a locked order that was STUCK giving back money which somebody else has given back."""
    await db.execute(_GO_ON, order_id)


async def tell_reason(order_id: UUID) -> None:
    """Shows why a locked order will be cancelled, as its saga has it."""
    await db.execute(
        "UPDATE orders SET cancellation = sagas.cancellation FROM sagas WHERE orders.id = $1 AND sagas.id = $1",
        order_id,
    )


async def ask_to_cancel(
    order: LockedOrder, cancellation: Cancellation, reason: str, actor: Actor, user_id: UUID | None
) -> None:
    """Asks a locked order's saga to turn round. What a person wants is the reason; the shop's own rules
    leave the one that the saga has already, because it is being undone.
    """
    await db.execute(_ASK, order.id, stored(cancellation), order.status, reason, actor, user_id)
