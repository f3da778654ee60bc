"""What payments rejects, with the facts of it. How each looks on the wire is told by the entrypoints.

Nothing was moved by what is rejected; what the provider told on the way there is booked all the same.
"""

from dataclasses import dataclass
from uuid import UUID

from shared.errors import Rejection
from shared.money import Money
from subgraphs.payments.domain.status import PaymentStatus


@dataclass(eq=False)
class PaymentNotFound(Rejection):
    """This attempt at the order has no payment."""

    order_id: UUID
    order_attempt: int


@dataclass(eq=False)
class AttemptOver(Rejection):
    """A later attempt at the order has begun."""

    order_attempt: int


@dataclass(eq=False)
class PaymentVoided(Rejection):
    """What was voided can't be authorized any more."""


@dataclass(eq=False)
class PaymentExists(Rejection):
    """This attempt at the order has a payment, which another key began."""


@dataclass(eq=False)
class NothingHeld(Rejection):
    """Nothing is held that could be captured."""

    status: PaymentStatus


@dataclass(eq=False)
class AlreadyCaptured(Rejection):
    """What was captured can't be voided, only refunded."""


@dataclass(eq=False)
class StillHeld(Rejection):
    """Nothing was captured, and what is held, or may yet be, was not let go."""

    status: PaymentStatus


@dataclass(eq=False)
class NothingCaptured(Rejection):
    """Nothing was captured that could be refunded."""

    status: PaymentStatus


@dataclass(eq=False)
class TooMuchToRefund(Rejection):
    """Less is ``left`` of the captured amount than is to be refunded."""

    left: Money


@dataclass(eq=False)
class KeyOfOtherAmount(Rejection):
    """The idempotency key came with another amount before."""


@dataclass(eq=False)
class KeyOfAmount(Rejection):
    """The idempotency key of a refund of all that is left came with an amount before."""


@dataclass(eq=False)
class TooMuchPaidOutside(Rejection):
    """More was ``paid`` than can be booked so:
    no more than ``most``, which is what was captured less what is booked already.
    """

    paid: Money
    most: Money


@dataclass(eq=False)
class MoreIsLeft(Rejection):
    """Less was ``paid`` than is ``left``."""

    paid: Money
    left: Money


@dataclass(eq=False)
class NothingToRepay(Rejection):
    """Something was ``paid`` back of a payment of which nothing was taken."""

    paid: Money


@dataclass(eq=False)
class ProviderMissing(Rejection):
    """A payment's provider is not configured any more: nobody can tell or change what becomes of its money."""

    provider: str


@dataclass(eq=False)
class CaptureRejected(Rejection):
    """The provider won't take the amount, which is still held; ``word`` is its reason."""

    word: str


@dataclass(eq=False)
class VoidRejected(Rejection):
    """The provider won't let go the amount, which is still held."""


@dataclass(eq=False)
class RefundRejected(Rejection):
    """The provider won't give the amount back; ``word`` is its reason."""

    word: str


class Mismatch(Rejection):
    """The provider tells of other money than the payment's: nothing is applied, a person must look."""


@dataclass(eq=False)
class AmountMismatch(Mismatch):
    """The provider tells another amount or currency than the payment has."""

    provider: str
    theirs: Money
    ours: Money


@dataclass(eq=False)
class DisputeMismatch(Mismatch):
    """The provider tells of a dispute about something else than was taken."""

    reference: str


@dataclass(eq=False)
class DisputeNotFound(Rejection):
    """There is no such dispute."""

    dispute_id: UUID


@dataclass(eq=False)
class ProviderDecides(Rejection):
    """The provider is configured, and tells by itself what a bank has decided."""

    provider: str


@dataclass(eq=False)
class PaymentNotOver(Rejection):
    """The payment has not come to nothing."""

    status: PaymentStatus


@dataclass(eq=False)
class NothingLeft(Rejection):
    """Nothing is left to be paid of a payment that came to nothing."""

    status: PaymentStatus


@dataclass(eq=False)
class DisputeOpen(Rejection):
    """The buyer's bank disputes the payment, and may give its money back."""


@dataclass(eq=False)
class RefundUnderWay(Rejection):
    """A refund of the payment is under way at the provider."""


@dataclass(eq=False)
class MethodNotFound(Rejection):
    """The user keeps no such card."""


@dataclass(eq=False)
class MethodDeclined(Rejection):
    """The provider or the bank does not take the card; ``reason`` is a sentence for the buyer."""

    reason: str


@dataclass(eq=False)
class TooManyMethods(Rejection):
    """The user keeps ``most`` cards, as many as can be."""

    most: int
