"""The statements on sagas, which nothing else writes. Those of other repositories that change sagas along do it by
these queries.

Leases, pauses and deadlines are by the database's clock alone. A worker's write counts only while the saga's fence is
the one that the worker was given: one that stalled, and whose saga was taken over, writes nothing when it wakes up.
"""

from subgraphs.orders.domain.fulfilment import FIRST_STEPS, Kind, Step
from subgraphs.orders.domain.order import Actor

CHANNEL = "fulfilments"  # workers LISTEN on it
NOTIFIED = f"pg_notify('{CHANNEL}', '')"

CLAIM_DUE = """
WITH due AS (
  SELECT id FROM sagas WHERE due_at <= now() ORDER BY due_at LIMIT :limit FOR UPDATE SKIP LOCKED
), saga AS (
  UPDATE sagas SET fence = fence + 1, attempts = attempts + 1, leased_by = :worker,
    due_at = clock_timestamp() + make_interval(secs => :lease_seconds), updated_at = clock_timestamp()
  FROM due WHERE sagas.id = due.id RETURNING sagas.*
)
SELECT saga.*, coalesce(saga.deadline_at <= clock_timestamp(), false) AS is_overdue,
  placed.attempt, placed.number, placed.customer_id, placed.guest_id, placed.token_expires_at, placed.email,
  placed.currency, placed.total_minor,
  (SELECT json_agg(line ORDER BY position) FROM order_lines AS line WHERE line.order_id = saga.order_id) AS lines
FROM saga JOIN orders AS placed ON placed.id = saga.order_id
"""

_AS_IT_GOES_ON = """
step, sagas.cancellation, is_cancel_requested, paid_minor, paid_outside,
    coalesce(deadline_at <= clock_timestamp(), false) AS is_overdue
"""

# Where a person asked to cancel the order meanwhile, it turns round here.
ADVANCE = f"""
UPDATE sagas SET step = CASE WHEN is_cancel_requested THEN :turned ELSE :step END, attempts = 1,
  cancellation = coalesce(cancellation, :cancellation), last_error = NULL,
  due_at = clock_timestamp() + make_interval(secs => :lease_seconds), updated_at = clock_timestamp()
WHERE id = :id AND fence = :fence RETURNING {_AS_IT_GOES_ON}
"""  # noqa: S608 - constants

POSTPONE = """
UPDATE sagas SET due_at = clock_timestamp() + make_interval(secs => :pause_seconds), leased_by = NULL,
  last_error = coalesce(:error, last_error), updated_at = clock_timestamp()
WHERE id = :id AND fence = :fence
"""

FINISH = """
UPDATE sagas SET step = :step, due_at = NULL, leased_by = NULL, last_error = NULL, updated_at = clock_timestamp()
WHERE id = :id AND fence = :fence
"""

PARK = """
UPDATE sagas SET step = :step, stuck_step = step, due_at = NULL, leased_by = NULL, last_error = :error,
  updated_at = clock_timestamp()
WHERE id = :id AND fence = :fence
"""


def _start(of_one_that_is_there: str) -> str:
    return f"""
WITH saga AS (
  INSERT INTO sagas (id, order_id, kind, step, trace) VALUES (:id, :order_id, :kind, :step, :trace)
  ON CONFLICT (id) DO UPDATE SET step = excluded.step, stuck_step = NULL, attempts = 0, due_at = clock_timestamp(),
    updated_at = clock_timestamp(){of_one_that_is_there}
)
SELECT {NOTIFIED}
"""  # noqa: S608 - constants


START = _start(" WHERE sagas.due_at IS NULL")
RESTART = _start(", leased_by = NULL, fence = sagas.fence + 1")  # whoever still works on what it was at is fenced

# One that is settling its units does that first.
LEAVE_OWED = f"""
INSERT INTO sagas AS known (id, order_id, kind, step, stuck_step, last_error, due_at, trace)
VALUES (:id, :order_id, '{Kind.REFUND}', '{Step.STUCK}', '{Step.REFUND}', :error, NULL, :trace)
ON CONFLICT (id) DO UPDATE SET step = excluded.step, stuck_step = excluded.stuck_step, last_error = excluded.last_error,
  attempts = 0, due_at = NULL, leased_by = NULL, fence = known.fence + 1, updated_at = clock_timestamp()
WHERE known.step <> '{Step.RESTOCK}' AND known.stuck_step IS DISTINCT FROM '{Step.RESTOCK}'
"""  # noqa: S608 - constants

