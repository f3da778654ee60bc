"""The saga's table: whatever happens leads to an end, and no end is worse than it says."""

from collections.abc import Iterator

import pytest

from subgraphs.orders.domain.fulfilment import (
    FINAL_STEPS,
    FIRST_STEP,
    STEPS_WITH_DEADLINE,
    TRANSITIONS,
    Outcome,
    Step,
    is_given_up,
    next_step,
    pause_before_retry,
)

Path = list[tuple[Step, Outcome]]


def paths(step: Step = FIRST_STEP, walked: Path | None = None) -> Iterator[tuple[Path, Step]]:
    """Every way from the first step to an end; fails to end if the table had a circle."""
    walked = walked or []
    if step in FINAL_STEPS:
        yield walked, step
        return
    for (at, outcome), following in TRANSITIONS.items():
        if at is step:
            yield from paths(following, [*walked, (step, outcome)])


def test_when_all_goes_well_stock_is_held_before_money_and_sold_before_money_is_taken() -> None:
    step, walked = FIRST_STEP, []
    while step not in FINAL_STEPS:
        walked.append(step)
        step = next_step(step, Outcome.DONE)
    assert walked == [Step.RESERVE, Step.AUTHORIZE, Step.COMMIT, Step.CAPTURE]
    assert step is Step.CONFIRMED


def test_only_an_order_whose_money_was_taken_is_confirmed() -> None:
    for walked, end in paths():
        assert ((Step.CAPTURE, Outcome.DONE) in walked) == (end is Step.CONFIRMED)


def test_a_cancelled_order_holds_and_sold_nothing() -> None:
    for walked, end in paths():
        if end is Step.CANCELLED:
            may_be_held = walked[0] != (Step.RESERVE, Outcome.INSUFFICIENT_STOCK)
            assert ((Step.RELEASE, Outcome.DONE) in walked) == may_be_held
            assert (Step.COMMIT, Outcome.DONE) not in walked


def test_a_cancelled_order_has_let_go_all_money_that_may_be_held() -> None:
    for walked, end in paths():
        steps = [step for step, _ in walked]
        if end is Step.CANCELLED and Step.AUTHORIZE in steps:
            nothing_held = (Step.AUTHORIZE, Outcome.DECLINED) in walked
            assert (Step.VOID in steps) != nothing_held


def test_once_the_pieces_are_sold_nothing_is_undone() -> None:
    for walked, _ in paths():
        if (Step.COMMIT, Outcome.DONE) in walked:
            assert {step for step, _ in walked}.isdisjoint({Step.VOID, Step.RELEASE})


def test_an_order_is_left_to_a_person_only_when_the_other_side_refuses_for_good() -> None:
    for walked, end in paths():
        if end is Step.STUCK:
            assert walked[-1][1] in {Outcome.REFUSED, Outcome.DECLINED}
            assert walked[-1][0] in {Step.CAPTURE, Step.VOID, Step.RELEASE}


def test_only_what_can_still_be_undone_is_given_up() -> None:
    assert {step for step, outcome in TRANSITIONS if outcome is Outcome.TIMED_OUT} == STEPS_WITH_DEADLINE
    assert is_given_up(Step.AUTHORIZE, is_overdue=True)
    assert not is_given_up(Step.AUTHORIZE, is_overdue=False)
    assert not is_given_up(Step.COMMIT, is_overdue=True)


def test_each_step_has_an_answer_to_its_success_and_to_a_refusal() -> None:
    for step in set(Step) - FINAL_STEPS:
        assert (step, Outcome.DONE) in TRANSITIONS
        assert (step, Outcome.REFUSED) in TRANSITIONS
    assert not any(step in FINAL_STEPS for step, _ in TRANSITIONS)


@pytest.mark.parametrize(
    ("attempts", "luck", "seconds"), [(1, 1.0, 0.1), (1, 0.0, 0.05), (3, 1.0, 0.4), (7, 1.0, 5.0), (10_000, 1.0, 5.0)]
)
def test_pauses_double_up_to_five_seconds_and_differ_by_luck(attempts: int, luck: float, seconds: float) -> None:
    assert pause_before_retry(attempts, luck) == pytest.approx(seconds)
