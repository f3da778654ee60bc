"""The life of a reservation: which step is allowed when."""

from enum import StrEnum

from shared.errors import FailedPrecondition


class ReservationState(StrEnum):
    """HELD is the only state that anything follows."""

    HELD = "HELD"
    COMMITTED = "COMMITTED"
    RELEASED = "RELEASED"
    EXPIRED = "EXPIRED"


class CommitOutcome(StrEnum):
    """What a commit finds."""

    TAKE = "TAKE"
    ALREADY_TAKEN = "ALREADY_TAKEN"
    EXPIRE = "EXPIRE"
    ALREADY_EXPIRED = "ALREADY_EXPIRED"


def commit_outcome(state: ReservationState, is_overdue: bool) -> CommitOutcome:
    """What a commit has to do.

    Raises:
        FailedPrecondition: when the reservation was released.
    """
    match state:
        case ReservationState.HELD:
            return CommitOutcome.EXPIRE if is_overdue else CommitOutcome.TAKE
        case ReservationState.COMMITTED:
            return CommitOutcome.ALREADY_TAKEN
        case ReservationState.EXPIRED:
            return CommitOutcome.ALREADY_EXPIRED
        case ReservationState.RELEASED:
            raise FailedPrecondition("The reservation was released; it can't be committed.", ("order_id",))


def must_give_back(state: ReservationState) -> bool:
    """Whether a release has pieces to give back.

    Raises:
        FailedPrecondition: when the pieces are sold.
    """
    if state is ReservationState.COMMITTED:
        raise FailedPrecondition("The reservation was committed; sold pieces can't be released.", ("order_id",))
    return state is ReservationState.HELD
