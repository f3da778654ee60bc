"""Paying again for an order that came to nothing: whether it may be, and what its buyer types. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from shared.errors import UserError, UserErrors
from shared.ids import try_parse_id
from subgraphs.orders.domain.cancellation import CancellationCode
from subgraphs.orders.domain.checkout import parse_payment_method
from subgraphs.orders.domain.errors import OrderErrorCode, order_not_found, wrong_status
from subgraphs.orders.domain.order import OrderStatus

# What nobody wanted: an order that its buyer or the shop cancelled stays cancelled.
PAYABLE_AGAIN = frozenset(
    {
        CancellationCode.INSUFFICIENT_STOCK,
        CancellationCode.PAYMENT_DECLINED,
        CancellationCode.PAYMENT_ACTION_NOT_TAKEN,
        CancellationCode.TIMED_OUT,
    }
)
_UNDER_WAY = frozenset({OrderStatus.PENDING, OrderStatus.AWAITING_PAYMENT_ACTION, OrderStatus.CANCELLING})


@dataclass(frozen=True, slots=True)
class AskedPayment:
    """Which order, and by which payment method this time."""

    order_id: UUID
    payment_method_id: str


@dataclass(frozen=True, slots=True)
class Payable:
    """An order as far as paying again goes.

    ``is_settled``: no refund or dispute of what an earlier attempt took is under way. ``ordered_anew_as`` is the number of another
    order that holds its cart by now.
    """

    status: OrderStatus
    cancelled_for: CancellationCode | None
    was_confirmed: bool
    is_settled: bool
    ordered_anew_as: str | None


def parse_payment(typed: Mapping[str, Any]) -> AskedPayment:
    """Reads ``OrderPayInput``.

    Raises:
        UserErrors: naming the field at fault.
    """
    order_id = try_parse_id(typed["order_id"])
    if order_id is None:
        raise UserErrors(order_not_found())
    return AskedPayment(order_id, parse_payment_method(typed["payment_method_id"], "paymentMethodId"))


def check_payable(order: Payable) -> None:
    """Makes sure that an order's buyer may pay again now.

    Raises:
        UserErrors: naming what can be done instead.
    """
    if order.status is not OrderStatus.CANCELLED:
        raise UserErrors(wrong_status(_not_cancelled(order.status), "orderId"))
    if order.was_confirmed or order.cancelled_for not in PAYABLE_AGAIN:
        message = "The order was cancelled for good; order its articles again by checkoutPlaceOrder."
        raise UserErrors(UserError(OrderErrorCode.CANCELLED_FOR_GOOD, message, ("orderId",)))
    if not order.is_settled:
        message = (
            "The order is CANCELLED and money of it is still on its way back or disputed; pay again when that is over."
        )
        raise UserErrors(wrong_status(message, "orderId"))
    if order.ordered_anew_as:
        message = f"What it was to buy was ordered anew as {order.ordered_anew_as}; look at that order instead."
        raise UserErrors(UserError(OrderErrorCode.ORDERED_ANEW, message, ("orderId",)))


def _not_cancelled(status: OrderStatus) -> str:
    if status in _UNDER_WAY:
        return f"The order is {status}; wait until it is CONFIRMED, or CANCELLED and can be paid again."
    return f"The order is {status}: it is paid."
