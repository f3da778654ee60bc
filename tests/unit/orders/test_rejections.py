"""Every rejection of the domain looks like something on the wire, and is about a field of the input."""

import inspect
from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from shared.errors import Rejection
from shared.money import Money
from subgraphs.orders.domain import rejections as its
from subgraphs.orders.domain.cart_problems import NoLongerSold, TotalTooLarge
from subgraphs.orders.domain.dispute import Hold, HoldReason
from subgraphs.orders.domain.order import OrderStatus
from subgraphs.orders.domain.shipment_status import ShipmentStatus
from subgraphs.orders.entrypoints.graphql.rejections import user_error

ORDER, LINE, OTHER = (UUID(int=number) for number in (1, 2, 3))
CONFIRMED, CANCELLED, PENDING = OrderStatus.CONFIRMED, OrderStatus.CANCELLED, OrderStatus.PENDING
OF_LINES = {"lines": [{"line_id": str(OTHER), "quantity": 1}, {"line_id": str(LINE), "quantity": 5}]}
OF_AMOUNT = {"amount": {"amount": "5", "currency": "EUR"}}
FIVE = Money(500, "EUR")
DAY = date(2999, 12, 1)
HOLD = Hold(HoldReason.DISPUTE, FIVE, ["fraudulent"], datetime(2026, 11, 1, tzinfo=UTC), None)
ALL: list[tuple[Rejection, str, tuple[str, ...], str]] = [
    (its.OrderNotFound(ORDER), "ORDER_NOT_FOUND", ("orderId",), "no such order"),
    (its.ShipmentNotFound(ORDER), "SHIPMENT_NOT_FOUND", ("shipmentId",), "no such shipment"),
    (its.LineNotFound(LINE), "LINE_NOT_FOUND", ("lines", "1", "lineId"), "no such line"),
    (its.CartEmpty(), "CART_EMPTY", ("cartId",), "empty"),
    (its.TooManyGuestsOrders(10), "TOO_MANY_ORDERS", ("email",), "10 orders were placed"),
    (
        its.CartHasProblem(TotalTooLarge(FIVE)),
        "INVALID",
        ("cartId",),
        "5.00 EUR at most",
    ),
    (
        its.CartLineHasProblem(3, NoLongerSold("Lamp")),
        *("LINE_HAS_PROBLEMS", ("cartId", "lines", "3"), "no longer sold"),
    ),
    (its.NotCancellable(CANCELLED), "WRONG_STATUS", ("orderId",), "is CANCELLED already"),
    (its.NotCancellable(OrderStatus.REFUNDED), "WRONG_STATUS", ("orderId",), "given back already"),
    (its.NotCancellable(OrderStatus.SHIPPED), "WRONG_STATUS", ("orderId",), "has left already"),
    (its.RefundUnderWay(CONFIRMED), "WRONG_STATUS", ("orderId",), "a refund of it is under way"),
    (its.ShipmentUnderWay(CONFIRMED), "WRONG_STATUS", ("orderId",), "about to leave"),
    (its.NothingStuck(CONFIRMED), "WRONG_STATUS", ("orderId",), "nothing to retry"),
    (its.RefundAwaitsBank(CONFIRMED), "WRONG_STATUS", ("orderId",), "goes on by itself"),
    (its.NothingOwed(CONFIRMED), "WRONG_STATUS", ("orderId",), "nothing to settle"),
    (its.MoneyDisputed(CONFIRMED), "WRONG_STATUS", ("orderId",), "disputes its money"),
    (its.OtherAmountOwed(FIVE), "INVALID", ("amount", "amount"), "owes its buyer 5.00 EUR"),
    (its.OtherCurrency("EUR"), "CURRENCY_MISMATCH", ("amount", "currency"), "is in EUR"),
    (its.NotRefundable(PENDING), "WRONG_STATUS", ("orderId",), "nothing was paid yet"),
    (its.NotRefundable(CANCELLED), "WRONG_STATUS", ("orderId",), "without a refund"),
    (its.NotRefundable(OrderStatus.REFUNDED), "WRONG_STATUS", ("orderId",), "all of its pieces are dealt with"),
    (its.MoneyNotTaken(CONFIRMED), "WRONG_STATUS", ("orderId",), "with the first parcel"),
    (its.NothingLeftToRefund(is_disputed=False), "EXCEEDS_REMAINING", ("orderId",), "look at the order's refunds"),
    (its.NothingLeftToRefund(is_disputed=True), "EXCEEDS_REMAINING", ("orderId",), "decided the dispute"),
    (its.TooMuchToRefund(FIVE, is_disputed=False), "EXCEEDS_REMAINING", ("lines",), "Only 5.00 EUR of"),
    (its.TooMuchToRefund(FIVE, is_disputed=True), "EXCEEDS_REMAINING", ("lines",), "while the buyer's bank"),
    (its.TooMuchToRefund(Money(0, "EUR"), is_disputed=False), "EXCEEDS_REMAINING", ("lines",), "are closed by"),
    (its.TooManyUnitsToRefund(LINE, 4), "EXCEEDS_REMAINING", ("lines", "1", "quantity"), "Only 4 pieces"),
    (its.NotPayableAgain(PENDING), "WRONG_STATUS", ("orderId",), "wait until it is CONFIRMED"),
    (its.NotPayableAgain(CONFIRMED), "WRONG_STATUS", ("orderId",), "it is paid"),
    (its.CancelledForGood(), "CANCELLED_FOR_GOOD", ("orderId",), "for good"),
    (its.MoneyUnsettled(), "WRONG_STATUS", ("orderId",), "on its way back or disputed"),
    (its.OrderedAnew("M-1"), "ORDERED_ANEW", ("orderId",), "ordered anew as M-1"),
    (its.NotShippable(PENDING), "WRONG_STATUS", ("orderId",), "ship it when it is CONFIRMED"),
    (its.NotShippable(OrderStatus.SHIPPED), "WRONG_STATUS", ("orderId",), "all of it has left"),
    (its.NotShippable(CANCELLED), "WRONG_STATUS", ("orderId",), "nothing of it may leave"),
    (its.OrderHeld(CONFIRMED, HOLD), "WRONG_STATUS", ("orderId",), "disputes 5.00 EUR of this order (fraudulent)"),
    (its.AuthorizationEnded(CONFIRMED, "declined"), "WRONG_STATUS", ("orderId",), "declined. The buyer can't"),
    (its.FirstShipmentUndecided(CONFIRMED, ShipmentStatus.PENDING), "WRONG_STATUS", ("orderId",), "is being taken"),
    (its.FirstShipmentUndecided(CONFIRMED, ShipmentStatus.REFUSED), "WRONG_STATUS", ("orderId",), "orderRetry"),
    (its.NothingLeftToShip(), "EXCEEDS_REMAINING", ("orderId",), "left to be shipped"),
    (its.AllUnitsWait(CONFIRMED, 1, DAY), "EXCEEDS_REMAINING", ("orderId",), "1 piece waits, expected from 2999-12-01"),
    (its.AllUnitsWait(OrderStatus.PARTIALLY_SHIPPED, 2, None), "EXCEEDS_REMAINING", ("orderId",), "2 pieces wait, and"),
    (its.TooManyUnitsToShip(LINE, 4), "EXCEEDS_REMAINING", ("lines", "1", "quantity"), "Only 4 pieces"),
    (its.UnitsWait(LINE, 2, 3, DAY), "EXCEEDS_REMAINING", ("lines", "1", "quantity"), "2 can be shipped now and 3"),
    (its.NotDeliverable(ShipmentStatus.DELIVERED), "WRONG_STATUS", ("shipmentId",), "is DELIVERED already"),
    (its.NotDeliverable(ShipmentStatus.PENDING), "WRONG_STATUS", ("shipmentId",), "is PENDING: its money"),
    (its.NotDeliverable(ShipmentStatus.REFUSED), "WRONG_STATUS", ("shipmentId",), "order's attention"),
]


@pytest.mark.parametrize(("rejection", "code", "field", "words"), ALL)
def test_a_rejection_is_told_with_its_facts(
    rejection: Rejection, code: str, field: tuple[str, ...], words: str
) -> None:
    told = user_error(rejection, OF_LINES)
    assert (told.code, told.field) == (code, field)
    assert words in told.message


def test_too_much_money_is_about_the_amount_where_one_was_named() -> None:
    assert user_error(its.TooMuchToRefund(FIVE, is_disputed=False), OF_AMOUNT).field == ("amount", "amount")


def test_none_is_left_out() -> None:
    declared = {kind for _, kind in inspect.getmembers(its, inspect.isclass) if issubclass(kind, Rejection)} - {
        Rejection
    }
    assert {type(rejection) for rejection, *_ in ALL} == declared


def test_what_is_no_mistake_of_the_callers_is_raised() -> None:
    with pytest.raises(Rejection):
        user_error(Rejection(), {})
