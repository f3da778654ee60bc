"""The statements on refunds and refund_lines, which nothing else writes, together with what becomes of their sagas."""

from subgraphs.orders.domain.fulfilment import Kind, Step
from subgraphs.orders.domain.refund import RefundSource, RefundStatus
from subgraphs.orders.domain.shipment_status import ShipmentStatus
from subgraphs.orders.infrastructure.saga_statements import (
    ASKING_AGAIN,
    NOTIFIED,
    OPEN_OR_REJECTED_REFUND,
    REJECTED_REFUND,
    RESUMED,
    SETTLED,
    ended,
)

_ADDED_LINES = """
INSERT INTO refund_lines (refund_id, line_id, quantity)
SELECT refund.id, line_id, quantity FROM refund, unnest(:line_ids::uuid[], :quantities::int[]) AS part (line_id,
  quantity)
"""
_MORE_OF_A_LINE = "ON CONFLICT (refund_id, line_id) DO UPDATE SET quantity = refund_lines.quantity + excluded.quantity"
ADD = f"""
WITH refund AS (
  INSERT INTO refunds (id, order_id, status, amount_minor, reason, is_restocking, source, paid_outside, user_id)
  VALUES (:id, :order_id, :status, :amount_minor, :reason, :is_restocking, :source, :paid_outside,
    :user_id) RETURNING id
)
{_ADDED_LINES}
"""  # noqa: S608 - constants
ADD_UNITS = f"WITH refund AS (SELECT :id::uuid AS id) {_ADDED_LINES} {_MORE_OF_A_LINE}"
RESTOCK_WITH = f"""
WITH refund AS (
  UPDATE refunds SET is_restocking = true, pieces_settled_at = NULL, updated_at = clock_timestamp()
    WHERE id = :id RETURNING id
)
{_ADDED_LINES} {_MORE_OF_A_LINE}
"""  # noqa: S608 - constants

BY_ID = """
SELECT refund.*, (
  SELECT coalesce(json_agg(part ORDER BY part.id), '[]') FROM refund_lines AS part WHERE part.refund_id = refund.id
) AS lines
FROM refunds AS refund WHERE refund.id = :id
"""
SET_STATUS = """
UPDATE refunds SET status = :status, failure = :failure, updated_at = clock_timestamp(),
  paid_outside = CASE WHEN :failure::text IS NULL THEN paid_outside END
WHERE id = :id
"""
SETTLE_UNITS = """
UPDATE refunds SET restocked_at = CASE WHEN is_restocking THEN coalesce(restocked_at, clock_timestamp()) END,
  pieces_settled_at = coalesce(pieces_settled_at, clock_timestamp())
WHERE id = :id RETURNING is_owed
"""
LATEST_WITHOUT_UNITS = f"""
SELECT id FROM refunds WHERE order_id = :order_id AND status = '{RefundStatus.DONE}'
  AND NOT EXISTS (SELECT FROM refund_lines WHERE refund_id = refunds.id)
ORDER BY created_at DESC LIMIT 1
"""  # noqa: S608 - constants
# What a refund was for is out of the cancellation's hands: it stays out of stock, or that refund returns it.
UNITS_TO_RETURN = """
SELECT line.id, line.quantity - (
    SELECT coalesce(sum(part.quantity), 0)::int FROM refund_lines AS part
      JOIN refunds AS refund ON refund.id = part.refund_id
    WHERE part.line_id = line.id AND (refund.status <> 'FAILED' OR refund.keeps_out OR refund.times_back > 0)
  ) AS units
FROM order_lines AS line WHERE line.order_id = :order_id ORDER BY line.position
"""

# Of one whose money came back the units are its own to settle still, if they are not.
_OWES_UNITS = """
EXISTS (
  SELECT FROM refunds JOIN refund_lines AS part ON part.refund_id = refunds.id
  WHERE refunds.id = sagas.id AND refunds.times_back > 0 AND refunds.pieces_settled_at IS NULL
)
"""
# What a refund was to keep out of stock stays out: of its units inventory is to be told those that never came.
_KEEPS_OUT = """
EXISTS (
  SELECT FROM refunds JOIN refund_lines AS part ON part.refund_id = refunds.id
  WHERE refunds.id = sagas.id AND refunds.times_back = 0 AND NOT refunds.is_restocking
)
"""
_ENDED = ended(_OWES_UNITS)
_ENDED_WITH_UNITS = ended(f"({_OWES_UNITS} OR {_KEEPS_OUT})")

END_OPEN = f"""
WITH ended AS (
  {_ENDED_WITH_UNITS} WHERE order_id = :order_id AND {OPEN_OR_REJECTED_REFUND}
    AND NOT EXISTS (SELECT FROM refunds AS free WHERE free.id = sagas.id AND free.amount_minor = 0)
  RETURNING id, {_KEEPS_OUT} AS keeps_out
), failed AS (
  UPDATE refunds SET status = '{RefundStatus.FAILED}', is_owed = false, keeps_out = ended.keeps_out,
    updated_at = clock_timestamp()
  FROM ended WHERE refunds.id = ended.id
)
UPDATE refunds SET is_owed = false WHERE order_id = :order_id AND is_owed AND id NOT IN (SELECT id FROM ended)
"""  # noqa: S608 - constants

