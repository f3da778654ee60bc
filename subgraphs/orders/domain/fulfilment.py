"""The sagas of orders as tables: what is tried, and what follows from how it went.

Source of the pattern: Hector Garcia-Molina and Kenneth Salem, "Sagas", SIGMOD 1987; "pivot" as in Chris Richardson's
"Microservices Patterns", chapter 4.

The saga of an order goes forwards by RESERVE, AUTHORIZE (and AWAIT_ACTION, while the bank wants to hear from the
buyer), COMMIT and CAPTURE, and backwards by VOID, REFUND, RELEASE and RESTOCK. Backwards it asks for the lesser undoing
first: money that can't be let go any more was taken and is refunded, units that can't be released any more were sold
and are returned. So it need not know how far it came, not even when the answer to its last step was lost. Time runs out
only before COMMIT: once that was tried, only inventory can tell whether the units are sold. Whatever is rejected
forwards is undone; what is rejected when money is refunded or units are returned is STUCK: it requires intervention.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from subgraphs.orders.domain.cancellation import Cancellation
from subgraphs.orders.domain.order import PlacedOrder


class Kind(StrEnum):
    """What a saga brings to its end: an order (placed, or being cancelled), a refund, a shipment whose money is taken
    first.
    """

    ORDER = "ORDER"
    REFUND = "REFUND"
    SHIPMENT = "SHIPMENT"


class Step(StrEnum):
    """What is being tried, or how it ended. FAILED is a STUCK one that requires no intervention any more."""

    RESERVE = "RESERVE"
    AUTHORIZE = "AUTHORIZE"
    AWAIT_ACTION = "AWAIT_ACTION"
    COMMIT = "COMMIT"
    CAPTURE = "CAPTURE"
    VOID = "VOID"
    REFUND = "REFUND"
    RELEASE = "RELEASE"
    RESTOCK = "RESTOCK"
    CONFIRMED = "CONFIRMED"
    CANCELLED = "CANCELLED"
    DONE = "DONE"
    FAILED = "FAILED"
    STUCK = "STUCK"


class Outcome(StrEnum):
    """How a step went. A step whose outcome is unknown has none and is tried again."""

    DONE = "DONE"
    INSUFFICIENT_STOCK = "INSUFFICIENT_STOCK"
    DECLINED = "DECLINED"
    REQUIRES_ACTION = "REQUIRES_ACTION"
    EXPIRED = "EXPIRED"
    REJECTED = "REJECTED"
    TIMED_OUT = "TIMED_OUT"
    CANCEL_REQUESTED = "CANCEL_REQUESTED"


class CaptureTime(StrEnum):
    """When the money is taken: before an order is confirmed, or with its first shipment."""

    CONFIRMATION = "confirmation"
    SHIPMENT = "shipment"


@dataclass(frozen=True, slots=True)
class Times:
    """In seconds: how long a worker may be silent in a step, and a buyer has to authenticate or approve a payment."""

    lease_seconds: float
    action_deadline_seconds: float


@dataclass(frozen=True, slots=True)
class Settlement:
    """What the shop has paid a buyer outside of the payment provider, in the currency's minor unit, and how."""

    paid_minor: int
    paid_outside: str


@dataclass(frozen=True, slots=True)
class Saga:
    """A saga in the hands of a worker. ``fence`` tells this worker's turn from those of others before and after it.

    ``is_cancel_requested``: a person asked for its ``cancellation``. ``settlement``: what the shop has paid of what it
    is to refund.
    """

    id: UUID
    kind: Kind
    order: PlacedOrder
    step: Step
    attempts: int
    fence: int
    is_overdue: bool
    payment_method_id: str
    cancellation: Cancellation | None
    is_cancel_requested: bool
    trace: Mapping[str, str]
    settlement: Settlement | None = None


Transitions = Mapping[tuple[Step, Outcome], Step]

FIRST_STEPS: Mapping[Kind, Step] = {Kind.ORDER: Step.RESERVE, Kind.REFUND: Step.REFUND, Kind.SHIPMENT: Step.CAPTURE}
FINAL_STEPS = frozenset({Step.CONFIRMED, Step.CANCELLED, Step.DONE, Step.FAILED, Step.STUCK})
UNDOING_STEPS = frozenset(
    {Step.VOID, Step.REFUND, Step.RELEASE, Step.RESTOCK, Step.CANCELLED, Step.STUCK}
)  # of an order
STEPS_WITH_DEADLINE = frozenset({Step.RESERVE, Step.AUTHORIZE, Step.AWAIT_ACTION})

