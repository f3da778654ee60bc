"""The life of a payment: which status follows which, and which command is allowed when. Pure: no clock, no provider."""

from collections.abc import Mapping
from enum import StrEnum

from shared.errors import FailedPrecondition
from subgraphs.payments.domain.ledger import MovementKind


class PaymentStatus(StrEnum):
    """What has become of a payment; ``schema/payments.graphql`` says what each one means."""

    PENDING = "PENDING"
    REQUIRES_ACTION = "REQUIRES_ACTION"
    AUTHORIZED = "AUTHORIZED"
    DECLINED = "DECLINED"
    CAPTURED = "CAPTURED"
    VOIDED = "VOIDED"
    REFUNDED = "REFUNDED"


# What may follow what. There is no way back: whatever is learned late or twice changes nothing.
TRANSITIONS: Mapping[PaymentStatus, tuple[PaymentStatus, ...]] = {
    PaymentStatus.PENDING: (
        PaymentStatus.REQUIRES_ACTION,
        PaymentStatus.AUTHORIZED,
        PaymentStatus.DECLINED,
        PaymentStatus.VOIDED,
    ),
    PaymentStatus.REQUIRES_ACTION: (PaymentStatus.AUTHORIZED, PaymentStatus.DECLINED, PaymentStatus.VOIDED),
    PaymentStatus.AUTHORIZED: (PaymentStatus.CAPTURED, PaymentStatus.VOIDED),
    PaymentStatus.CAPTURED: (PaymentStatus.REFUNDED,),
    PaymentStatus.DECLINED: (),
    PaymentStatus.VOIDED: (),
    PaymentStatus.REFUNDED: (),
}

_CONTRADICTIONS = {
    (PaymentStatus.DECLINED, PaymentStatus.AUTHORIZED),
    (PaymentStatus.DECLINED, PaymentStatus.CAPTURED),
    (PaymentStatus.VOIDED, PaymentStatus.CAPTURED),
}


def path(current: PaymentStatus, target: PaymentStatus) -> tuple[PaymentStatus, ...]:
    """The fewest moves from one status to another; none when the payment is there already, is beyond it or can't get there."""
    paths: list[tuple[PaymentStatus, ...]] = [(step,) for step in TRANSITIONS[current]]
    for steps in paths:  # grows behind the loop: all paths of one length come before the longer ones
        if steps[-1] is target:
            return steps
        paths.extend((*steps, step) for step in TRANSITIONS[steps[-1]])
    return ()


def movement(previous: PaymentStatus, following: PaymentStatus) -> MovementKind | None:
    """Which money a move of the status moves, if any: voiding what was never held moves none."""
    match following:
        case PaymentStatus.AUTHORIZED:
            return MovementKind.AUTHORIZATION
        case PaymentStatus.CAPTURED:
            return MovementKind.CAPTURE
        case PaymentStatus.VOIDED if previous is PaymentStatus.AUTHORIZED:
            return MovementKind.VOID
    return None


def contradicts(current: PaymentStatus, observed: PaymentStatus) -> bool:
    """Whether the provider holds or took money for a payment that is over: lateness can't explain that, a person must look."""
    return (current, observed) in _CONTRADICTIONS


def is_open(status: PaymentStatus) -> bool:
    """Whether the provider's word on the authorization is still to come."""
    return status in (PaymentStatus.PENDING, PaymentStatus.REQUIRES_ACTION)


def must_capture(status: PaymentStatus) -> bool:
    """Whether there is a held amount to take; False when it was taken before.

    Raises:
        FailedPrecondition: when nothing is held.
    """
    if status in (PaymentStatus.CAPTURED, PaymentStatus.REFUNDED):
        return False
    if status is not PaymentStatus.AUTHORIZED:
        raise FailedPrecondition(f"The payment is {status}; only an authorized one can be captured.", ("order_id",))
    return True


def must_void(status: PaymentStatus) -> bool:
    """Whether there is, or may be, something to let go.

    Raises:
        FailedPrecondition: when the money was taken.
    """
    if status is PaymentStatus.CAPTURED:
        raise FailedPrecondition("The payment was captured; it can't be voided, refund it.", ("order_id",))
    return is_open(status) or status is PaymentStatus.AUTHORIZED


def require_refundable(status: PaymentStatus, amount_minor: int, refundable_minor: int) -> None:
    """Lets pass what was captured and not given back yet.

    Raises:
        FailedPrecondition: when nothing was captured, or less than ``amount_minor`` is left of it.
    """
    if status not in (PaymentStatus.CAPTURED, PaymentStatus.REFUNDED):
        raise FailedPrecondition(f"The payment is {status}; only a captured one can be refunded.", ("order_id",))
    if amount_minor > refundable_minor:
        raise FailedPrecondition(f"Only {refundable_minor} of the captured amount can still be refunded.", ("amount_minor",))
