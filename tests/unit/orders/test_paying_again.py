"""Who may pay again: the buyer of an order that came to nothing, and of no other."""

from dataclasses import replace

import pytest

from shared.errors import Rejection
from subgraphs.orders.domain.cancellation import CancellationCode
from subgraphs.orders.domain.order import OrderStatus
from subgraphs.orders.domain.paying_again import PAYABLE_AGAIN, Payable, check_payable
from subgraphs.orders.domain.rejections import CancelledForGood, MoneyUnsettled, NotPayableAgain, OrderedAnew

DECLINED = Payable(OrderStatus.CANCELLED, CancellationCode.PAYMENT_DECLINED, False, True, None)


def rejection(order: Payable) -> Rejection:
    with pytest.raises(Rejection) as rejected:
        check_payable(order)
    return rejected.value


@pytest.mark.parametrize("code", sorted(PAYABLE_AGAIN))
def test_an_order_that_came_to_nothing_may_be_paid_again(code: CancellationCode) -> None:
    check_payable(replace(DECLINED, cancelled_for=code))


@pytest.mark.parametrize("code", sorted(set(CancellationCode) - PAYABLE_AGAIN))
def test_an_order_that_a_person_cancelled_stays_cancelled(code: CancellationCode) -> None:
    assert isinstance(rejection(replace(DECLINED, cancelled_for=code)), CancelledForGood)


def test_an_order_that_was_confirmed_once_stays_cancelled() -> None:
    assert isinstance(rejection(replace(DECLINED, was_confirmed=True)), CancelledForGood)


@pytest.mark.parametrize("status", sorted(set(OrderStatus) - {OrderStatus.CANCELLED}))
def test_an_order_of_another_status_is_rejected_with_that_status(status: OrderStatus) -> None:
    found = rejection(replace(DECLINED, status=status))
    assert isinstance(found, NotPayableAgain)
    assert found.status is status


def test_an_order_whose_money_is_not_settled_has_to_wait() -> None:
    assert isinstance(rejection(replace(DECLINED, is_settled=False)), MoneyUnsettled)


def test_an_order_whose_cart_was_ordered_anew_names_the_other_one() -> None:
    found = rejection(replace(DECLINED, ordered_anew_as="M-7K3F-9Q2X"))
    assert isinstance(found, OrderedAnew)
    assert found.number == "M-7K3F-9Q2X"
