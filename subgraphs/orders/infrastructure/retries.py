"""Sagas that a person, or a bank that has decided, has mended the way for, in Postgres."""

from collections.abc import Sequence
from uuid import UUID

from shared.persistence import db
from subgraphs.orders.domain.fulfilment import Kind, Step
from subgraphs.orders.domain.refund import RefundStatus
from subgraphs.orders.domain.shipment import ShipmentStatus
from subgraphs.orders.infrastructure.sagas import CHANNEL

# An order that could not give its money back asks to let it go first: the provider that is back may only hold it.
_TAKE_UP = f"""
WITH saga AS (
  UPDATE sagas SET step = CASE WHEN kind = '{Kind.ORDER}' AND stuck_step = '{Step.REFUND}' THEN '{Step.VOID}' ELSE stuck_step END,
    stuck_step = NULL, attempts = 0, due_at = clock_timestamp(), updated_at = clock_timestamp()
  WHERE order_id = $1 AND step = '{Step.STUCK}' RETURNING id, kind, step
), refund AS (
  UPDATE refunds SET status = '{RefundStatus.PENDING}', failure = NULL, is_owed = false, updated_at = clock_timestamp()
  FROM saga
  WHERE refunds.id = saga.id AND saga.kind = '{Kind.REFUND}' AND saga.step = '{Step.REFUND}' AND status = '{RefundStatus.FAILED}'
), shipment AS (
  UPDATE shipments SET status = '{ShipmentStatus.PENDING}'
  FROM saga WHERE shipments.id = saga.id AND saga.kind = '{Kind.SHIPMENT}' AND status = '{ShipmentStatus.REFUSED}'
)
SELECT kind || ' ' || step AS what, pg_notify('{CHANNEL}', '') FROM saga ORDER BY id
"""  # noqa: S608 - constants

# What asks the provider for money just now may hear a refusal that is old news by then: its worker is fenced, and it asks again.
# What came back from the buyer's bank is left to a person, who may have paid the buyer another way.
_ASK_AGAIN = f"""
WITH saga AS (
  UPDATE sagas SET stuck_step = NULL, attempts = 0, leased_by = NULL, fence = fence + 1, due_at = clock_timestamp(),
    step = CASE WHEN kind = '{Kind.ORDER}' AND step = '{Step.STUCK}' THEN '{Step.VOID}' ELSE '{Step.REFUND}' END,
    updated_at = clock_timestamp()
  WHERE order_id = $1 AND (step = '{Step.REFUND}' OR step = '{Step.STUCK}' AND stuck_step = '{Step.REFUND}')
    AND NOT EXISTS (SELECT FROM refunds WHERE refunds.id = sagas.id AND is_owed) RETURNING id
), refund AS (
  UPDATE refunds SET status = '{RefundStatus.PENDING}', failure = NULL, updated_at = clock_timestamp()
  FROM saga WHERE refunds.id = saga.id AND status = '{RefundStatus.FAILED}'
)
SELECT pg_notify('{CHANNEL}', '') FROM saga
"""  # noqa: S608 - constants


async def take_up_stuck(order_id: UUID) -> Sequence[str]:
    """Takes up all STUCK sagas of a locked order; the kind and the step of each."""
    return [row["what"] for row in await db.fetch(_TAKE_UP, order_id)]


async def ask_again(order_id: UUID) -> None:
    """Has all sagas of a locked order that give money back, or were refused to, ask the provider once more."""
    await db.execute(_ASK_AGAIN, order_id)
