"""The saga of an order as a table: what is tried, and what follows from how it went.

Source of the pattern: Hector Garcia-Molina and Kenneth Salem, "Sagas", SIGMOD 1987; "pivot" as in Chris Richardson's
"Microservices Patterns", chapter 4.

Forwards: RESERVE, AUTHORIZE, COMMIT, CAPTURE. Backwards: VOID, RELEASE. COMMIT is the pivot. Until it is tried, an order that takes
too long is given up. Once it is tried, only inventory can tell whether the pieces are sold, so it is asked until it answers: giving
up would need its answer too. Once they are sold, the order can only be completed: the money is held, so taking it is retried for as
long as it takes. Should the provider refuse even that, or refuse to undo, no rule can mend it: the order is STUCK until a person
has looked at it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from subgraphs.orders.domain.cancellation import Cancellation
from subgraphs.orders.domain.order import PlacedOrder


class Step(StrEnum):
    """What is being tried, or how it ended."""

    RESERVE = "RESERVE"
    AUTHORIZE = "AUTHORIZE"
    COMMIT = "COMMIT"
    CAPTURE = "CAPTURE"
    VOID = "VOID"
    RELEASE = "RELEASE"
    CONFIRMED = "CONFIRMED"
    CANCELLED = "CANCELLED"
    STUCK = "STUCK"


class Outcome(StrEnum):
    """How a step went. A step whose outcome is unknown has none and is tried again."""

    DONE = "DONE"
    INSUFFICIENT_STOCK = "INSUFFICIENT_STOCK"
    DECLINED = "DECLINED"
    REQUIRES_ACTION = "REQUIRES_ACTION"
    EXPIRED = "EXPIRED"
    REFUSED = "REFUSED"
    TIMED_OUT = "TIMED_OUT"


@dataclass(frozen=True, slots=True)
class Fulfilment:
    """A saga in the hands of a worker. ``fence`` tells this worker's turn from those of others before and after it."""

    order: PlacedOrder
    step: Step
    attempts: int
    fence: int
    is_overdue: bool
    payment_method_id: str
    cancellation: Cancellation | None
    trace: Mapping[str, str]


FIRST_STEP = Step.RESERVE
FINAL_STEPS = frozenset({Step.CONFIRMED, Step.CANCELLED, Step.STUCK})
STEPS_WITH_DEADLINE = frozenset({Step.RESERVE, Step.AUTHORIZE})

TRANSITIONS: Mapping[tuple[Step, Outcome], Step] = {
    (Step.RESERVE, Outcome.DONE): Step.AUTHORIZE,
    (Step.RESERVE, Outcome.INSUFFICIENT_STOCK): Step.CANCELLED,
    (Step.RESERVE, Outcome.REFUSED): Step.RELEASE,
    (Step.RESERVE, Outcome.TIMED_OUT): Step.RELEASE,
    (Step.AUTHORIZE, Outcome.DONE): Step.COMMIT,
    (Step.AUTHORIZE, Outcome.DECLINED): Step.RELEASE,
    (Step.AUTHORIZE, Outcome.REQUIRES_ACTION): Step.VOID,
    (Step.AUTHORIZE, Outcome.REFUSED): Step.VOID,
    (Step.AUTHORIZE, Outcome.TIMED_OUT): Step.VOID,
    (Step.COMMIT, Outcome.DONE): Step.CAPTURE,
    (Step.COMMIT, Outcome.EXPIRED): Step.VOID,
    (Step.COMMIT, Outcome.REFUSED): Step.VOID,
    (Step.CAPTURE, Outcome.DONE): Step.CONFIRMED,
    (Step.CAPTURE, Outcome.DECLINED): Step.STUCK,
    (Step.CAPTURE, Outcome.REFUSED): Step.STUCK,
    (Step.VOID, Outcome.DONE): Step.RELEASE,
    (Step.VOID, Outcome.REFUSED): Step.STUCK,
    (Step.RELEASE, Outcome.DONE): Step.CANCELLED,
    (Step.RELEASE, Outcome.REFUSED): Step.STUCK,
}

_FIRST_PAUSE_SECONDS = 0.1
_LONGEST_PAUSE_SECONDS = 5.0


def next_step(step: Step, outcome: Outcome) -> Step:
    """What follows when a step went like this."""
    return TRANSITIONS[step, outcome]


def is_given_up(step: Step, is_overdue: bool) -> bool:
    """Whether a step is not tried any more because the order's deadline has passed."""
    return is_overdue and step in STEPS_WITH_DEADLINE


def pause_before_retry(attempts: int, luck: float) -> float:
    """Seconds until a step is tried again: doubling from a tenth of a second to five, half of it by ``luck`` (0 to 1)."""
    pause: float = min(_FIRST_PAUSE_SECONDS * 2 ** min(attempts - 1, 10), _LONGEST_PAUSE_SECONDS)
    return pause * (0.5 + luck / 2)
