"""What orders wait for, in Postgres: as inventory told it last, in the answer to a command or by an event, whichever came first.

Waiting ends piece by piece; it begins only while an order is being fulfilled. So what is known late is that too many pieces
wait, never that too few do, and nothing is sent that is not here.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from shared.days import today
from shared.persistence import db
from subgraphs.orders.domain.order import OrderStatus
from subgraphs.orders.domain.waiting import StillToCome, WaitingPieces, to_come

_SAVE = """
WITH changed AS (
  UPDATE order_lines AS line SET waiting = its.waiting, waiting_version = its.version
  FROM unnest($2::uuid[], $3::int[], $4::bigint[]) AS its (line_id, waiting, version)
  WHERE line.order_id = $1 AND line.id = its.line_id AND line.waiting_version < its.version RETURNING line.id
)
UPDATE orders SET updated_at = clock_timestamp() WHERE id = $1 AND EXISTS (SELECT FROM changed)
"""

# Of a row `line` of order_lines: how many pieces are neither packed nor refunded, and when those are expected that wait.
LEFT = """
greatest(0, line.quantity - (
    SELECT coalesce(sum(part.quantity), 0) FROM shipment_lines AS part JOIN shipments AS parcel ON parcel.id = part.shipment_id
    WHERE part.line_id = line.id AND parcel.status <> 'REFUSED'
  ) - (
    SELECT coalesce(sum(part.quantity), 0) FROM refund_lines AS part JOIN refunds AS refund ON refund.id = part.refund_id
    WHERE part.line_id = line.id AND (refund.status <> 'FAILED' OR refund.times_back > 0)
  ))::int
"""
EXPECTED_FROM = """
CASE WHEN line.waiting > 0 THEN (SELECT expected_from FROM known_stock AS stock WHERE stock.variant_id = line.variant_id) END
"""

_WAITING_FOR = """
SELECT DISTINCT line.order_id FROM order_lines AS line JOIN orders ON orders.id = line.order_id
WHERE line.variant_id = $1 AND line.waiting > 0 AND orders.status = ANY($2::text[]) ORDER BY line.order_id
"""

_OF_ORDERS = f"""
SELECT line.order_id, line.id, least(line.waiting, {LEFT}) AS waiting, {EXPECTED_FROM} AS expected_from
FROM order_lines AS line WHERE line.order_id = ANY($1::uuid[]) AND line.waiting > 0 ORDER BY line.position
"""  # noqa: S608 - constants


async def save_waiting(order_id: UUID, waiting: Sequence[WaitingPieces]) -> None:
    """Takes over what lines of an order wait for; what is older than what is known changes nothing."""
    if not waiting:
        return
    await db.execute(
        _SAVE,
        order_id,
        [its.line_id for its in waiting],
        [its.quantity for its in waiting],
        [its.version for its in waiting],
    )


async def still_to_come(order_id: UUID) -> Sequence[StillToCome]:
    """The pieces of an order that are to be sent when they have come, in the order of its lines."""
    return [*(await still_to_come_of([order_id])).get(order_id, {}).values()]


async def still_to_come_of(order_ids: Sequence[UUID]) -> Mapping[UUID, Mapping[UUID, StillToCome]]:
    """The same of those of some orders that wait, by line."""
    found: defaultdict[UUID, dict[UUID, StillToCome]] = defaultdict(dict)
    for row in await db.fetch(_OF_ORDERS, order_ids):
        if row["waiting"]:
            found[row["order_id"]][row["id"]] = StillToCome(
                row["id"], row["waiting"], expected_day(row["expected_from"])
            )
    return found


async def orders_waiting_for(variant_id: UUID) -> Sequence[UUID]:
    """The orders that were confirmed and wait for pieces of a variant."""
    rows = await db.fetch(_WAITING_FOR, variant_id, [OrderStatus.CONFIRMED, OrderStatus.PARTIALLY_SHIPPED])
    return [row["order_id"] for row in rows]


def expected_day(day: date | None) -> date | None:
    """A day on which pieces are expected, unless it is over today."""
    return to_come(day, today())
