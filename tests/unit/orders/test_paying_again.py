"""Who may pay again: the buyer of an order that came to nothing, and of no other."""

from dataclasses import replace

import pytest

from shared.errors import UserErrors
from shared.ids import new_id
from subgraphs.orders.domain.cancellation import CancellationCode
from subgraphs.orders.domain.errors import OrderErrorCode
from subgraphs.orders.domain.order import OrderStatus
from subgraphs.orders.domain.paying_again import PAYABLE_AGAIN, Payable, check_payable, parse_payment

DECLINED = Payable(OrderStatus.CANCELLED, CancellationCode.PAYMENT_DECLINED, False, True, None)


def refusal(order: Payable) -> tuple[str, str]:
    with pytest.raises(UserErrors) as raised:
        check_payable(order)
    (error,) = raised.value.errors
    assert error.field == ("orderId",)
    return error.code, error.message


@pytest.mark.parametrize("code", sorted(PAYABLE_AGAIN))
def test_an_order_that_came_to_nothing_may_be_paid_again(code: CancellationCode) -> None:
    check_payable(replace(DECLINED, cancelled_for=code))


@pytest.mark.parametrize("code", sorted(set(CancellationCode) - PAYABLE_AGAIN))
def test_an_order_that_a_person_cancelled_stays_cancelled(code: CancellationCode) -> None:
    assert refusal(replace(DECLINED, cancelled_for=code))[0] is OrderErrorCode.CANCELLED_FOR_GOOD


def test_an_order_that_was_confirmed_once_stays_cancelled() -> None:
    assert refusal(replace(DECLINED, was_confirmed=True))[0] is OrderErrorCode.CANCELLED_FOR_GOOD


@pytest.mark.parametrize("status", sorted(set(OrderStatus) - {OrderStatus.CANCELLED}))
def test_an_order_of_another_status_is_refused_with_that_status(status: OrderStatus) -> None:
    code, message = refusal(replace(DECLINED, status=status))
    assert code is OrderErrorCode.WRONG_STATUS
    assert f"is {status}" in message


def test_an_order_whose_money_is_not_settled_has_to_wait() -> None:
    assert refusal(replace(DECLINED, is_settled=False))[0] is OrderErrorCode.WRONG_STATUS


def test_an_order_whose_cart_was_ordered_anew_names_the_other_one() -> None:
    code, message = refusal(replace(DECLINED, ordered_anew_as="M-7K3F-9Q2X"))
    assert code is OrderErrorCode.ORDERED_ANEW
    assert "M-7K3F-9Q2X" in message


@pytest.mark.parametrize("method", ["", " ", "pm card", "x" * 256, "\x7f"])
def test_a_payment_method_that_can_be_none_is_named(method: str) -> None:
    with pytest.raises(UserErrors) as raised:
        parse_payment({"order_id": str(new_id()), "payment_method_id": method})
    assert [(error.code, error.field) for error in raised.value.errors] == [
        (OrderErrorCode.INVALID, ("paymentMethodId",))
    ]


@pytest.mark.parametrize("order_id", ["", "x", "\0"])
def test_an_order_id_that_is_none_is_an_unknown_order(order_id: str) -> None:
    with pytest.raises(UserErrors) as raised:
        parse_payment({"order_id": order_id, "payment_method_id": "pm_card_visa"})
    assert [error.code for error in raised.value.errors] == [OrderErrorCode.ORDER_NOT_FOUND]
