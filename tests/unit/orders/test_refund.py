"""How much of an order can be refunded."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.errors import Rejection
from shared.ids import new_id
from shared.money import Money
from subgraphs.orders.domain.order import OrderStatus
from subgraphs.orders.domain.refund import Refundable, RefundableLine, RefundRequest, plan_refund
from subgraphs.orders.domain.rejections import (
    LineNotFound,
    MoneyNotTaken,
    NothingLeftToRefund,
    NotRefundable,
    OtherCurrency,
    TooManyUnitsToRefund,
    TooMuchToRefund,
)
from subgraphs.orders.domain.units import Units

UNPAID_OR_UNDONE = {
    OrderStatus.PENDING,
    OrderStatus.AWAITING_PAYMENT_ACTION,
    OrderStatus.CANCELLING,
    OrderStatus.CANCELLED,
}


def order(
    *lefts: int,
    price: int = 500,
    given: int = 0,
    status: OrderStatus = OrderStatus.CONFIRMED,
    is_captured: bool = True,
    total: int | None = None,
) -> Refundable:
    """An order of lines of which so many units are left, at five euros a unit."""
    lines = [RefundableLine(new_id(), price, left) for left in lefts]
    return Refundable(status, is_captured, "EUR", price * sum(lefts) if total is None else total, given, lines)


def asked(*units: Units, amount: int | None = None, currency: str = "EUR") -> RefundRequest:
    money = None if amount is None else Money(amount, currency)
    return RefundRequest(new_id(), units, money, is_restocking=False, reason="broken")


def rejection(refund: RefundRequest, of: Refundable) -> Rejection:
    with pytest.raises(Rejection) as raised:
        plan_refund(new_id(), refund, of)
    return raised.value


def test_neither_lines_nor_an_amount_is_all_that_is_left() -> None:
    lines = order(2, 0, 1, total=2000, given=700)
    refund = plan_refund(new_id(), asked(), lines)
    assert refund.amount_minor == 1300
    assert refund.units == [Units(lines.lines[0].id, 2), Units(lines.lines[2].id, 1)]


@given(left=st.integers(1, 999), price=st.integers(0, 10_000_000), quantity=st.integers(1, 2_000))
def test_units_are_refunded_at_their_price_and_never_more_than_are_left(left: int, price: int, quantity: int) -> None:
    of = order(left, price=price)
    refund = asked(Units(of.lines[0].id, quantity))
    if quantity > left:
        found = rejection(refund, of)
        assert isinstance(found, TooManyUnitsToRefund)
        assert (found.line_id, found.left) == (of.lines[0].id, left)
    else:
        assert plan_refund(new_id(), refund, of).amount_minor == price * quantity


@given(total=st.integers(1, 10_000), given_back=st.integers(0, 10_000), amount=st.integers(1, 20_000))
def test_no_amount_is_refunded_that_is_not_left(total: int, given_back: int, amount: int) -> None:
    of = order(1, total=total, given=min(given_back, total))
    if amount > of.left_minor:
        found = rejection(asked(amount=amount), of)
        assert isinstance(found, TooMuchToRefund)
        assert (found.left, found.is_disputed) == (of.left, False)
    else:
        assert plan_refund(new_id(), asked(amount=amount), of).amount_minor == amount


@pytest.mark.parametrize(("given_back", "amount"), [(0, 500), (800, 200), (1000, 0)])
def test_units_whose_money_was_refunded_as_an_amount_are_refunded_for_what_is_left(
    given_back: int, amount: int
) -> None:
    of = order(2, total=1000, given=given_back)
    refund = plan_refund(new_id(), asked(Units(of.lines[0].id, 1)), of)
    assert (refund.amount_minor, [*refund.units]) == (amount, [Units(of.lines[0].id, 1)])


def test_units_are_closed_without_money_also_when_all_of_it_is_back_and_not_when_none_are_left() -> None:
    assert plan_refund(new_id(), asked(), order(1, total=500, given=500, status=OrderStatus.REFUNDED)).amount_minor == 0
    assert isinstance(rejection(asked(), order(0, total=500, given=500, status=OrderStatus.REFUNDED)), NotRefundable)
    found = rejection(asked(), order(0, total=500, given=500))
    assert isinstance(found, NothingLeftToRefund)
    assert not found.is_disputed


def test_what_a_bank_has_is_not_waived_by_closing_units() -> None:
    held = replace(order(2, total=1000), disputed_minor=900)
    too_much = rejection(asked(Units(held.lines[0].id, 1)), held)
    assert isinstance(too_much, TooMuchToRefund)
    assert (too_much.left.minor, too_much.is_disputed) == (100, True)
    nothing = rejection(asked(), replace(held, disputed_minor=1000))
    assert isinstance(nothing, NothingLeftToRefund)
    assert nothing.is_disputed
    assert plan_refund(new_id(), asked(amount=100), held).amount_minor == 100


def test_an_amount_in_another_currency_is_rejected() -> None:
    found = rejection(asked(amount=1, currency="USD"), order(1))
    assert isinstance(found, OtherCurrency)
    assert found.currency == "EUR"


def test_a_line_of_another_order_is_named() -> None:
    line_id = new_id()
    found = rejection(asked(Units(line_id, 1)), order(1))
    assert isinstance(found, LineNotFound)
    assert found.line_id == line_id


@pytest.mark.parametrize("status", list(OrderStatus))
def test_money_is_refunded_only_of_orders_that_were_paid_and_not_undone(status: OrderStatus) -> None:
    paid = set(OrderStatus) - UNPAID_OR_UNDONE
    if status in paid:
        assert plan_refund(new_id(), asked(), order(1, status=status)).amount_minor == 500
    else:
        found = rejection(asked(), order(1, status=status))
        assert isinstance(found, NotRefundable)
        assert found.status is status


def test_money_that_is_taken_with_the_first_shipment_cannot_be_refunded_before() -> None:
    assert isinstance(rejection(asked(), order(1, is_captured=False)), MoneyNotTaken)
