"""How much of an order can be given back."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.errors import UserErrors
from shared.ids import new_id
from shared.money import Money
from subgraphs.orders.domain.errors import OrderErrorCode
from subgraphs.orders.domain.order import OrderStatus
from subgraphs.orders.domain.refund import AskedRefund, Pieces, Refundable, RefundableLine, parse_refund, plan_refund

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
    """An order of lines of which so many pieces are left, at five euros a piece."""
    lines = [RefundableLine(new_id(), price, left) for left in lefts]
    return Refundable(status, is_captured, "EUR", price * sum(lefts) if total is None else total, given, lines)


def asked(*pieces: Pieces, amount: int | None = None, currency: str = "EUR") -> AskedRefund:
    money = None if amount is None else Money(amount, currency)
    return AskedRefund(new_id(), pieces, money, is_restocking=False, reason="broken")


def refusal(refund: AskedRefund, of: Refundable) -> str:
    with pytest.raises(UserErrors) as raised:
        plan_refund(new_id(), refund, of)
    (error,) = raised.value.errors
    return error.code


def test_neither_lines_nor_an_amount_is_all_that_is_left() -> None:
    lines = order(2, 0, 1, total=2000, given=700)
    refund = plan_refund(new_id(), asked(), lines)
    assert refund.amount_minor == 1300
    assert refund.pieces == [Pieces(lines.lines[0].id, 2), Pieces(lines.lines[2].id, 1)]


@given(left=st.integers(1, 999), price=st.integers(0, 10_000_000), quantity=st.integers(1, 2_000))
def test_pieces_are_given_back_at_their_price_and_never_more_than_are_left(
    left: int, price: int, quantity: int
) -> None:
    of = order(left, price=price)
    refund = asked(Pieces(of.lines[0].id, quantity))
    if quantity > left:
        assert refusal(refund, of) is OrderErrorCode.EXCEEDS_REMAINING
    else:
        assert plan_refund(new_id(), refund, of).amount_minor == price * quantity


@given(total=st.integers(1, 10_000), given_back=st.integers(0, 10_000), amount=st.integers(1, 20_000))
def test_no_amount_is_given_back_that_is_not_left(total: int, given_back: int, amount: int) -> None:
    of = order(1, total=total, given=min(given_back, total))
    if amount > of.left_minor:
        assert refusal(asked(amount=amount), of) is OrderErrorCode.EXCEEDS_REMAINING
    else:
        assert plan_refund(new_id(), asked(amount=amount), of).amount_minor == amount


@pytest.mark.parametrize(("given_back", "amount"), [(0, 500), (800, 200), (1000, 0)])
def test_pieces_whose_money_was_given_back_as_an_amount_are_refunded_for_what_is_left(
    given_back: int, amount: int
) -> None:
    of = order(2, total=1000, given=given_back)
    refund = plan_refund(new_id(), asked(Pieces(of.lines[0].id, 1)), of)
    assert (refund.amount_minor, [*refund.pieces]) == (amount, [Pieces(of.lines[0].id, 1)])


def test_pieces_are_closed_without_money_also_when_all_of_it_is_back_and_not_when_none_are_left() -> None:
    assert plan_refund(new_id(), asked(), order(1, total=500, given=500, status=OrderStatus.REFUNDED)).amount_minor == 0
    assert refusal(asked(), order(0, total=500, given=500, status=OrderStatus.REFUNDED)) is OrderErrorCode.WRONG_STATUS
    assert refusal(asked(), order(0, total=500, given=500)) is OrderErrorCode.EXCEEDS_REMAINING


def test_what_a_bank_has_is_not_waived_by_closing_pieces() -> None:
    held = replace(order(2, total=1000), disputed_minor=900)
    assert refusal(asked(Pieces(held.lines[0].id, 1)), held) is OrderErrorCode.EXCEEDS_REMAINING
    assert refusal(asked(), replace(held, disputed_minor=1000)) is OrderErrorCode.EXCEEDS_REMAINING
    assert plan_refund(new_id(), asked(amount=100), held).amount_minor == 100


def test_an_amount_in_another_currency_is_refused() -> None:
    assert refusal(asked(amount=1, currency="USD"), order(1)) is OrderErrorCode.CURRENCY_MISMATCH


@pytest.mark.parametrize("status", list(OrderStatus))
def test_money_is_given_back_only_of_orders_that_were_paid_and_not_undone(status: OrderStatus) -> None:
    paid = set(OrderStatus) - UNPAID_OR_UNDONE
    if status in paid:
        assert plan_refund(new_id(), asked(), order(1, status=status)).amount_minor == 500
    else:
        assert refusal(asked(), order(1, status=status)) is OrderErrorCode.WRONG_STATUS


def test_money_that_is_taken_with_the_first_parcel_cannot_be_given_back_before() -> None:
    assert refusal(asked(), order(1, is_captured=False)) is OrderErrorCode.WRONG_STATUS


def typed(**fields: Any) -> Mapping[str, Any]:
    return {"order_id": str(new_id()), "reason": " broken ", "restock": False, **fields}


@pytest.mark.parametrize(("text", "currency", "minor"), [("19.9", "EUR", 1990), ("5", "JPY", 5), ("0.001", "BHD", 1)])
def test_an_amount_is_read_in_the_currencys_own_decimals(text: str, currency: str, minor: int) -> None:
    refund = parse_refund(typed(amount={"amount": text, "currency": currency}))
    assert (refund.amount, refund.reason) == (Money(minor, currency), "broken")


@pytest.mark.parametrize(
    ("text", "currency"), [("0.5", "JPY"), ("0.0001", "BHD"), ("1e999999", "EUR"), ("-0.01", "EUR")]
)
def test_an_amount_that_the_currency_does_not_have_is_named(text: str, currency: str) -> None:
    with pytest.raises(UserErrors) as raised:
        parse_refund(typed(amount={"amount": text, "currency": currency}))
    assert [(error.code, error.field) for error in raised.value.errors] == [
        (OrderErrorCode.INVALID, ("amount", "amount"))
    ]
