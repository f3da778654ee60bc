"""What is under way or stuck with an order, and what that allows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from shared.errors import UserError, UserErrors
from shared.money import Money
from subgraphs.orders.domain.errors import OrderErrorCode, invalid, wrong_status
from subgraphs.orders.domain.fulfilment import Kind, Step
from subgraphs.orders.domain.order import OrderStatus, statuses_before
from subgraphs.orders.domain.refund import Refundable


@dataclass(frozen=True, slots=True)
class Undertaking:
    """A saga of an order. ``is_open``: a worker has it, or will; ``stuck_step``: where one stopped that waits for a person.

    ``amount_minor`` is what a refund gives back; None of one that gives back whatever is left.
    """

    kind: Kind
    step: Step
    stuck_step: Step | None
    is_open: bool
    amount_minor: int | None = None

    @property
    def is_stuck(self) -> bool:
        """Whether it waits for a person."""
        return self.step is Step.STUCK

    @property
    def is_refused_refund(self) -> bool:
        """Whether it is a refund whose money the provider did not give back."""
        return self.kind is Kind.REFUND and self.owes_money

    @property
    def owes_money(self) -> bool:
        """Whether it stopped since the provider did not give money back."""
        return self.is_stuck and self.stuck_step is Step.REFUND

    @property
    def owes_the_rest(self) -> bool:
        """Whether it stopped so, and was to give back whatever is left, as a cancellation does."""
        return self.owes_money and self.amount_minor is None


def check_cancellable(status: OrderStatus, undertakings: Sequence[Undertaking]) -> None:
    """Makes sure that an order can be cancelled now.

    Raises:
        UserErrors: naming the status and the way out.
    """
    if status not in statuses_before(OrderStatus.CANCELLING):
        raise UserErrors(wrong_status(_no_cancellation_of(status), "orderId"))
    if _has_open(undertakings, Kind.REFUND):
        message = f"The order is {status} and a refund of it is under way; cancel it when the refund is DONE or FAILED."
        raise UserErrors(wrong_status(message, "orderId"))
    if _has_open(undertakings, Kind.SHIPMENT):
        message = f"The order is {status} and a parcel of it is about to leave; ask for a refund when it has."
        raise UserErrors(wrong_status(message, "orderId"))


def check_retryable(status: OrderStatus, undertakings: Iterable[Undertaking], order: Refundable) -> None:
    """Makes sure that something of an order waits for a person, and not for the buyer's bank alone.

    Raises:
        UserErrors: when nothing does.
    """
    stuck = [undertaking for undertaking in undertakings if undertaking.is_stuck]
    if not stuck:
        message = f"The order is {status} and nothing of it needs a person; there is nothing to retry."
        raise UserErrors(wrong_status(message, "orderId"))
    if order.is_with_the_bank and all(undertaking.is_refused_refund for undertaking in stuck):
        message = f"The order is {status} and its refund waits for the buyer's bank; it goes on by itself when that has decided."
        raise UserErrors(wrong_status(message, "orderId"))


def check_settleable(status: OrderStatus, undertakings: Iterable[Undertaking], order: Refundable) -> None:
    """Makes sure that an order owes its buyer money that the provider did not give back.

    Raises:
        UserErrors: when it does not, or when the buyer's bank may give the same money back.
    """
    if owed_minor(undertakings, order) is None:
        message = f"The order is {status} and no refund or cancellation of it was refused; there is nothing to settle."
        raise UserErrors(wrong_status(message, "orderId"))
    if order.disputed_minor:
        message = f"The order is {status} and the buyer's bank disputes its money; wait until that is decided: it may give it back."
        raise UserErrors(wrong_status(message, "orderId"))


def owed_minor(undertakings: Iterable[Undertaking], order: Refundable) -> int | None:
    """What was refused and has to be given back, in the currency's minor unit; None when nothing was refused.

    A cancellation gives back all that is left, and is in the place of refunds. 0: it is not known that anything was taken.
    """
    owing = [undertaking for undertaking in undertakings if undertaking.owes_money]
    if not owing:
        return None
    if any(undertaking.owes_the_rest for undertaking in owing):
        return order.left_minor if order.is_captured else 0
    return min(sum(undertaking.amount_minor or 0 for undertaking in owing), order.left_minor)


def check_paid(paid: Money, undertakings: Iterable[Undertaking], order: Refundable) -> None:
    """Makes sure that just what an order owes was paid. Where it is not known whether its money was taken, payments judges that.

    Raises:
        UserErrors: naming the amount.
    """
    if paid.currency != order.currency:
        message = f"The order is in {order.currency}; enter the amount in {order.currency}."
        raise UserErrors(UserError(OrderErrorCode.CURRENCY_MISMATCH, message, ("amount", "currency")))
    owed = Money(owed_minor(undertakings, order) or 0, order.currency)
    may_be_taken = not order.is_captured and paid.minor <= order.total_minor
    if paid.minor != owed.minor and not may_be_taken:
        message = f"The order owes its buyer {owed.amount} {owed.currency}; enter that once all of it is paid."
        raise UserErrors(invalid(message, "amount", "amount"))


def _has_open(undertakings: Iterable[Undertaking], kind: Kind) -> bool:
    return any(undertaking.kind is kind and undertaking.is_open for undertaking in undertakings)


def _no_cancellation_of(status: OrderStatus) -> str:
    match status:
        case OrderStatus.CANCELLING | OrderStatus.CANCELLED:
            return f"The order is {status} already; there is nothing left to do."
        case OrderStatus.REFUNDED:
            return "The order is REFUNDED: all of its money was given back already."
    return f"The order is {status}: a part of it has left already. The shop can refund it instead, by orderRefund."
