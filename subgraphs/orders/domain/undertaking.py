"""What is under way or stuck with an order, and what that allows."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from shared.money import Money
from subgraphs.orders.domain.fulfilment import Kind, Step
from subgraphs.orders.domain.order import OrderStatus, may_become
from subgraphs.orders.domain.refund import Refundable
from subgraphs.orders.domain.rejections import (
    MoneyDisputed,
    NotCancellable,
    NothingOwed,
    NothingStuck,
    OtherAmountOwed,
    OtherCurrency,
    RefundAwaitsBank,
    RefundUnderWay,
    ShipmentUnderWay,
)


@dataclass(frozen=True, slots=True)
class Undertaking:
    """A saga of an order. ``is_open``: a worker has it, or will; ``stuck_step``: where one stopped that requires
    intervention.

    ``amount_minor`` is what a refund is about; None of one of whatever is left.
    """

    kind: Kind
    step: Step
    stuck_step: Step | None
    is_open: bool
    amount_minor: int | None = None

    @property
    def is_stuck(self) -> bool:
        """Whether it requires intervention."""
        return self.step is Step.STUCK

    @property
    def is_rejected_refund(self) -> bool:
        """Whether it is a refund that the provider rejected."""
        return self.kind is Kind.REFUND and self.owes_money

    @property
    def owes_money(self) -> bool:
        """Whether it stopped since the provider did not refund money."""
        return self.is_stuck and self.stuck_step is Step.REFUND

    @property
    def owes_the_rest(self) -> bool:
        """Whether it stopped so, and was to refund whatever is left, as a cancellation does."""
        return self.owes_money and self.amount_minor is None


def check_cancellable(status: OrderStatus, undertakings: Sequence[Undertaking]) -> None:
    """Makes sure that an order can be cancelled now.

    Raises:
        NotCancellable, RefundUnderWay, ShipmentUnderWay
    """
    if not may_become(status, OrderStatus.CANCELLING):
        raise NotCancellable(status)
    if has_open(Kind.REFUND, undertakings):
        raise RefundUnderWay(status)
    if has_open(Kind.SHIPMENT, undertakings):
        raise ShipmentUnderWay(status)


def check_retryable(status: OrderStatus, undertakings: Iterable[Undertaking], order: Refundable) -> None:
    """Makes sure that something of an order requires intervention, and does not wait for the buyer's bank alone.

    Raises:
        NothingStuck, RefundAwaitsBank
    """
    stuck = [undertaking for undertaking in undertakings if undertaking.is_stuck]
    if not stuck:
        raise NothingStuck(status)
    if order.is_with_the_bank and all(undertaking.is_rejected_refund for undertaking in stuck):
        raise RefundAwaitsBank(status)


def check_settleable(status: OrderStatus, undertakings: Iterable[Undertaking], order: Refundable) -> None:
    """Makes sure that an order owes its buyer money that the provider did not refund.

    Raises:
        NothingOwed, MoneyDisputed
    """
    if owed_minor(undertakings, order) is None:
        raise NothingOwed(status)
    if order.disputed_minor:
        raise MoneyDisputed(status)


def owed_minor(undertakings: Iterable[Undertaking], order: Refundable) -> int | None:
    """What was rejected and has to be refunded, in the currency's minor unit; None when nothing was rejected.

    A cancellation refunds all that is left, and is in the place of refunds. 0: it is not known that anything was taken.
    """
    owing = [undertaking for undertaking in undertakings if undertaking.owes_money]
    if not owing:
        return None
    if any(undertaking.owes_the_rest for undertaking in owing):
        return order.left_minor if order.is_captured else 0
    return min(sum(undertaking.amount_minor or 0 for undertaking in owing), order.left_minor)


def check_paid(paid: Money, undertakings: Iterable[Undertaking], order: Refundable) -> None:
    """Makes sure that just what an order owes was paid. Where it is not known whether its money was taken, payments
    judges that.

    Raises:
        OtherCurrency, OtherAmountOwed
    """
    if paid.currency != order.currency:
        raise OtherCurrency(order.currency)
    owed = Money(owed_minor(undertakings, order) or 0, order.currency)
    may_be_taken = not order.is_captured and paid.minor <= order.total_minor
    if paid.minor != owed.minor and not may_be_taken:
        raise OtherAmountOwed(owed)


def is_at(kind: Kind, steps: Collection[Step], undertakings: Iterable[Undertaking]) -> bool:
    """Whether one of this kind is at one of these steps."""
    return any(undertaking.kind is kind and undertaking.step in steps for undertaking in undertakings)


def has_open(kind: Kind, undertakings: Iterable[Undertaking]) -> bool:
    """Whether one of this kind is under way."""
    return any(undertaking.kind is kind and undertaking.is_open for undertaking in undertakings)
