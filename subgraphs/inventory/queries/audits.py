"""What auditors ask: what inventory has of orders, and whether stock, ledger and reservations explain each other."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.persistence import db
from subgraphs.inventory.domain.reservation import ReservationState

_RESERVATIONS = """
SELECT page.order_id, page.attempt, page.state, page.changed_at,
  line.line_id, line.variant_id, line.quantity, line.returned, line.waiting, line.dropped
FROM (
  SELECT order_id, attempt, state, changed_at FROM reservations WHERE order_id > $1 ORDER BY order_id LIMIT $2
) AS page
LEFT JOIN reservation_lines AS line USING (order_id) ORDER BY page.order_id, line.id
"""
# One statement, so one snapshot: what is under way is either wholly in it or not at all.
_DIFFERENCES = """
WITH ledger AS (
  SELECT variant_id, warehouse_id, sum(on_hand_delta) AS on_hand, sum(held_delta) AS held,
    -sum(on_hand_delta) FILTER (WHERE kind = 'SOLD') AS sold,
    sum(on_hand_delta) FILTER (WHERE kind = 'RETURNED') AS returned,
    sum(on_hand_delta) FILTER (WHERE kind = 'MOVED') AS moved
  FROM movements GROUP BY 1, 2
),
promised AS (
  SELECT variant_id, warehouse_id, sum(quantity) FILTER (WHERE state = 'HELD') AS held,
    sum(quantity) FILTER (WHERE state = 'COMMITTED') AS sold,
    sum(returned) FILTER (WHERE state = 'COMMITTED') AS returned
  FROM (
    SELECT variant_id, warehouse_id, quantity, returned, state FROM holds JOIN reservations USING (order_id)
    UNION ALL SELECT variant_id, warehouse_id, quantity, quantity, 'COMMITTED' FROM past_sales
  ) AS units GROUP BY 1, 2
),
places AS (
  SELECT variant_id, warehouse_id, level.on_hand, level.held,
    ledger.on_hand AS ledger_on_hand, ledger.held AS ledger_held,
    ledger.sold AS ledger_sold, ledger.returned AS ledger_returned,
    promised.held AS promised_held, promised.sold AS promised_sold, promised.returned AS promised_returned
  FROM stock_levels AS level
  FULL JOIN ledger USING (variant_id, warehouse_id)
  FULL JOIN promised USING (variant_id, warehouse_id)
),
lines AS (
  SELECT line.order_id, line.line_id, line.variant_id, line.quantity, line.waiting, line.returned, line.dropped, state,
    coalesce(sum(hold.quantity), 0) AS held, coalesce(sum(hold.returned), 0) AS restocked
  FROM reservation_lines AS line JOIN reservations USING (order_id) LEFT JOIN holds AS hold USING (order_id, line_id)
  GROUP BY line.id, state
),
items AS (
  SELECT item.variant_id, item.waiting, coalesce(sum(level.on_hand - level.held), 0) AS free,
    (SELECT coalesce(sum(line.waiting), 0) FROM reservation_lines AS line
      WHERE line.variant_id = item.variant_id AND line.waiting > 0) AS lines_waiting
  FROM stock_items AS item LEFT JOIN stock_levels AS level USING (variant_id) GROUP BY item.variant_id
),
findings AS (
  SELECT variant_id, warehouse_id, 'on hand against movements' AS what, ledger_on_hand AS expected, on_hand AS found
    FROM places
  UNION ALL SELECT variant_id, warehouse_id, 'held against movements', ledger_held, held FROM places
  UNION ALL SELECT variant_id, warehouse_id, 'held against open reservations', promised_held, held FROM places
  UNION ALL SELECT variant_id, warehouse_id, 'sold by movements against reservations', promised_sold, ledger_sold
    FROM places
  UNION ALL SELECT variant_id, warehouse_id, 'returned by movements against reservations',
    promised_returned, ledger_returned FROM places
  UNION ALL SELECT variant_id, NULL, 'moved between warehouses', 0, sum(moved) FROM ledger GROUP BY variant_id
  UNION ALL SELECT variant_id, NULL, 'waited for against reservations', lines_waiting, waiting FROM items
  UNION ALL SELECT variant_id, NULL, 'free pieces while orders wait', 0, free FROM items WHERE waiting > 0
  UNION ALL SELECT variant_id, NULL, 'pieces of line ' || line_id || ' against its holds', quantity,
    held + waiting + dropped + returned - restocked FROM lines WHERE state IN ('HELD', 'COMMITTED')
  UNION ALL SELECT variant_id, NULL, 'pieces of line ' || line_id || ' that has ended', 0, held + waiting
    FROM lines WHERE state IN ('RELEASED', 'EXPIRED')
)
SELECT variant_id, coalesce(warehouse.code, finding.warehouse_id::text, '') AS warehouse, what,
  coalesce(expected, 0)::bigint AS expected, coalesce(found, 0)::bigint AS found
FROM findings AS finding LEFT JOIN warehouses AS warehouse ON warehouse.id = finding.warehouse_id
WHERE coalesce(expected, 0) <> coalesce(found, 0) ORDER BY variant_id, warehouse, what LIMIT 1000
"""


@dataclass(frozen=True, slots=True)
class ReservedLineView:
    """A line as the proto has it, in units."""

    line_id: UUID
    variant_id: UUID
    held: int
    sold: int
    returned: int
    waiting: int = 0
    dropped: int = 0


@dataclass(frozen=True, slots=True)
class ReservationView:
    """What inventory has of an order."""

    order_id: UUID
    attempt: int
    state: ReservationState
    changed_at: datetime
    lines: Sequence[ReservedLineView]


@dataclass(frozen=True, slots=True)
class StockDifference:
    """Where a variant's stock contradicts what explains it; no warehouse's code when it is about all of them."""

    variant_id: UUID
    warehouse: str
    what: str
    expected: int
    found: int


async def list_reservations(after_order_id: UUID, limit: int) -> list[ReservationView]:
    """What inventory has of the orders after this one, by id."""
    lines: dict[UUID, list[ReservedLineView]] = {}
    states: dict[UUID, tuple[int, ReservationState, datetime]] = {}
    rows = await db.fetch(_RESERVATIONS, after_order_id, limit)
    for order_id, attempt, state, changed_at, line_id, variant_id, quantity, *others in rows:
        states[order_id] = attempt, ReservationState(state), changed_at
        held, sold = (
            quantity if state == ReservationState.HELD else 0,
            quantity if state == ReservationState.COMMITTED else 0,
        )
        of_order = lines.setdefault(order_id, [])
        if line_id is not None:
            of_order.append(ReservedLineView(line_id, variant_id, held, sold, *others))
    return [ReservationView(order_id, *stands, lines[order_id]) for order_id, stands in states.items()]


async def find_stock_differences() -> list[StockDifference]:
    """All contradictions, a thousand at most; none when all is well."""
    return [StockDifference(**row) for row in await db.fetch(_DIFFERENCES)]
