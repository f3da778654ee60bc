"""How mistakes and rejections look to clients: ``OrderErrorCode`` of the SDL, what to do about it, and the field of the
input.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from shared.errors import Rejection, UserError
from shared.ids import try_parse_id
from subgraphs.orders.domain import rejections as its
from subgraphs.orders.domain.order import OrderStatus
from subgraphs.orders.domain.shipment_status import ShipmentStatus
from subgraphs.orders.entrypoints.graphql import cart_rejections
from subgraphs.orders.entrypoints.graphql.cart_problems import cart_problem, line_problem
from subgraphs.orders.entrypoints.graphql.codes import OrderErrorCode, invalid
from subgraphs.orders.queries.attention import attention_to_ended

Input = Mapping[str, Any]

_UNDER_WAY = frozenset({OrderStatus.PENDING, OrderStatus.AWAITING_PAYMENT_ACTION, OrderStatus.CANCELLING})


def user_error(rejection: Rejection, input: Input) -> UserError:
    """What a client reads of a rejection; raises one that is no mistake of the caller's."""
    match rejection:
        case its.OrderNotFound():
            return order_not_found()
        case its.ShipmentNotFound():
            return shipment_not_found()
        case its.LineNotFound(line_id):
            return line_not_found(*_line(line_id, input), "lineId")
        case its.CartEmpty():
            message = "The cart is empty; add something with cartAddLines first."
            return UserError(OrderErrorCode.CART_EMPTY, message, ("cartId",))
        case its.TooManyGuestsOrders(most):
            message = f"{most} orders were placed for this e-mail address within an hour; log in, or wait for an hour."
            return UserError(OrderErrorCode.TOO_MANY_ORDERS, message, ("email",))
        case its.CartHasProblem(problem):
            return invalid(cart_problem(problem).message, "cartId")
        case its.CartLineHasProblem(index, problem):
            field = ("cartId", "lines", str(index))
            return UserError(OrderErrorCode.LINE_HAS_PROBLEMS, line_problem(problem).message, field)
    for find in (_cancellation, _intervention, _refund, _payment, _shipment, _shipped_units):
        found = find(rejection, input)
        if found is not None:
            return found
    return cart_rejections.user_error(rejection, input)


def order_not_found() -> UserError:
    """No such order, or somebody else's: the caller can't tell which."""
    message = "There is no such order; take its id from your orders."
    return UserError(OrderErrorCode.ORDER_NOT_FOUND, message, ("orderId",))


def shipment_not_found() -> UserError:
    """No such shipment."""
    message = "There is no such shipment; take its id from the order's shipments."
    return UserError(OrderErrorCode.SHIPMENT_NOT_FOUND, message, ("shipmentId",))


def line_not_found(*field: str) -> UserError:
    """The order has no line with this id."""
    return UserError(OrderErrorCode.LINE_NOT_FOUND, "The order has no such line; ask for the order's lines.", field)


def _cancellation(rejection: Rejection, _: Input) -> UserError | None:
    match rejection:
        case its.NotCancellable(status):
            return _wrong_status(_no_cancellation_of(status))
        case its.RefundUnderWay(status):
            what = "a refund of it is under way; cancel it when the refund is DONE or FAILED"
            return _wrong_status(f"The order is {status} and {what}.")
        case its.ShipmentUnderWay(status):
            what = "a parcel of it is about to leave; ask for a refund when it has"
            return _wrong_status(f"The order is {status} and {what}.")
    return None


def _no_cancellation_of(status: OrderStatus) -> str:
    match status:
        case OrderStatus.CANCELLING | OrderStatus.CANCELLED:
            return f"The order is {status} already; there is nothing left to do."
        case OrderStatus.REFUNDED:
            return "The order is REFUNDED: all of its money was given back already."
    return f"The order is {status}: a part of it has left already. The shop can refund it instead, by orderRefund."


