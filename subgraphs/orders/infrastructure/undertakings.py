"""What is under way or stuck with orders, in Postgres."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from uuid import UUID

from shared.persistence import db
from subgraphs.orders.domain.fulfilment import Kind, Step
from subgraphs.orders.domain.undertaking import Undertaking

_OF_ORDERS = """
SELECT saga.order_id, saga.kind, saga.step, saga.stuck_step, saga.due_at IS NOT NULL AS is_open, refund.amount_minor
FROM sagas AS saga LEFT JOIN refunds AS refund ON refund.id = saga.id
WHERE saga.order_id = ANY($1::uuid[]) ORDER BY saga.id
"""


async def undertakings_of(order_ids: Sequence[UUID]) -> Mapping[UUID, Sequence[Undertaking]]:
    """The sagas of some orders, those that have ended among them."""
    found: defaultdict[UUID, list[Undertaking]] = defaultdict(list)
    for row in await db.fetch(_OF_ORDERS, order_ids):
        stopped = Step(row["stuck_step"]) if row["stuck_step"] else None
        how = (stopped, row["is_open"], row["amount_minor"])
        found[row["order_id"]].append(Undertaking(Kind(row["kind"]), Step(row["step"]), *how))
    return found