ORDER_TRANSITIONS: Transitions = {
    (Step.RESERVE, Outcome.DONE): Step.AUTHORIZE,
    (Step.RESERVE, Outcome.INSUFFICIENT_STOCK): Step.CANCELLED,
    (Step.RESERVE, Outcome.REJECTED): Step.RELEASE,
    (Step.RESERVE, Outcome.TIMED_OUT): Step.RELEASE,
    (Step.RESERVE, Outcome.CANCEL_REQUESTED): Step.RELEASE,
    (Step.AUTHORIZE, Outcome.DONE): Step.COMMIT,
    (Step.AUTHORIZE, Outcome.DECLINED): Step.RELEASE,
    (Step.AUTHORIZE, Outcome.REQUIRES_ACTION): Step.AWAIT_ACTION,
    (Step.AUTHORIZE, Outcome.REJECTED): Step.VOID,
    (Step.AUTHORIZE, Outcome.TIMED_OUT): Step.VOID,
    (Step.AUTHORIZE, Outcome.CANCEL_REQUESTED): Step.VOID,
    (Step.AWAIT_ACTION, Outcome.DONE): Step.COMMIT,
    (Step.AWAIT_ACTION, Outcome.REQUIRES_ACTION): Step.AWAIT_ACTION,
    # The buyer may still have the page of the bank open: the payment is closed too.
    (Step.AWAIT_ACTION, Outcome.DECLINED): Step.VOID,
    (Step.AWAIT_ACTION, Outcome.REJECTED): Step.VOID,
    (Step.AWAIT_ACTION, Outcome.TIMED_OUT): Step.VOID,
    (Step.AWAIT_ACTION, Outcome.CANCEL_REQUESTED): Step.VOID,
    (Step.COMMIT, Outcome.DONE): Step.CAPTURE,
    (Step.COMMIT, Outcome.EXPIRED): Step.VOID,
    (Step.COMMIT, Outcome.REJECTED): Step.VOID,
    (Step.COMMIT, Outcome.CANCEL_REQUESTED): Step.VOID,
    (Step.CAPTURE, Outcome.DONE): Step.CONFIRMED,
    (Step.CAPTURE, Outcome.DECLINED): Step.VOID,
    (Step.CAPTURE, Outcome.REJECTED): Step.VOID,
    (Step.CAPTURE, Outcome.CANCEL_REQUESTED): Step.VOID,
    (Step.VOID, Outcome.DONE): Step.RELEASE,
    (Step.VOID, Outcome.REJECTED): Step.REFUND,
    (Step.REFUND, Outcome.DONE): Step.RELEASE,
    (Step.REFUND, Outcome.REJECTED): Step.STUCK,
    (Step.RELEASE, Outcome.DONE): Step.CANCELLED,
    (Step.RELEASE, Outcome.REJECTED): Step.RESTOCK,
    (Step.RESTOCK, Outcome.DONE): Step.CANCELLED,
    (Step.RESTOCK, Outcome.REJECTED): Step.STUCK,
}

# Where the money is taken with the first shipment, an order is confirmed once its units are sold.
CAPTURED_LATER: Transitions = {**ORDER_TRANSITIONS, (Step.COMMIT, Outcome.DONE): Step.CONFIRMED}

REFUND_TRANSITIONS: Transitions = {
    (Step.REFUND, Outcome.DONE): Step.RESTOCK,
    (Step.REFUND, Outcome.REJECTED): Step.STUCK,
    (Step.RESTOCK, Outcome.DONE): Step.DONE,
    (Step.RESTOCK, Outcome.REJECTED): Step.STUCK,
}

SHIPMENT_TRANSITIONS: Transitions = {
    (Step.CAPTURE, Outcome.DONE): Step.DONE,
    (Step.CAPTURE, Outcome.DECLINED): Step.FAILED,  # for good: the same question has the same answer
    (Step.CAPTURE, Outcome.REJECTED): Step.STUCK,
}

# When a person asked to cancel an order meanwhile, it does not go on to the step on the left: it turns round to that on
# the right.
_TURNS: Mapping[Step, Step] = {
    Step.AUTHORIZE: Step.RELEASE,
    Step.AWAIT_ACTION: Step.VOID,
    Step.COMMIT: Step.VOID,
    Step.CAPTURE: Step.VOID,
    Step.CONFIRMED: Step.VOID,
    Step.CANCELLED: Step.RELEASE,  # it was about to end for a reason of its own; releasing once more does nothing
}


def turned(step: Step) -> Step:
    """Where a saga goes instead of a step when its order is to be cancelled."""
    return _TURNS.get(step, step)


def is_cancelled_at(saga: Saga) -> bool:
    """Whether a step is not tried any more because somebody asked to cancel the order."""
    return saga.is_cancel_requested and (saga.step, Outcome.CANCEL_REQUESTED) in ORDER_TRANSITIONS


def is_given_up(saga: Saga) -> bool:
    """Whether a step is not tried any more because the order's deadline has passed."""
    return saga.is_overdue and saga.step in STEPS_WITH_DEADLINE


_FIRST_PAUSE_SECONDS = 0.1
_LONGEST_PAUSE_SECONDS = 5.0
_FIRST_LOOK_SECONDS = 1.0
_LONGEST_LOOK_SECONDS = 15.0


def pause_before_retry(attempts: int, jitter: float) -> float:
    """Seconds until a step is tried again: doubling from a tenth of a second to five, half of it by ``jitter`` (0 to
    1).
    """
    return _doubling(_FIRST_PAUSE_SECONDS, attempts, _LONGEST_PAUSE_SECONDS) * (0.5 + jitter / 2)


def pause_before_look(attempts: int) -> float:
    """Seconds until it is asked again whether the buyer has acted: doubling from one to fifteen."""
    return _doubling(_FIRST_LOOK_SECONDS, attempts, _LONGEST_LOOK_SECONDS)


def _doubling(first: float, attempts: int, longest: float) -> float:
    pause: float = min(first * 2 ** min(max(attempts - 1, 0), 10), longest)
    return pause