def _intervention(rejection: Rejection, _: Input) -> UserError | None:
    match rejection:
        case its.NothingStuck(status):
            return _wrong_status(f"The order is {status} and nothing of it needs a person; there is nothing to retry.")
        case its.RefundAwaitsBank(status):
            what = "its refund waits for the buyer's bank; it goes on by itself when that has decided"
            return _wrong_status(f"The order is {status} and {what}.")
        case its.NothingOwed(status):
            what = "no refund or cancellation of it was refused; there is nothing to settle"
            return _wrong_status(f"The order is {status} and {what}.")
        case its.MoneyDisputed(status):
            what = "the buyer's bank disputes its money; wait until that is decided: it may give it back"
            return _wrong_status(f"The order is {status} and {what}.")
        case its.OtherAmountOwed(owed):
            message = f"The order owes its buyer {owed.amount} {owed.currency}; enter that once all of it is paid."
            return invalid(message, "amount", "amount")
    return None


def _refund(rejection: Rejection, input: Input) -> UserError | None:
    match rejection:
        case its.NotRefundable(status):
            return _wrong_status(_no_refund_while(status))
        case its.MoneyNotTaken(status):
            what = "its money is taken with the first parcel; cancel it by orderCancel instead"
            return _wrong_status(f"The order is {status} and {what}.")
        case its.NothingLeftToRefund(is_disputed):
            return _exceeds_remaining(_nothing_left_to_refund(is_disputed), "orderId")
        case its.OtherCurrency(currency):
            message = f"The order is in {currency}; enter the amount in {currency}."
            return UserError(OrderErrorCode.CURRENCY_MISMATCH, message, ("amount", "currency"))
        case its.TooMuchToRefund():
            return _exceeds_remaining(
                _too_much(rejection), *(("lines",) if input.get("lines") else ("amount", "amount"))
            )
        case its.TooManyUnitsToRefund(line_id, left):
            message = f"Only {left} pieces of this line are not refunded yet; lower the quantity."
            return _exceeds_remaining(message, *_line(line_id, input), "quantity")
    return None


def _no_refund_while(status: OrderStatus) -> str:
    match status:
        case OrderStatus.REFUNDED:
            what = "all of its money was given back already, and all of its pieces are dealt with"
        case OrderStatus.CANCELLING | OrderStatus.CANCELLED:
            what = "all that was paid is given back without a refund"
        case _:
            what = "nothing was paid yet. Cancel it by orderCancel instead"
    return f"The order is {status}: {what}."


def _nothing_left_to_refund(is_disputed: bool) -> str:
    if is_disputed:
        return "Nothing is left to give back: the buyer's bank has the rest until it has decided the dispute."
    return "Nothing is left to give back; look at the order's refunds."


def _too_much(rejection: its.TooMuchToRefund) -> str:
    left = f"{rejection.left.amount} {rejection.left.currency}"
    if rejection.is_disputed:
        return (
            f"Only {left} can be given back while the buyer's bank has the rest;"
            " give back an amount up to that, or wait until the bank has decided."
        )
    if rejection.left.minor == 0:
        return "Nothing is left to give back; pieces that are left are closed by a refund of their lines."
    return f"Only {left} of the order's money is left to give back; lower the amount."


def _payment(rejection: Rejection, _: Input) -> UserError | None:
    match rejection:
        case its.NotPayableAgain(status) if status in _UNDER_WAY:
            what = "wait until it is CONFIRMED, or CANCELLED and can be paid again"
            return _wrong_status(f"The order is {status}; {what}.")
        case its.NotPayableAgain(status):
            return _wrong_status(f"The order is {status}: it is paid.")
        case its.CancelledForGood():
            message = "The order was cancelled for good; order its articles again by checkoutPlaceOrder."
            return UserError(OrderErrorCode.CANCELLED_FOR_GOOD, message, ("orderId",))
        case its.MoneyUnsettled():
            what = "money of it is still on its way back or disputed; pay again when that is over"
            return _wrong_status(f"The order is CANCELLED and {what}.")
        case its.OrderedAnew(number):
            message = f"What it was to buy was ordered anew as {number}; look at that order instead."
            return UserError(OrderErrorCode.ORDERED_ANEW, message, ("orderId",))
    return None


