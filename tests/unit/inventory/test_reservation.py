"""The life of a reservation, and what can come back of it."""

from collections import Counter
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subgraphs.inventory.domain.rejections import (
    AttemptOver,
    AttemptWithoutReservation,
    NothingSold,
    ReservationCommitted,
    ReservationReleased,
    TooManyReturned,
)
from subgraphs.inventory.domain.reservation import CommitStep, Reservation, ReservationState, Stage
from subgraphs.inventory.domain.returning import SoldHold, SoldLine, Wanted, plan_return
from subgraphs.inventory.domain.stock import Stock

VARIANT, WAREHOUSE = UUID(int=1), UUID(int=2)


def reservation(state: ReservationState, attempt: int = 1) -> Reservation:
    return Reservation(UUID(int=3), Stage(attempt, state), is_overdue=False, stock=Stock({}, []))


@pytest.mark.parametrize(
    ("state", "step"),
    [
        (ReservationState.HELD, CommitStep.SELL_HELD),
        (ReservationState.COMMITTED, CommitStep.NOTHING),
        (ReservationState.EXPIRED, CommitStep.SELL_ANEW),
    ],
)
def test_a_commit_does_what_the_state_asks_for(state: ReservationState, step: CommitStep) -> None:
    assert reservation(state).commit_step(1) is step


def test_what_was_released_cannot_be_committed_and_what_was_sold_cannot_be_released() -> None:
    with pytest.raises(ReservationReleased):
        reservation(ReservationState.RELEASED).commit_step(1)
    with pytest.raises(ReservationCommitted):
        reservation(ReservationState.COMMITTED).holds_units()


@pytest.mark.parametrize("state", [ReservationState.RELEASED, ReservationState.EXPIRED])
def test_what_is_not_held_any_more_has_nothing_to_release(state: ReservationState) -> None:
    assert not reservation(state).holds_units()


@pytest.mark.parametrize("state", [ReservationState.HELD, ReservationState.RELEASED, ReservationState.EXPIRED])
def test_what_was_not_sold_cannot_be_returned(state: ReservationState) -> None:
    with pytest.raises(NothingSold) as rejection:
        reservation(state).require_sold(1)
    assert rejection.value.state == state


def test_an_attempt_that_is_over_and_one_that_reserved_nothing_are_told_apart() -> None:
    second = reservation(ReservationState.COMMITTED, attempt=2)
    with pytest.raises(AttemptOver) as over:
        second.require_sold(1)
    assert (over.value.attempt, over.value.current) == (1, 2)
    with pytest.raises(AttemptWithoutReservation):
        second.commit_step(3)


@st.composite
def sold(draw: st.DrawFn) -> tuple[list[SoldLine], list[SoldHold]]:
    lines: list[SoldLine] = []
    holds: list[SoldHold] = []
    for number in range(draw(st.integers(1, 3))):
        line_id = UUID(int=10 + number)
        units = draw(
            st.lists(st.integers(1, 4).flatmap(lambda most: st.tuples(st.just(most), st.integers(0, most))), max_size=3)
        )
        for quantity, returned in units:
            holds.append(SoldHold(len(holds), line_id, VARIANT, WAREHOUSE, quantity, returned))
        waiting, unwaited = draw(st.integers(0, 3)), draw(st.integers(0, 2))
        quantity = sum(each for each, _ in units) + waiting + unwaited
        lines.append(SoldLine(line_id, VARIANT, quantity, waiting, sum(its for _, its in units) + unwaited))
    return lines, holds


@given(order=sold(), wanted=st.lists(st.tuples(st.integers(0, 3), st.integers(1, 6)), max_size=4))
def test_what_comes_back_is_what_was_asked_for_and_never_more_than_was_sold(
    order: tuple[list[SoldLine], list[SoldHold]], wanted: list[tuple[int, int]]
) -> None:
    lines, holds = order
    asked: Counter[UUID] = Counter()
    for number, quantity in wanted:
        asked[UUID(int=10 + number)] += quantity
    left = Counter({line.line_id: line.returnable for line in lines})
    wishes = [Wanted(UUID(int=10 + number), quantity) for number, quantity in wanted]
    if any(units > left[line_id] for line_id, units in asked.items()):
        with pytest.raises(TooManyReturned):
            plan_return(lines, holds, wishes)
        return
    coming = plan_return(lines, holds, wishes)
    came: Counter[UUID] = Counter()
    for hold, units in coming.restocked:
        assert 0 < units <= hold.quantity - hold.returned
        came[hold.line_id] += units
    for its in coming.unwaited:
        came[its.line_id] += its.quantity
    assert +came == +(asked if wanted else left)


def test_units_that_never_came_are_returned_before_those_that_did() -> None:
    line = SoldLine(UUID(int=10), VARIANT, 5, waiting=2, returned=0)
    hold = SoldHold(1, line.line_id, VARIANT, WAREHOUSE, 3, 0)
    coming = plan_return([line], [hold], [Wanted(line.line_id, 3)])
    assert [its.quantity for its in coming.unwaited] == [2]
    assert coming.restocked == [(hold, 1)]