# What came back from the buyer's bank requires intervention too, while its units are being settled.
_IS_OWED = "EXISTS (SELECT FROM refunds WHERE refunds.id = sagas.id AND is_owed)"
_OF_SAGAS = "SELECT id FROM sagas WHERE order_id = :order_id AND"
REJECTED = f"{_OF_SAGAS} ({REJECTED_REFUND} OR {_IS_OWED}) ORDER BY id"
REJECTED_BY_PROVIDER = f"{_OF_SAGAS} {REJECTED_REFUND} AND NOT {_IS_OWED} ORDER BY id"
KEEPING_UNITS_OUT = "SELECT id FROM refunds WHERE order_id = :order_id AND keeps_out ORDER BY id"

END_REJECTED = f"""
WITH owed AS (
  UPDATE refunds SET is_owed = false WHERE id = ANY(:ids::uuid[]) AND is_owed
)
{_ENDED} WHERE id = ANY(:ids::uuid[]) AND {REJECTED_REFUND}
"""  # noqa: S608 - constants
# Nothing is left for this one. What it was to keep out of stock stays out, and inventory is told of units that never
# came.
END_KEEPING_UNITS_OUT = f"""
WITH ended AS (
  {_ENDED_WITH_UNITS} WHERE id = :id AND {REJECTED_REFUND} RETURNING id, {_KEEPS_OUT} AS keeps_out
)
UPDATE refunds SET is_owed = false, updated_at = clock_timestamp(),
  keeps_out = keeps_out OR id IN (SELECT id FROM ended WHERE ended.keeps_out)
WHERE id = :id
"""  # noqa: S608 - constants
# What these refunds were to keep out of stock, broken as it may be, the cancellation keeps out.
END_FOR_CANCELLATION = f"""
WITH ended AS (
  {_ENDED} WHERE order_id = :order_id AND {REJECTED_REFUND} RETURNING id, {_KEEPS_OUT} AS keeps_out
)
UPDATE refunds SET is_owed = false, updated_at = clock_timestamp(),
  keeps_out = keeps_out OR id IN (SELECT id FROM ended WHERE ended.keeps_out)
WHERE order_id = :order_id AND (is_owed OR id IN (SELECT id FROM ended))
"""  # noqa: S608 - constants

OF_KEY = "SELECT id, status, amount_minor FROM refunds WHERE order_id = :order_id AND id = :id"
# What several refunds gave may have been booked as one, and more than was left as what was left.
OF_SOURCE = f"""
SELECT id, status, amount_minor FROM refunds
WHERE order_id = :order_id AND source = :source AND status = '{RefundStatus.DONE}'
ORDER BY amount_minor = :amount_minor DESC, amount_minor > :amount_minor DESC, created_at DESC LIMIT 1
"""  # noqa: S608 - constants
IS_A_SAGA = "SELECT EXISTS (SELECT FROM sagas WHERE id = :id)"
ADD_UNDOING = f"""
INSERT INTO refunds (id, order_id, status, amount_minor, source, reason, is_restocking)
VALUES (:id, :order_id, '{RefundStatus.PENDING}', :amount_minor, '{RefundSource.CANCELLATION}', :reason, false)
"""  # noqa: S608 - constants
SPLIT = f"""
WITH whole AS (
  UPDATE refunds SET amount_minor = amount_minor - :amount_minor, updated_at = clock_timestamp()
    WHERE id = :id RETURNING *
)
INSERT INTO refunds (id, order_id, status, amount_minor, source, reason, is_restocking, user_id)
SELECT :part_id, order_id, '{RefundStatus.DONE}', :amount_minor, source, reason, false, user_id FROM whole
"""  # noqa: S608 - constants
RECORD_RETURNED = f"""
UPDATE refunds SET status = '{RefundStatus.FAILED}', failure = :failure, times_back = times_back + 1,
  is_owed = :is_owed,
  updated_at = clock_timestamp() WHERE id = :id
"""  # noqa: S608 - constants
HAS_UNITS = "SELECT EXISTS (SELECT FROM refund_lines WHERE refund_id = :id)"
FAILURE = "SELECT failure FROM refunds WHERE id = :id"

RESUME_STUCK = f"""
WITH {RESUMED}, refund AS (
  UPDATE refunds SET status = '{RefundStatus.PENDING}', failure = NULL, is_owed = false, updated_at = clock_timestamp()
  FROM saga
  WHERE refunds.id = saga.id AND saga.kind = '{Kind.REFUND}' AND saga.step = '{Step.REFUND}'
    AND status = '{RefundStatus.FAILED}'
), shipment AS (
  UPDATE shipments SET status = '{ShipmentStatus.PENDING}'
  FROM saga WHERE shipments.id = saga.id AND saga.kind = '{Kind.SHIPMENT}' AND status = '{ShipmentStatus.REFUSED}'
)
SELECT kind || ' ' || step AS what, {NOTIFIED} FROM saga ORDER BY id
"""  # noqa: S608 - constants
ASK_AGAIN = f"""
WITH {ASKING_AGAIN}, refund AS (
  UPDATE refunds SET status = '{RefundStatus.PENDING}', failure = NULL, updated_at = clock_timestamp()
  FROM saga WHERE refunds.id = saga.id AND status = '{RefundStatus.FAILED}'
)
SELECT {NOTIFIED} FROM saga
"""  # noqa: S608 - constants
SETTLE = f"""
WITH {SETTLED}, refund AS (
  UPDATE refunds SET status = '{RefundStatus.PENDING}', failure = NULL, is_owed = false, paid_outside = :paid_outside,
    updated_at = clock_timestamp()
  FROM saga WHERE refunds.id = saga.id AND saga.kind = '{Kind.REFUND}'
)
SELECT {NOTIFIED} FROM saga
"""  # noqa: S608 - constants
