"""Sold pieces that come back."""

from collections.abc import Sequence
from uuid import UUID

from shared.json import dumps
from shared.persistence import db
from subgraphs.inventory.domain.promise import WaitingLine
from subgraphs.inventory.domain.returning import Return, SoldHold, SoldLine, Unwaited

_RETURN = """
WITH restocked AS (
  SELECT * FROM json_to_recordset($2::json) AS its (hold_id bigint, line_id uuid, quantity int)
),
unwaited AS (
  SELECT * FROM json_to_recordset($3::json) AS its (line_id uuid, quantity int)
),
held AS (
  UPDATE holds AS hold SET returned = hold.returned + restocked.quantity FROM restocked WHERE hold.id = restocked.hold_id
),
changed AS (
  UPDATE reservations SET changed_at = clock_timestamp() WHERE order_id = $1
)
UPDATE reservation_lines AS line
SET returned = line.returned + its.restocked + its.unwaited, waiting = line.waiting - its.unwaited
FROM (
  SELECT line_id, sum(restocked)::int AS restocked, sum(unwaited)::int AS unwaited FROM (
    SELECT line_id, quantity AS restocked, 0 AS unwaited FROM restocked UNION ALL SELECT line_id, 0, quantity FROM unwaited
  ) AS pieces GROUP BY line_id
) AS its
WHERE line.order_id = $1 AND line.line_id = its.line_id
RETURNING line.order_id, line.line_id, line.variant_id, line.waiting AS quantity,
  CASE WHEN its.unwaited > 0 THEN nextval('waiting_version') END AS version
"""
_DROP = """
WITH changed AS (
  UPDATE reservations SET changed_at = clock_timestamp() WHERE order_id = $1
)
UPDATE reservation_lines AS line SET dropped = line.dropped + its.quantity, waiting = line.waiting - its.quantity
FROM json_to_recordset($2::json) AS its (line_id uuid, quantity int) WHERE line.order_id = $1 AND line.line_id = its.line_id
RETURNING line.order_id, line.line_id, line.variant_id, line.waiting AS quantity, nextval('waiting_version') AS version
"""


async def sold_lines(order_id: UUID) -> list[SoldLine]:
    """The lines of a locked reservation that was committed."""
    rows = await db.fetch(
        "SELECT line_id, variant_id, quantity, waiting, returned, dropped FROM reservation_lines WHERE order_id = $1 ORDER BY id",
        order_id,
    )
    return [SoldLine(**row) for row in rows]


async def returnable_pieces(order_id: UUID) -> int:
    """How many pieces of a locked reservation can still come back, if it was committed."""
    return sum(line.returnable for line in await sold_lines(order_id))


async def sold_holds(order_id: UUID) -> list[SoldHold]:
    """Where the pieces of a locked reservation that was committed came from."""
    rows = await db.fetch(
        "SELECT id AS hold_id, line_id, variant_id, warehouse_id, quantity, returned FROM holds WHERE order_id = $1 ORDER BY id",
        order_id,
    )
    return [SoldHold(**row) for row in rows]


async def record_return(order_id: UUID, coming: Return) -> list[WaitingLine]:
    """Counts pieces of a locked reservation as returned; answers the lines that wait for fewer then."""
    restocked = [{"hold_id": hold.hold_id, "line_id": hold.line_id, "quantity": pieces} for hold, pieces in coming.restocked]
    rows = await db.fetch(_RETURN, order_id, dumps(restocked).decode(), _unwaited(coming.unwaited))
    return [WaitingLine(**row) for row in rows if row["version"] is not None]


async def record_drop(order_id: UUID, dropped: Sequence[Unwaited]) -> list[WaitingLine]:
    """Has lines of a locked reservation wait for fewer pieces, which do not count as returned; answers these lines."""
    return [WaitingLine(**row) for row in await db.fetch(_DROP, order_id, _unwaited(dropped))]


def _unwaited(lines: Sequence[Unwaited]) -> str:
    return dumps([{"line_id": its.line_id, "quantity": its.quantity} for its in lines]).decode()
