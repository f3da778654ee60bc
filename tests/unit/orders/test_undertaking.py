"""What is under way or stuck with an order, and what that allows."""

import pytest

from shared.money import Money
from subgraphs.orders.domain.fulfilment import Kind, Step
from subgraphs.orders.domain.order import OrderStatus
from subgraphs.orders.domain.refund import Refundable
from subgraphs.orders.domain.rejections import (
    NotCancellable,
    NothingOwed,
    NothingStuck,
    OtherAmountOwed,
    OtherCurrency,
    RefundUnderWay,
    ShipmentUnderWay,
)
from subgraphs.orders.domain.undertaking import (
    Undertaking,
    check_cancellable,
    check_paid,
    check_retryable,
    check_settleable,
    owed_minor,
)

CONFIRMED = OrderStatus.CONFIRMED
CANCELLABLE = {OrderStatus.PENDING, OrderStatus.AWAITING_PAYMENT_ACTION, CONFIRMED}


def order(left_minor: int = 2000, total_minor: int = 2000, is_captured: bool = True) -> Refundable:
    """An order of which so much is left."""
    return Refundable(CONFIRMED, is_captured, "EUR", total_minor, total_minor - left_minor, ())


def under_way(kind: Kind, step: Step) -> Undertaking:
    return Undertaking(kind, step, None, is_open=True)


def rejected(kind: Kind, amount_minor: int | None = None) -> Undertaking:
    """A refund that was rejected, a cancellation's unless it is of an amount."""
    return Undertaking(kind, Step.STUCK, Step.REFUND, is_open=False, amount_minor=amount_minor)


@pytest.mark.parametrize("status", list(OrderStatus))
def test_an_order_is_cancelled_only_before_anything_has_left(status: OrderStatus) -> None:
    if status in CANCELLABLE:
        check_cancellable(status, [])
    else:
        with pytest.raises(NotCancellable) as raised:
            check_cancellable(status, [])
        assert raised.value.status is status


def test_an_order_is_not_cancelled_while_money_is_given_or_taken() -> None:
    with pytest.raises(RefundUnderWay):
        check_cancellable(CONFIRMED, [under_way(Kind.REFUND, Step.REFUND)])
    with pytest.raises(ShipmentUnderWay):
        check_cancellable(CONFIRMED, [under_way(Kind.SHIPMENT, Step.CAPTURE)])
    check_cancellable(OrderStatus.PENDING, [under_way(Kind.ORDER, Step.AUTHORIZE)])


@pytest.mark.parametrize("status", list(OrderStatus))
def test_there_is_nothing_to_resume_or_to_settle_where_nothing_is_stuck(status: OrderStatus) -> None:
    going_on = [under_way(Kind.REFUND, Step.REFUND)]
    with pytest.raises(NothingStuck) as stuck:
        check_retryable(status, going_on, order())
    with pytest.raises(NothingOwed) as owed:
        check_settleable(status, going_on, order())
    assert stuck.value.status is owed.value.status is status


def test_what_is_owed_is_the_sum_of_what_was_rejected_or_all_that_is_left() -> None:
    refunds = [rejected(Kind.REFUND, 300), rejected(Kind.REFUND, 500)]
    assert owed_minor(refunds, order()) == 800
    assert owed_minor(refunds, order(left_minor=600)) == 600
    assert owed_minor([*refunds, rejected(Kind.ORDER)], order(left_minor=1700)) == 1700
    assert owed_minor([rejected(Kind.ORDER)], order(is_captured=False)) == 0
    assert owed_minor([], order()) is None


def test_just_what_is_owed_is_paid() -> None:
    owing = [rejected(Kind.REFUND, 300)]
    check_paid(Money(300, "EUR"), owing, order())
    with pytest.raises(OtherAmountOwed) as raised:
        check_paid(Money(301, "EUR"), owing, order())
    assert raised.value.owed == Money(300, "EUR")
    with pytest.raises(OtherCurrency):
        check_paid(Money(300, "USD"), owing, order())


def test_whether_money_was_taken_that_nobody_knows_of_is_for_payments_to_judge() -> None:
    held = order(is_captured=False)
    check_paid(Money(2000, "EUR"), [rejected(Kind.ORDER)], held)
    with pytest.raises(OtherAmountOwed):
        check_paid(Money(2001, "EUR"), [rejected(Kind.ORDER)], held)