WAKE = f"""
WITH woken AS (
  UPDATE sagas SET due_at = clock_timestamp(), attempts = 0
  WHERE id = :order_id AND step = '{Step.AWAIT_ACTION}' AND leased_by IS NULL AND due_at IS NOT NULL RETURNING id
)
SELECT {NOTIFIED} FROM woken
"""  # noqa: S608 - constants

IS_OPEN = "SELECT EXISTS (SELECT FROM sagas WHERE id = :id AND due_at IS NOT NULL)"

# Nothing is left to refund: what was stuck because that was rejected goes on by itself.
RESUME_WITHOUT_MONEY = f"""
WITH saga AS (
  UPDATE sagas SET step = '{Step.VOID}', stuck_step = NULL, attempts = 0, due_at = clock_timestamp(),
    updated_at = clock_timestamp()
  WHERE id = :order_id AND step = '{Step.STUCK}' AND stuck_step = '{Step.REFUND}' RETURNING id
)
SELECT {NOTIFIED} FROM saga
"""  # noqa: S608 - constants

# ---- Queries of a WITH, for statements of others.

# Of an order that is being placed: the query ``placed`` has its id and when that was.
STARTED = f"""
saga AS (
  INSERT INTO sagas (id, order_id, kind, step, deadline_at, payment_method_id, trace)
  SELECT id, id, '{Kind.ORDER}', '{FIRST_STEPS[Kind.ORDER]}', placed_at + make_interval(secs => :deadline_seconds),
    :payment_method_id, :trace FROM placed
)
"""  # noqa: S608 - constants

# Of an order that is tried once more, the query ``placed``: what its earlier attempt was at is over.
STARTED_ANEW = f"""
saga AS (
  UPDATE sagas SET step = '{FIRST_STEPS[Kind.ORDER]}', stuck_step = NULL, attempts = 0, fence = fence + 1,
    due_at = clock_timestamp(), leased_by = NULL,
    deadline_at = clock_timestamp() + make_interval(secs => :deadline_seconds),
    payment_method_id = :payment_method_id, cancellation = NULL, is_cancel_requested = false, last_error = NULL,
      trace = :trace,
    updated_at = clock_timestamp()
  FROM placed WHERE sagas.id = placed.id
)
"""  # noqa: S608 - constants

# The worker decided by what it knew: had somebody asked to cancel the order since, nothing is written. ``current`` is
# the order.
TRANSITIONED = f"""
saga AS (
  UPDATE sagas SET step = :step, attempts = 1, last_error = NULL, cancellation = coalesce(sagas.cancellation,
    :cancellation),
    due_at = clock_timestamp() + make_interval(secs => :due_seconds), leased_by = CASE WHEN :keeps_lease
      THEN leased_by END,
    deadline_at = coalesce(clock_timestamp() + make_interval(secs => :deadline_seconds), deadline_at),
    updated_at = clock_timestamp()
  FROM current
  WHERE sagas.id = :saga_id AND fence = :fence AND is_cancel_requested = :is_cancel_requested
    AND current.status = ANY(:statuses_before::text[])
  RETURNING sagas.{_AS_IT_GOES_ON.lstrip()}
)
"""  # noqa: S608 - constants
IS_DECISIVE = "SELECT fence = :fence AND is_cancel_requested = :is_cancel_requested FROM sagas WHERE id = :saga_id"

# A worker that has the saga finds the request at its next record, one that takes it up finds it before it tries
# anything. A confirmed order's saga has ended and is taken up again; a STUCK one requires intervention.
TURNED = f"""
saga AS (
  UPDATE sagas SET is_cancel_requested = true,
    cancellation = CASE WHEN :actor::text = '{Actor.SHOP}' THEN coalesce(cancellation, :cancellation)
      ELSE :cancellation END,
    step = CASE step WHEN '{Step.CONFIRMED}' THEN '{Step.VOID}' ELSE step END,
    attempts = CASE WHEN leased_by IS NULL THEN 0 ELSE attempts END,
    due_at = CASE WHEN step = '{Step.STUCK}' OR leased_by IS NOT NULL THEN due_at ELSE clock_timestamp() END,
    updated_at = clock_timestamp()
  WHERE id = :order_id RETURNING cancellation
)
"""  # noqa: S608 - constants

