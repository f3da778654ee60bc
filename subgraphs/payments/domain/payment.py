"""The life of a payment: which status follows which, and which command is allowed when. Pure: no clock, no provider."""

from collections.abc import Mapping
from enum import StrEnum

from shared.errors import FailedPrecondition
from shared.money import Money


class PaymentStatus(StrEnum):
    """What has become of a payment; ``schema/payments.graphql`` says what each one means."""

    PENDING = "PENDING"
    REQUIRES_ACTION = "REQUIRES_ACTION"
    AUTHORIZED = "AUTHORIZED"
    DECLINED = "DECLINED"
    CAPTURED = "CAPTURED"
    VOIDED = "VOIDED"
    REFUNDED = "REFUNDED"


# What may follow what as the provider tells it. There is no way back: whatever is learned late or twice changes nothing. Besides,
# any payment whose money was taken and wholly given back, by whomever, is REFUNDED, until a refund of it fails.
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

_OVER_WITHOUT_MONEY = (PaymentStatus.DECLINED, PaymentStatus.VOIDED)
_WITH_MONEY = (PaymentStatus.AUTHORIZED, PaymentStatus.CAPTURED, PaymentStatus.REFUNDED)


def path(current: PaymentStatus, target: PaymentStatus) -> tuple[PaymentStatus, ...]:
    """The fewest moves from one status to another; none when the payment is there already, is beyond it or can't get there."""
    paths: list[tuple[PaymentStatus, ...]] = [(step,) for step in TRANSITIONS[current]]
    for steps in paths:  # grows behind the loop: all paths of one length come before the longer ones
        if steps[-1] is target:
            return steps
        paths.extend((*steps, step) for step in TRANSITIONS[steps[-1]])
    return ()


def is_doubtful(current: PaymentStatus, observed: PaymentStatus) -> bool:
    """Whether the provider is said to have money of a payment that is over here: lateness may explain that, or not."""
    return is_over_without_money(current) and observed in _WITH_MONEY


def is_over_without_money(status: PaymentStatus) -> bool:
    """Whether the payment came to nothing, so that the provider must have no money of it."""
    return status in _OVER_WITHOUT_MONEY


def is_open(status: PaymentStatus) -> bool:
    """Whether the provider's word on the authorization is still to come."""
    return status in (PaymentStatus.PENDING, PaymentStatus.REQUIRES_ACTION)


def may_be_held(status: PaymentStatus) -> bool:
    """Whether an amount is held, or may yet be."""
    return is_open(status) or status is PaymentStatus.AUTHORIZED


def needs_provider(status: PaymentStatus) -> bool:
    """Whether the provider has, or may have, money of the payment that is not back at the buyer."""
    return may_be_held(status) or status is PaymentStatus.CAPTURED


def attention(
    status: PaymentStatus, provider: str, is_configured: bool, has_money: bool, is_disputed: bool
) -> str | None:
    """What a person has to look at, with the way out; None when nothing is wrong. ``is_disputed``: a bank has yet to decide."""
    if not is_configured and is_disputed:
        return (
            f"Its provider {provider} is not configured here, and the buyer's bank has yet to decide a dispute of it, which is not"
            " seen. Configure the provider again; or say what the bank has decided, as it told the shop, by"
            " `python -m subgraphs.payments decide-dispute`, with the id of the dispute."
        )
    if not is_configured and (needs_provider(status) or has_money):
        return (
            f"Its provider {provider} is not configured here: what becomes of its money there is not seen, and it can't be taken,"
            " let go or given back. Configure the provider again, then orderRetry if the order waits for it; or, where the order"
            " owes it to its buyer, pay it another way, such as by a bank transfer, and then call orderSettle."
        )
    if is_over_without_money(status) and has_money:
        return (
            f"{provider} has money of it though it is {status}: it goes back by itself, a moment after. Where it stays, the"
            " provider refuses, or the buyer's bank has sent it back twice: give it back on the provider's own page, which is"
            " noticed here; or pay the buyer another way, and then say so by `python -m subgraphs.payments settle-late`."
        )
    return None


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
    return may_be_held(status)


def require_captured(status: PaymentStatus) -> None:
    """Lets pass a payment of which nothing is held, or may yet be.

    Raises:
        FailedPrecondition: while the money is held or may yet be.
    """
    if may_be_held(status):
        message = (
            f"The payment is {status}: nothing was taken that could be given back, and the provider did not let go what is held;"
            " its log and its own page have the reason."
        )
        raise FailedPrecondition(message, ("order_id",))


def require_taken(status: PaymentStatus) -> None:
    """Lets pass a payment whose money was captured, whatever is left of it.

    Raises:
        FailedPrecondition: when nothing was captured.
    """
    if status not in (PaymentStatus.CAPTURED, PaymentStatus.REFUNDED):
        raise FailedPrecondition(f"The payment is {status}; only a captured one can be refunded.", ("order_id",))


def require_refundable(status: PaymentStatus, amount_minor: int, left: Money) -> None:
    """Lets pass what was captured, not given back yet and not taken back by the buyer's bank.

    Raises:
        FailedPrecondition: when nothing was captured, or less than ``amount_minor`` is left of it.
    """
    require_taken(status)
    if amount_minor > left.minor:
        message = f"Only {left.amount} {left.currency} of the captured amount can still be refunded."
        raise FailedPrecondition(message, ("amount_minor",))
