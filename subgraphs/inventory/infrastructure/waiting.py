"""Lines of orders that wait for pieces to come.

The versions that others are told with them are drawn from a sequence while the variant is locked: they grow for each line.
"""

from collections.abc import Sequence
from uuid import UUID

from shared.json import dumps
from shared.persistence import db
from subgraphs.inventory.domain.promise import Arrival, Waiting, WaitingLine

_OF_ORDER = """
SELECT order_id, line_id, variant_id, waiting AS quantity, nextval('waiting_version') AS version
FROM reservation_lines WHERE order_id = $1 ORDER BY id
"""
_FILL = """
WITH arrived AS (
  SELECT * FROM json_to_recordset($1::json)
    AS arrival (order_id uuid, line_id uuid, variant_id uuid, warehouse_id uuid, quantity int)
),
held AS (
  INSERT INTO holds (order_id, line_id, variant_id, warehouse_id, quantity)
  SELECT order_id, line_id, variant_id, warehouse_id, quantity FROM arrived
)
UPDATE reservation_lines AS line SET waiting = line.waiting - its.quantity
FROM (SELECT order_id, line_id, sum(quantity)::int AS quantity FROM arrived GROUP BY 1, 2) AS its
WHERE line.order_id = its.order_id AND line.line_id = its.line_id
RETURNING line.order_id, line.line_id, line.variant_id, line.waiting AS quantity, nextval('waiting_version') AS version
"""


async def waiting_lines(variant_ids: Sequence[UUID]) -> list[Waiting]:
    """The lines that wait for pieces of locked variants, the oldest first."""
    rows = await db.fetch(
        "SELECT line.order_id, line.line_id, line.variant_id, line.waiting AS quantity, reservation.state = 'COMMITTED' AS is_sold"
        " FROM reservation_lines AS line JOIN reservations AS reservation USING (order_id)"
        " WHERE line.variant_id = ANY($1::uuid[]) AND line.waiting > 0 ORDER BY line.id",
        variant_ids,
    )
    return [Waiting(**row) for row in rows]


async def lines_of(order_id: UUID) -> list[WaitingLine]:
    """What all lines of a locked reservation wait for, nothing included, with versions of now."""
    return [WaitingLine(**row) for row in await db.fetch(_OF_ORDER, order_id)]


async def hand_over(arrivals: Sequence[Arrival]) -> list[WaitingLine]:
    """Gives waiting lines their pieces: held or sold from now on like any others. Answers what these lines wait for then."""
    pieces = [
        {
            "order_id": arrival.waiting.order_id,
            "line_id": arrival.waiting.line_id,
            "variant_id": arrival.waiting.variant_id,
            "warehouse_id": arrival.warehouse_id,
            "quantity": arrival.quantity,
        }
        for arrival in arrivals
    ]
    return [WaitingLine(**row) for row in await db.fetch(_FILL, dumps(pieces).decode())]