# An order that could not refund its money asks to let it go first: the provider that is back may only hold it.
RESUMED = f"""
saga AS (
  UPDATE sagas SET step = CASE WHEN kind = '{Kind.ORDER}' AND stuck_step = '{Step.REFUND}' THEN '{Step.VOID}'
    ELSE stuck_step END,
    stuck_step = NULL, attempts = 0, due_at = clock_timestamp(), updated_at = clock_timestamp()
  WHERE order_id = :order_id AND step = '{Step.STUCK}' RETURNING id, kind, step
)
"""  # noqa: S608 - constants

# What asks the provider for money just now may hear a rejection that is old news by then: its worker is fenced, and it
# asks again. What came back from the buyer's bank is left to a person, who may have paid the buyer another way.
ASKING_AGAIN = f"""
saga AS (
  UPDATE sagas SET stuck_step = NULL, attempts = 0, leased_by = NULL, fence = fence + 1, due_at = clock_timestamp(),
    step = CASE WHEN kind = '{Kind.ORDER}' AND step = '{Step.STUCK}' THEN '{Step.VOID}' ELSE '{Step.REFUND}' END,
    updated_at = clock_timestamp()
  WHERE order_id = :order_id AND (step = '{Step.REFUND}' OR step = '{Step.STUCK}' AND stuck_step = '{Step.REFUND}')
    AND NOT EXISTS (SELECT FROM refunds WHERE refunds.id = sagas.id AND is_owed) RETURNING id
)
"""  # noqa: S608 - constants

_REJECTED = f"step = '{Step.STUCK}' AND stuck_step = '{Step.REFUND}'"

# What refunds all that is left is in the place of the others. One of which nothing was taken, as far as is known, asks
# to let go what is held first: the provider may be back.
SETTLED = f"""
rejected AS (
  SELECT sagas.id, refunds.amount_minor FROM sagas LEFT JOIN refunds ON refunds.id = sagas.id
  WHERE sagas.order_id = :order_id AND ({_REJECTED} OR sagas.id = ANY(:instead::uuid[]))
), saga AS (
  UPDATE sagas SET step = CASE WHEN kind = '{Kind.ORDER}' AND :paid_minor = 0 THEN '{Step.VOID}'
    ELSE '{Step.REFUND}' END,
    stuck_step = NULL, attempts = 0, paid_minor = coalesce(rejected.amount_minor, :paid_minor),
      paid_outside = :paid_outside,
    due_at = clock_timestamp(), updated_at = clock_timestamp()
  FROM rejected WHERE sagas.id = rejected.id
    AND (rejected.amount_minor IS NULL OR NOT EXISTS (SELECT FROM rejected AS rest WHERE rest.amount_minor IS NULL))
  RETURNING sagas.id, kind
)
"""  # noqa: S608 - constants

REJECTED_REFUND = (
    f"kind = '{Kind.REFUND}' AND {_REJECTED}"  # it refunded nothing; one at RESTOCK did, and has units to return
)
OPEN_OR_REJECTED_REFUND = f"kind = '{Kind.REFUND}' AND (step = '{Step.REFUND}' OR {_REJECTED})"


def ended(goes_on: str) -> str:
    """Ends refunds' sagas, which may have a last thing to do: those that ``goes_on`` is true of. A worker that has one
    is fenced.
    """
    return f"""
UPDATE sagas SET step = CASE WHEN {goes_on} THEN '{Step.RESTOCK}' ELSE '{Step.FAILED}' END, stuck_step = NULL,
  attempts = 0,
  due_at = CASE WHEN {goes_on} THEN clock_timestamp() END, leased_by = NULL, fence = fence + 1,
    updated_at = clock_timestamp()
"""  # noqa: S608 - constants


END_STUCK_SHIPMENT = f"""
UPDATE sagas SET step = '{Step.FAILED}', updated_at = clock_timestamp()
WHERE order_id = :order_id AND kind = '{Kind.SHIPMENT}' AND step = '{Step.STUCK}'
"""  # noqa: S608 - constants
ENDED_SHIPMENT = f"""
ended AS (
  UPDATE sagas SET step = '{Step.FAILED}', due_at = NULL, leased_by = NULL, fence = fence + 1,
    updated_at = clock_timestamp()
  WHERE order_id = :order_id AND kind = '{Kind.SHIPMENT}' AND step IN ('{Step.CAPTURE}', '{Step.STUCK}') RETURNING id
)
"""  # noqa: S608 - constants
