"""Steps of sagas, tried with other subgraphs."""

from collections.abc import Awaitable
from dataclasses import dataclass

from shared.errors import BadUserInput, Conflict, FailedPrecondition, LimitExceeded, NotFound
from subgraphs.orders.domain.cancellation import Cancellation, timed_out
from subgraphs.orders.domain.fulfilment import Outcome, Saga

# The other side understood and said no; the same question gets the same answer. Whatever else it raises may pass.
REJECTIONS = (BadUserInput, Conflict, FailedPrecondition, LimitExceeded, NotFound)


@dataclass(frozen=True, slots=True)
class Attempt:
    """How a step went; ``cancellation`` when it is the reason for undoing the order, ``error`` for a person who has to
    look.

    ``given_minor`` is what was refunded, where only payments knows how much remained.
    """

    outcome: Outcome
    cancellation: Cancellation | None = None
    error: str | None = None
    given_minor: int = 0

    @property
    def why(self) -> str:
        """What a person reads of it."""
        return self.error or str(self.outcome)


DONE = Attempt(Outcome.DONE)


async def unless_rejected(saga: Saga, effect: Awaitable[Attempt]) -> Attempt:
    """The attempt, or that the other side rejected it for good.

    Raises:
        ServiceError: when the outcome is unknown.
    """
    try:
        return await effect
    except REJECTIONS as rejection:
        return Attempt(Outcome.REJECTED, timed_out(), f"{saga.step} was refused: {rejection.message}")
