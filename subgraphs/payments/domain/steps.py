"""Which step is allowed in which status of a payment."""

from shared.money import Money
from subgraphs.payments.domain.rejections import (
    AlreadyCaptured,
    NothingCaptured,
    NothingHeld,
    StillHeld,
    TooMuchToRefund,
)
from subgraphs.payments.domain.status import PaymentStatus, may_be_held

_TAKEN = (PaymentStatus.CAPTURED, PaymentStatus.REFUNDED)


def must_capture(status: PaymentStatus) -> bool:
    """Whether there is a held amount to take; False when it was taken before. Raises NothingHeld."""
    if status in _TAKEN:
        return False
    if status is not PaymentStatus.AUTHORIZED:
        raise NothingHeld(status)
    return True


def must_void(status: PaymentStatus) -> bool:
    """Whether there is, or may be, something to let go. Raises AlreadyCaptured."""
    if status is PaymentStatus.CAPTURED:
        raise AlreadyCaptured
    return may_be_held(status)


def require_not_held(status: PaymentStatus) -> None:
    """Passes when nothing is held, nor may yet be. Raises StillHeld."""
    if may_be_held(status):
        raise StillHeld(status)


def require_taken(status: PaymentStatus) -> None:
    """Passes when the money was captured, whatever is left of it. Raises NothingCaptured."""
    if status not in _TAKEN:
        raise NothingCaptured(status)


def require_refundable(status: PaymentStatus, amount_minor: int, left: Money) -> None:
    """Passes what was captured, not refunded yet and not taken back by the buyer's bank.

    Raises:
        NothingCaptured, TooMuchToRefund
    """
    require_taken(status)
    if amount_minor > left.minor:
        raise TooMuchToRefund(left)
