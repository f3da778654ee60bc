"""The life of a payment, without provider or database."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.money import Money
from subgraphs.payments.domain.rejections import (
    AlreadyCaptured,
    NothingCaptured,
    NothingHeld,
    StillHeld,
    TooMuchToRefund,
)
from subgraphs.payments.domain.status import TRANSITIONS, PaymentStatus, is_doubtful, path
from subgraphs.payments.domain.steps import must_capture, must_void, require_not_held, require_refundable

statuses = st.sampled_from(PaymentStatus)


@given(statuses, statuses)
def test_a_path_makes_only_moves_that_are_allowed_and_ends_where_it_was_meant_to(
    current: PaymentStatus, target: PaymentStatus
) -> None:
    steps = path(current, target)
    for previous, following in zip((current, *steps), steps, strict=False):
        assert following in TRANSITIONS[previous]
    assert not steps or steps[-1] is target


@given(statuses, statuses)
def test_there_is_no_way_back(current: PaymentStatus, target: PaymentStatus) -> None:
    assert not (path(current, target) and path(target, current))


@pytest.mark.parametrize("status", PaymentStatus)
def test_what_is_observed_twice_changes_nothing(status: PaymentStatus) -> None:
    assert path(status, status) == ()


def test_a_capture_that_is_learned_first_passes_through_the_authorization() -> None:
    assert path(PaymentStatus.PENDING, PaymentStatus.CAPTURED) == (PaymentStatus.AUTHORIZED, PaymentStatus.CAPTURED)
    assert path(PaymentStatus.REQUIRES_ACTION, PaymentStatus.CAPTURED) == (
        PaymentStatus.AUTHORIZED,
        PaymentStatus.CAPTURED,
    )


@pytest.mark.parametrize("over", [PaymentStatus.DECLINED, PaymentStatus.VOIDED, PaymentStatus.REFUNDED])
@pytest.mark.parametrize("observed", PaymentStatus)
def test_a_payment_that_is_over_stays_over(over: PaymentStatus, observed: PaymentStatus) -> None:
    assert path(over, observed) == ()


@pytest.mark.parametrize("over", [PaymentStatus.DECLINED, PaymentStatus.VOIDED])
@pytest.mark.parametrize("observed", [PaymentStatus.AUTHORIZED, PaymentStatus.CAPTURED, PaymentStatus.REFUNDED])
def test_money_of_a_payment_that_came_to_nothing_is_doubtful(over: PaymentStatus, observed: PaymentStatus) -> None:
    assert is_doubtful(over, observed)
    assert not is_doubtful(observed, over)
    assert not is_doubtful(over, over)


@pytest.mark.parametrize(
    ("status", "asks_the_provider"),
    [(PaymentStatus.AUTHORIZED, True), (PaymentStatus.CAPTURED, False), (PaymentStatus.REFUNDED, False)],
)
def test_a_capture_is_done_once(status: PaymentStatus, asks_the_provider: bool) -> None:
    assert must_capture(status) is asks_the_provider


@pytest.mark.parametrize(
    "status", [PaymentStatus.PENDING, PaymentStatus.REQUIRES_ACTION, PaymentStatus.DECLINED, PaymentStatus.VOIDED]
)
def test_what_is_not_held_cannot_be_captured(status: PaymentStatus) -> None:
    with pytest.raises(NothingHeld) as rejected:
        must_capture(status)
    assert rejected.value.status is status


@pytest.mark.parametrize("status", [PaymentStatus.DECLINED, PaymentStatus.VOIDED, PaymentStatus.REFUNDED])
def test_voiding_what_is_not_held_does_nothing(status: PaymentStatus) -> None:
    assert not must_void(status)


def test_taken_money_cannot_be_voided() -> None:
    with pytest.raises(AlreadyCaptured):
        must_void(PaymentStatus.CAPTURED)


LEFT = Money(100, "EUR")


def test_at_most_what_is_left_can_be_refunded() -> None:
    require_refundable(PaymentStatus.CAPTURED, 100, LEFT)
    with pytest.raises(TooMuchToRefund) as rejected:
        require_refundable(PaymentStatus.CAPTURED, 101, LEFT)
    assert rejected.value.left == LEFT


def test_only_captured_money_can_be_refunded() -> None:
    with pytest.raises(NothingCaptured):
        require_refundable(PaymentStatus.AUTHORIZED, 1, LEFT)


@pytest.mark.parametrize("status", [PaymentStatus.PENDING, PaymentStatus.REQUIRES_ACTION, PaymentStatus.AUTHORIZED])
def test_the_rest_of_what_may_still_be_held_is_not_refunded(status: PaymentStatus) -> None:
    with pytest.raises(StillHeld):
        require_not_held(status)
