"""What a person is told of what stopped, and what may be done about it."""

from dataclasses import replace

import pytest

from subgraphs.orders.domain.fulfilment import Kind, Step
from subgraphs.orders.domain.order import OrderStatus
from subgraphs.orders.domain.refund import Refundable
from subgraphs.orders.domain.rejections import MoneyDisputed, NothingOwed, RefundAwaitsBank
from subgraphs.orders.domain.undertaking import Undertaking, check_retryable, check_settleable
from subgraphs.orders.queries.attention import Stopped, attention


def order(given: int = 0, disputed: int = 0) -> Refundable:
    """An order of twenty euros."""
    return Refundable(OrderStatus.CONFIRMED, True, "EUR", 2000, given, (), disputed)


def told(kind: Kind, step: Step, of: Refundable, *, is_refundable: bool = True, is_owed: bool = False) -> str:
    return attention(Stopped(kind, step, is_owed), f"{step} was refused: no.", is_refundable, of)


@pytest.mark.parametrize("kind", list(Kind))
def test_whatever_needs_a_person_tells_the_way_out(kind: Kind) -> None:
    text = told(kind, Step.REFUND, order())
    assert text.startswith("REFUND was refused: no. ")
    assert "orderRetry" in text


@pytest.mark.parametrize("kind", [Kind.ORDER, Kind.REFUND])
def test_whose_money_is_back_is_never_told_to_give_it_back_again(kind: Kind) -> None:
    text = told(kind, Step.RESTOCK, order())
    assert "don't refund again" in text
    assert "orderRetry" in text
    assert "orderRefund" not in text


@pytest.mark.parametrize("is_owed", [False, True])
def test_another_refund_is_named_only_while_it_is_open_to_the_order(is_owed: bool) -> None:
    assert "another orderRefund" in told(Kind.REFUND, Step.REFUND, order(), is_owed=is_owed)
    assert "another orderRefund" not in told(Kind.REFUND, Step.REFUND, order(), is_refundable=False, is_owed=is_owed)


def test_the_amount_is_what_can_be_given_back_now() -> None:
    assert "15.00 EUR can be given back now" in told(Kind.REFUND, Step.REFUND, order(500))


def test_only_what_the_provider_refused_goes_on_with_the_decision_of_a_dispute() -> None:
    texts = [told(Kind.REFUND, Step.REFUND, order(disputed=100), is_owed=is_owed) for is_owed in (False, True)]
    assert ["by itself" in each for each in texts] == [True, False]


def test_money_that_came_back_is_given_by_one_way_alone_and_after_its_units() -> None:
    assert "do one thing alone" in told(Kind.REFUND, Step.REFUND, order(), is_owed=True)
    units_first = told(Kind.REFUND, Step.RESTOCK, order(), is_owed=True)
    assert "orderRefund" not in units_first
    assert "don't refund again" not in units_first


def test_a_refund_whose_money_a_bank_has_waits_for_the_bank_and_for_nobody_else() -> None:
    with_the_bank, stuck = order(500, disputed=1500), Undertaking(Kind.REFUND, Step.STUCK, Step.REFUND, is_open=False)
    text = told(Kind.REFUND, Step.REFUND, with_the_bank, is_refundable=False)
    assert ("orderRetry" in text, "orderRefund" in text) == (False, False)
    with pytest.raises(RefundAwaitsBank):
        check_retryable(OrderStatus.CONFIRMED, [stuck], with_the_bank)
    check_retryable(OrderStatus.CONFIRMED, [stuck], order(500, disputed=1000))
    cancellation = Undertaking(Kind.ORDER, Step.STUCK, Step.REFUND, is_open=False)
    check_retryable(OrderStatus.CANCELLING, [cancellation, stuck], with_the_bank)


@pytest.mark.parametrize(("kind", "is_owed"), [(Kind.ORDER, False), (Kind.REFUND, False), (Kind.REFUND, True)])
def test_what_the_provider_does_not_give_back_can_be_paid_another_way_unless_a_bank_may_give_it_back(
    kind: Kind, is_owed: bool
) -> None:
    stuck = Undertaking(kind, Step.STUCK, Step.REFUND, is_open=False)
    assert "orderSettle" in told(kind, Step.REFUND, order(), is_owed=is_owed)
    check_settleable(OrderStatus.CONFIRMED, [stuck], order())
    assert "orderSettle" not in told(kind, Step.REFUND, order(disputed=100), is_owed=is_owed)
    with pytest.raises(MoneyDisputed):
        check_settleable(OrderStatus.CONFIRMED, [stuck], order(disputed=100))


def test_of_money_that_was_not_taken_nothing_is_to_be_paid() -> None:
    text = told(Kind.ORDER, Step.REFUND, replace(order(), is_captured=False))
    assert ("to be given back" in text, "orderRetry" in text, "orderSettle" in text) == (False, True, True)


@pytest.mark.parametrize("kind", [Kind.ORDER, Kind.REFUND])
def test_nothing_is_to_be_paid_for_units_that_are_stuck(kind: Kind) -> None:
    assert "orderSettle" not in told(kind, Step.RESTOCK, order())
    with pytest.raises(NothingOwed):
        check_settleable(OrderStatus.CONFIRMED, [Undertaking(kind, Step.STUCK, Step.RESTOCK, is_open=False)], order())
