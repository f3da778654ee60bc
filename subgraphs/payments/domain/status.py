"""The life of a payment: which status follows which."""

from collections.abc import Mapping
from enum import StrEnum


class PaymentStatus(StrEnum):
    """What has become of a payment; ``schema/payments.graphql`` says what each one means."""

    PENDING = "PENDING"
    REQUIRES_ACTION = "REQUIRES_ACTION"
    AUTHORIZED = "AUTHORIZED"
    DECLINED = "DECLINED"
    CAPTURED = "CAPTURED"
    VOIDED = "VOIDED"
    REFUNDED = "REFUNDED"


# What may follow what as the provider tells it. There is no way back: whatever is learned late or
# twice changes nothing. Besides, any payment whose money was taken and wholly refunded, by
# whomever, is REFUNDED, until a refund of it fails.
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
    """The fewest moves from one status to another;
    none when the payment is there already, is beyond it or can't get there.
    """
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
