"""Money that the shop has paid its buyer outside of the payment provider, in Postgres."""

from collections.abc import Sequence
from uuid import UUID

from shared.persistence import db
from subgraphs.orders.domain.fulfilment import Kind, Settlement, Step
from subgraphs.orders.domain.refund import RefundStatus
from subgraphs.orders.infrastructure.sagas import CHANNEL

_REFUSED = f"step = '{Step.STUCK}' AND stuck_step = '{Step.REFUND}'"

# What gives back all that is left is in the place of the others. One of which nothing was taken, as far as is known, asks to let go
# what is held first: the provider may be back.
_SETTLE = f"""
WITH refused AS (
  SELECT sagas.id, refunds.amount_minor FROM sagas LEFT JOIN refunds ON refunds.id = sagas.id
  WHERE sagas.order_id = $1 AND ({_REFUSED} OR sagas.id = ANY($4::uuid[]))
), saga AS (
  UPDATE sagas SET step = CASE WHEN kind = '{Kind.ORDER}' AND $2 = 0 THEN '{Step.VOID}' ELSE '{Step.REFUND}' END, stuck_step = NULL,
    attempts = 0, paid_minor = coalesce(refused.amount_minor, $2), paid_outside = $3, due_at = clock_timestamp(),
    updated_at = clock_timestamp()
  FROM refused WHERE sagas.id = refused.id
    AND (refused.amount_minor IS NULL OR NOT EXISTS (SELECT FROM refused AS rest WHERE rest.amount_minor IS NULL))
  RETURNING sagas.id, kind
), refund AS (
  UPDATE refunds SET status = '{RefundStatus.PENDING}', failure = NULL, is_owed = false, paid_outside = $3,
    updated_at = clock_timestamp()
  FROM saga WHERE refunds.id = saga.id AND saga.kind = '{Kind.REFUND}'
)
SELECT pg_notify('{CHANNEL}', '') FROM saga
"""  # noqa: S608 - constants


async def settle(order_id: UUID, settlement: Settlement, instead: Sequence[UUID]) -> None:
    """Has all sagas of a locked order that were refused to give money back go on with it paid outside of the provider.

    ``instead`` are those just begun in the place of such ones; what each refund is about is known, the sum is that of the rest.
    """
    await db.execute(_SETTLE, order_id, settlement.paid_minor, settlement.paid_outside, instead)
