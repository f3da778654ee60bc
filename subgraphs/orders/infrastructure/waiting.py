"""What orders wait for, in Postgres: as inventory told it last, in the answer to a command or by an event, whichever
came first.

Waiting ends unit by unit; it begins only while an order is being fulfilled. So what is known late is that too many
units wait, never that too few do, and nothing is shipped that is not here.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from shared.days import today
from shared.persistence import db
from subgraphs.orders.domain.order import OrderStatus
from subgraphs.orders.domain.waiting import StillToCome, to_come

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

_WAITING_FOR = """
SELECT DISTINCT line.order_id FROM order_lines AS line JOIN orders ON orders.id = line.order_id
WHERE line.variant_id = :variant_id AND line.waiting > 0 AND orders.status = ANY(:statuses::text[])
ORDER BY line.order_id
"""

_OF_ORDERS = f"""
SELECT line.order_id, line.id, least(line.waiting, {LEFT}) AS waiting, {EXPECTED_FROM} AS expected_from
FROM order_lines AS line WHERE line.order_id = ANY(:order_ids::uuid[]) AND line.waiting > 0 ORDER BY line.position
"""  # noqa: S608 - constants


async def still_to_come_of(order_ids: Sequence[UUID]) -> Mapping[UUID, Mapping[UUID, StillToCome]]:
    """Of those of some orders that wait: the units that are to be shipped when they have come, by line."""
    found: defaultdict[UUID, dict[UUID, StillToCome]] = defaultdict(dict)
    for row in await db.fetch(_OF_ORDERS, order_ids=order_ids):
        if row["waiting"]:
            day = expected_day(row["expected_from"])
            found[row["order_id"]][row["id"]] = StillToCome(row["id"], row["waiting"], day)
    return found


async def orders_waiting_for(variant_id: UUID) -> Sequence[UUID]:
    """The orders that were confirmed and wait for units of a variant."""
    statuses = [OrderStatus.CONFIRMED, OrderStatus.PARTIALLY_SHIPPED]
    return [row["order_id"] for row in await db.fetch(_WAITING_FOR, variant_id=variant_id, statuses=statuses)]


def expected_day(day: date | None) -> date | None:
    """A day on which units are expected, unless it is over today."""
    return to_come(day, today())
