"""Sold pieces that come back."""

from uuid import UUID

from shared import db
from shared.json import dumps
from subgraphs.inventory.domain.returning import Return, SoldHold, SoldLine

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
lined AS (
  UPDATE reservation_lines AS line
  SET returned = line.returned + its.restocked + its.unwaited, waiting = line.waiting - its.unwaited
  FROM (
    SELECT line_id, sum(restocked)::int AS restocked, sum(unwaited)::int AS unwaited FROM (
      SELECT line_id, quantity AS restocked, 0 AS unwaited FROM restocked UNION ALL SELECT line_id, 0, quantity FROM unwaited
    ) AS pieces GROUP BY line_id
  ) AS its
  WHERE line.order_id = $1 AND line.line_id = its.line_id
)
UPDATE reservations SET changed_at = clock_timestamp() WHERE order_id = $1
"""


async def sold_lines(order_id: UUID) -> list[SoldLine]:
    """The lines of a locked reservation that was committed."""
    rows = await db.fetch(
        "SELECT line_id, variant_id, quantity, waiting, returned FROM reservation_lines WHERE order_id = $1 ORDER BY id", order_id
    )
    return [SoldLine(**row) for row in rows]


async def sold_holds(order_id: UUID) -> list[SoldHold]:
    """Where the pieces of a locked reservation that was committed came from."""
    rows = await db.fetch(
        "SELECT id AS hold_id, line_id, variant_id, warehouse_id, quantity, returned FROM holds WHERE order_id = $1 ORDER BY id",
        order_id,
    )
    return [SoldHold(**row) for row in rows]


async def record_return(order_id: UUID, coming: Return) -> None:
    """Counts pieces of a locked reservation as returned."""
    restocked = [{"hold_id": hold.hold_id, "line_id": hold.line_id, "quantity": pieces} for hold, pieces in coming.restocked]
    unwaited = [{"line_id": its.line_id, "quantity": its.quantity} for its in coming.unwaited]
    await db.execute(_RETURN, order_id, dumps(restocked).decode(), dumps(unwaited).decode())
