"""The life of a reservation: which step is allowed when."""

from enum import StrEnum

from shared.errors import FailedPrecondition, NotFound


class ReservationState(StrEnum):
    """HELD becomes any of the others; EXPIRED can still be committed, when the pieces are there, or released."""

    HELD = "HELD"
    COMMITTED = "COMMITTED"
    RELEASED = "RELEASED"
    EXPIRED = "EXPIRED"


class CommitStep(StrEnum):
    """What a commit has to do."""

    SELL_HELD = "SELL_HELD"
    TAKE_AGAIN = "TAKE_AGAIN"
    NOTHING = "NOTHING"


def commit_step(state: ReservationState) -> CommitStep:
    """What a commit has to do. A hold whose time is over, but whose pieces were not given back yet, is as good as any.

    Raises:
        FailedPrecondition: when the reservation was released.
    """
    match state:
        case ReservationState.HELD:
            return CommitStep.SELL_HELD
        case ReservationState.EXPIRED:
            return CommitStep.TAKE_AGAIN
        case ReservationState.COMMITTED:
            return CommitStep.NOTHING
        case ReservationState.RELEASED:
            raise FailedPrecondition("The reservation was released; it can't be committed.", ("order_id",))


def must_give_back(state: ReservationState) -> bool:
    """Whether a release has pieces to give back.

    Raises:
        FailedPrecondition: when the pieces are sold.
    """
    if state is ReservationState.COMMITTED:
        raise FailedPrecondition("The reservation was committed; sold pieces can't be released, only returned.", ("order_id",))
    return state is ReservationState.HELD


def require_sold(state: ReservationState) -> None:
    """Passes when there is something that can be returned.

    Raises:
        FailedPrecondition: when nothing was sold.
    """
    if state is not ReservationState.COMMITTED:
        raise FailedPrecondition(f"The reservation is {state}: nothing was sold, so nothing can be returned.", ("order_id",))


def is_at_its_end(state: ReservationState, returnable: int) -> bool:
    """Whether nothing is held, nor sold and not returned, so that another attempt at the order may take the reservation's place."""
    return state in (ReservationState.RELEASED, ReservationState.EXPIRED) or (
        state is ReservationState.COMMITTED and not returnable
    )


def require_same_attempt(current: int, attempt: int) -> None:
    """Passes for the attempt that a reservation is for.

    Raises:
        FailedPrecondition: for an earlier one, which is over.
        NotFound: for a later one, which has reserved nothing.
    """
    if attempt < current:
        raise FailedPrecondition(f"Attempt {attempt} at this order is over: attempt {current} has begun.", ("attempt",))
    if attempt > current:
        raise NotFound(f"Attempt {attempt} at this order has no reservation.", ("attempt",))
