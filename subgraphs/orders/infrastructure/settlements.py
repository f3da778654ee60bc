"""Money that the shop has paid its buyer outside of the payment provider, in Postgres."""

from collections.abc import Sequence
from uuid import UUID

from shared import db
from subgraphs.orders.domain.fulfilment import Kind, Step
from subgraphs.orders.domain.refund import RefundStatus
from subgraphs.orders.infrastructure.sagas import CHANNEL

_SETTLE = f"""
WITH saga AS (
  UPDATE sagas SET step = '{Step.REFUND}', stuck_step = NULL, attempts = 0, paid_outside = $2, due_at = clock_timestamp(),
    updated_at = clock_timestamp()
  WHERE order_id = $1 AND (step = '{Step.STUCK}' AND stuck_step = '{Step.REFUND}' OR id = ANY($3::uuid[])) RETURNING id, kind
), refund AS (
  UPDATE refunds SET status = '{RefundStatus.PENDING}', failure = NULL, is_owed = false, paid_outside = $2,
    updated_at = clock_timestamp()
  FROM saga WHERE refunds.id = saga.id AND saga.kind = '{Kind.REFUND}'
)
SELECT pg_notify('{CHANNEL}', '') FROM saga
"""  # noqa: S608 - constants


async def settle(order_id: UUID, paid_outside: str, instead: Sequence[UUID]) -> None:
    """Has all sagas of a locked order that were refused to give money back go on with it paid outside of the provider.

    ``instead`` are those just begun in the place of such ones.
    """
    await db.execute(_SETTLE, order_id, paid_outside, instead)
