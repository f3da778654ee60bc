"""The statements on reservations, reservation_lines, holds and past_sales, which nothing else writes.

Those that change stock as well do it by the queries of ``stock``: one statement is what a step costs.
"""

from subgraphs.inventory.infrastructure.stock import (
    IN_KEY_ORDER,
    LEVELS_FOLLOW,
    MOVED_COLUMNS,
    STOCK_COLUMNS,
    STOCK_TABLES,
    WRITTEN,
)

LOCK = f"""
SELECT reservation.attempt, reservation.state, reservation.expires_at <= clock_timestamp() AS is_overdue,
  {STOCK_COLUMNS}
FROM reservations AS reservation, {STOCK_TABLES}
WHERE reservation.order_id = :order_id
  AND item.variant_id IN (SELECT line.variant_id FROM reservation_lines AS line WHERE line.order_id = :order_id)
{IN_KEY_ORDER} FOR NO KEY UPDATE OF reservation, item, level
"""  # noqa: S608 - constants
LOCK_ALONE = """
SELECT attempt, state, false AS is_overdue FROM reservations WHERE order_id = :order_id FOR NO KEY UPDATE
"""

_FIRST_OF_ORDER = """
  INSERT INTO reservations (order_id, state, expires_at, attempt)
  VALUES (:order_id, 'HELD', clock_timestamp() + make_interval(secs => :ttl_seconds), :attempt)
  ON CONFLICT (order_id) DO NOTHING RETURNING order_id, expires_at
"""
_NEXT_OF_ORDER = """
  UPDATE reservations SET state = 'HELD', expires_at = clock_timestamp() + make_interval(secs => :ttl_seconds),
    attempt = :attempt, changed_at = clock_timestamp()
  WHERE order_id = :order_id RETURNING order_id, expires_at
"""


def _reserve(reserved: str) -> str:
    return f"""
WITH {WRITTEN},
reserved AS ({reserved}),
lined AS (
  INSERT INTO reservation_lines (order_id, line_id, variant_id, quantity, waiting)
  SELECT order_id, line_id, variant_id, quantity, waiting FROM reserved, json_to_recordset(:lines::json)
    AS line (line_id uuid, variant_id uuid, quantity int, waiting int)
  RETURNING line_id, variant_id, waiting
),
allocated AS (
  INSERT INTO holds (order_id, line_id, variant_id, warehouse_id, quantity)
  SELECT order_id, line_id, variant_id, warehouse_id, quantity FROM reserved, json_to_recordset(:holds::json)
    AS hold (line_id uuid, variant_id uuid, warehouse_id uuid, quantity int)
)
SELECT expires_at, lined.*, CASE WHEN waiting > 0 THEN nextval('waiting_version') END AS version FROM reserved, lined
"""  # noqa: S608 - constants


ADD = _reserve(_FIRST_OF_ORDER)
REPLACE = _reserve(_NEXT_OF_ORDER)

BAR = """
INSERT INTO reservations (order_id, state, expires_at, attempt)
VALUES (:order_id, 'RELEASED', clock_timestamp(), :attempt)
ON CONFLICT (order_id) DO NOTHING
"""
BAR_LATER = """
UPDATE reservations SET attempt = :attempt, state = 'RELEASED', changed_at = clock_timestamp()
WHERE order_id = :order_id
"""
# Rows that were never sold are gone already: what is left came back.
CLEAR = """
WITH lined AS (
  DELETE FROM reservation_lines WHERE order_id = :order_id
),
past AS (
  DELETE FROM holds WHERE order_id = :order_id RETURNING variant_id, warehouse_id, quantity
)
INSERT INTO past_sales (order_id, attempt, variant_id, warehouse_id, quantity)
SELECT :order_id, (SELECT attempt FROM reservations WHERE order_id = :order_id),
  variant_id, warehouse_id, sum(quantity)
FROM past
GROUP BY variant_id, warehouse_id
"""