def _shipment(rejection: Rejection, _: Input) -> UserError | None:
    match rejection:
        case its.NotShippable(status):
            return _wrong_status(_no_shipment_while(status))
        case its.OrderHeld(status, hold):
            return _wrong_status(f"The order is {status} and held. {hold.message}")
        case its.AuthorizationEnded(status, reason):
            return _wrong_status(f"The order is {status} and can't be paid. {attention_to_ended(reason)}")
        case its.FirstShipmentUndecided(status, ShipmentStatus.PENDING):
            what = "its money is being taken for its first parcel; ship the rest once that left"
            return _wrong_status(f"The order is {status} and {what}.")
        case its.FirstShipmentUndecided(status, _):
            what = (
                "its money could not be taken for its first parcel; nothing of it may leave."
                " Call orderRetry when the payment is mended, or cancel the order by orderCancel"
            )
            return _wrong_status(f"The order is {status} and {what}.")
        case its.NotDeliverable(status):
            return _wrong_status(_no_delivery_while(status), "shipmentId")
    return None


def _no_shipment_while(status: OrderStatus) -> str:
    match status:
        case OrderStatus.PENDING | OrderStatus.AWAITING_PAYMENT_ACTION:
            return f"The order is {status}; ship it when it is CONFIRMED."
        case OrderStatus.SHIPPED | OrderStatus.DELIVERED:
            return f"The order is {status}: all of it has left already."
    return f"The order is {status}: nothing of it may leave any more."


def _no_delivery_while(status: ShipmentStatus) -> str:
    match status:
        case ShipmentStatus.DELIVERED:
            return "The shipment is DELIVERED already; there is nothing left to do."
        case ShipmentStatus.PENDING:
            return "The shipment is PENDING: its money is being taken first. Try again when it is SHIPPED."
    what = "its money could not be taken and it must not leave. Look at the order's attention."
    return f"The shipment is {status}: {what}"


def _shipped_units(rejection: Rejection, input: Input) -> UserError | None:
    match rejection:
        case its.NothingLeftToShip():
            message = (
                "Nothing of the order is left to be shipped: all of it was shipped or refunded, or is being refunded."
            )
            return _exceeds_remaining(message, "orderId")
        case its.AllUnitsWait():
            return _exceeds_remaining(_all_wait(rejection), "orderId")
        case its.TooManyUnitsToShip(line_id, left):
            message = f"Only {left} pieces of this line are left to be shipped; lower the quantity."
            return _exceeds_remaining(message, *_line(line_id, input), "quantity")
        case its.UnitsWait(line_id, here, waiting, expected_from):
            later = f"{_waits(waiting)}, {_when(expected_from)}"
            message = f"Of this line {here} can be shipped now and {later}; lower the quantity."
            return _exceeds_remaining(message, *_line(line_id, input), "quantity")
    return None


def _all_wait(rejection: its.AllUnitsWait) -> str:
    is_confirmed = rejection.status is OrderStatus.CONFIRMED
    way_out = "cancel the order by orderCancel" if is_confirmed else "have them refunded by orderRefund"
    return (
        f"Nothing of the order is here to be shipped: {_waits(rejection.units)}, {_when(rejection.expected_from)}."
        f" Ship them when they have come, or {way_out}."
    )


def _waits(units: int) -> str:
    return "1 piece waits" if units == 1 else f"{units} pieces wait"


def _when(expected_from: date | None) -> str:
    return f"expected from {expected_from.isoformat()}" if expected_from else "and nobody knows yet until when"


def _wrong_status(message: str, field: str = "orderId") -> UserError:
    """The order's status, which the message names, does not allow it."""
    return UserError(OrderErrorCode.WRONG_STATUS, message, (field,))


def _exceeds_remaining(message: str, *field: str) -> UserError:
    """More than what is left."""
    return UserError(OrderErrorCode.EXCEEDS_REMAINING, message, field)


def _line(line_id: UUID, input: Input) -> tuple[str, str]:
    """The field of the input that is about a line."""
    ids = [try_parse_id(line["line_id"]) for line in input["lines"]]
    return "lines", str(ids.index(line_id))
