"""Paying again for an order that came to nothing: whether it may be. Pure."""

from dataclasses import dataclass

from subgraphs.orders.domain.cancellation import CancellationCode
from subgraphs.orders.domain.order import OrderStatus
from subgraphs.orders.domain.rejections import CancelledForGood, MoneyUnsettled, NotPayableAgain, OrderedAnew

# What nobody wanted: an order that its buyer or the shop cancelled stays cancelled.
PAYABLE_AGAIN = frozenset(
    {
        CancellationCode.INSUFFICIENT_STOCK,
        CancellationCode.PAYMENT_DECLINED,
        CancellationCode.PAYMENT_ACTION_NOT_TAKEN,
        CancellationCode.TIMED_OUT,
    }
)


@dataclass(frozen=True, slots=True)
class Payable:
    """An order as far as paying again goes.

    ``is_settled``: no refund or dispute of what an earlier attempt took is under way. ``ordered_anew_as`` is the number
    of another order that holds its cart by now.
    """

    status: OrderStatus
    cancelled_for: CancellationCode | None
    was_confirmed: bool
    is_settled: bool
    ordered_anew_as: str | None


def check_payable(order: Payable) -> None:
    """Makes sure that an order's buyer may pay again now.

    Raises:
        NotPayableAgain, CancelledForGood, MoneyUnsettled, OrderedAnew
    """
    if order.status is not OrderStatus.CANCELLED:
        raise NotPayableAgain(order.status)
    if order.was_confirmed or order.cancelled_for not in PAYABLE_AGAIN:
        raise CancelledForGood
    if not order.is_settled:
        raise MoneyUnsettled
    if order.ordered_anew_as:
        raise OrderedAnew(order.ordered_anew_as)