COMMIT_HELD = f"""
WITH moved AS (
  INSERT INTO movements (kind, variant_id, warehouse_id, on_hand_delta, held_delta, order_id, reason)
  SELECT 'SOLD', variant_id, warehouse_id, -sum(quantity), -sum(quantity), :order_id, 'order paid'
  FROM holds WHERE order_id = :order_id
  GROUP BY variant_id, warehouse_id ORDER BY variant_id, warehouse_id
  RETURNING {MOVED_COLUMNS}
),
{LEVELS_FOLLOW}
UPDATE reservations SET state = 'COMMITTED', changed_at = clock_timestamp() WHERE order_id = :order_id
"""  # noqa: S608 - constants
COMMIT_ANEW = """
WITH allocated AS (
  INSERT INTO holds (order_id, line_id, variant_id, warehouse_id, quantity)
  SELECT :order_id, line_id, variant_id, warehouse_id, quantity FROM json_to_recordset(:holds::json)
    AS hold (line_id uuid, variant_id uuid, warehouse_id uuid, quantity int)
),
committed AS (
  UPDATE reservations SET state = 'COMMITTED', changed_at = clock_timestamp() WHERE order_id = :order_id
)
UPDATE reservation_lines AS line SET waiting = its.quantity
FROM json_to_recordset(:waiting::json) AS its (line_id uuid, quantity int)
WHERE line.order_id = :order_id AND line.line_id = its.line_id
RETURNING line.order_id, line.line_id, line.variant_id, line.waiting AS quantity, nextval('waiting_version') AS version
"""
END = """
WITH ended AS (
  UPDATE reservations SET state = :state, changed_at = clock_timestamp() WHERE order_id = :order_id
),
unwaited AS (
  UPDATE reservation_lines AS line SET waiting = 0 FROM reservation_lines AS old
  WHERE line.order_id = :order_id AND line.waiting > 0 AND old.id = line.id
  RETURNING line.line_id, line.variant_id, old.waiting
),
released AS (
  DELETE FROM holds WHERE order_id = :order_id RETURNING id, line_id, variant_id, warehouse_id, quantity
)
SELECT line_id, variant_id, warehouse_id, quantity, NULL AS version FROM released
UNION ALL SELECT line_id, variant_id, NULL, waiting, nextval('waiting_version') FROM unwaited
"""

DEMANDS = """
SELECT line_id, variant_id, quantity FROM reservation_lines WHERE order_id = :order_id ORDER BY id
"""
SOLD_LINES = """
SELECT line_id, variant_id, quantity, waiting, returned, dropped FROM reservation_lines
WHERE order_id = :order_id ORDER BY id
"""
SOLD_HOLDS = """
SELECT id AS hold_id, line_id, variant_id, warehouse_id, quantity, returned FROM holds
WHERE order_id = :order_id ORDER BY id
"""
RETURN = """
WITH restocked AS (
  SELECT * FROM json_to_recordset(:restocked::json) AS its (hold_id bigint, line_id uuid, quantity int)
),
unwaited AS (
  SELECT * FROM json_to_recordset(:unwaited::json) AS its (line_id uuid, quantity int)
),
held AS (
  UPDATE holds AS hold SET returned = hold.returned + restocked.quantity
  FROM restocked WHERE hold.id = restocked.hold_id
),
changed AS (
  UPDATE reservations SET changed_at = clock_timestamp() WHERE order_id = :order_id
)
UPDATE reservation_lines AS line
SET returned = line.returned + its.restocked + its.unwaited, waiting = line.waiting - its.unwaited
FROM (
  SELECT line_id, sum(restocked)::int AS restocked, sum(unwaited)::int AS unwaited FROM (
    SELECT line_id, quantity AS restocked, 0 AS unwaited FROM restocked
    UNION ALL SELECT line_id, 0, quantity FROM unwaited
  ) AS units GROUP BY line_id
) AS its
WHERE line.order_id = :order_id AND line.line_id = its.line_id
RETURNING line.order_id, line.line_id, line.variant_id, line.waiting AS quantity,
  CASE WHEN its.unwaited > 0 THEN nextval('waiting_version') END AS version
"""
DROP = """
WITH changed AS (
  UPDATE reservations SET changed_at = clock_timestamp() WHERE order_id = :order_id
)
UPDATE reservation_lines AS line SET dropped = line.dropped + its.quantity, waiting = line.waiting - its.quantity
FROM json_to_recordset(:dropped::json) AS its (line_id uuid, quantity int)
WHERE line.order_id = :order_id AND line.line_id = its.line_id
RETURNING line.order_id, line.line_id, line.variant_id, line.waiting AS quantity, nextval('waiting_version') AS version
"""

WAITING_FOR = """
SELECT line.order_id, line.line_id, line.variant_id, line.waiting AS quantity,
  reservation.state = 'COMMITTED' AS is_sold
FROM reservation_lines AS line JOIN reservations AS reservation USING (order_id)
WHERE line.variant_id = ANY(:variant_ids::uuid[]) AND line.waiting > 0 ORDER BY line.id
"""
ALLOCATE = """
WITH arrived AS (
  SELECT * FROM json_to_recordset(:arrivals::json)
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
WAITING_LINES = """
SELECT order_id, line_id, variant_id, waiting AS quantity, nextval('waiting_version') AS version
FROM reservation_lines WHERE order_id = :order_id ORDER BY id
"""
