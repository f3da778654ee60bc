"""The sagas' tables: whatever happens leads to an end, and no end is worse than it says."""

from collections.abc import Iterator

import pytest

from subgraphs.orders.domain.fulfilment import (
    CAPTURED_LATER,
    FINAL_STEPS,
    FIRST_STEPS,
    ORDER_TRANSITIONS,
    REFUND_TRANSITIONS,
    SHIPMENT_TRANSITIONS,
    STEPS_WITH_DEADLINE,
    Kind,
    Outcome,
    Step,
    Transitions,
    is_cancelled_at,
    is_given_up,
    pause_before_look,
    pause_before_retry,
    turned,
)
from tests.unit.orders.builders import saga

Path = list[tuple[Step, Outcome]]
FORWARDS = (Step.RESERVE, Step.AUTHORIZE, Step.AWAIT_ACTION, Step.COMMIT, Step.CAPTURE)
BACKWARDS = (Step.VOID, Step.REFUND, Step.RELEASE, Step.RESTOCK)
TABLES = [
    (ORDER_TRANSITIONS, Kind.ORDER),
    (CAPTURED_LATER, Kind.ORDER),
    (REFUND_TRANSITIONS, Kind.REFUND),
    (SHIPMENT_TRANSITIONS, Kind.SHIPMENT),
]


def paths(table: Transitions, step: Step, walked: Path | None = None) -> Iterator[tuple[Path, Step]]:
    """Every way from a step to an end; fails to end if the table had a circle of several steps."""
    walked = walked or []
    if step in FINAL_STEPS:
        yield walked, step
        return
    for (at, outcome), following in table.items():
        if at is step and following is not step:
            yield from paths(table, following, [*walked, (step, outcome)])


def order_paths() -> Iterator[tuple[Path, Step]]:
    return paths(ORDER_TRANSITIONS, Step.RESERVE)


def steps_of(table: Transitions, first: Step) -> list[Step]:
    """The steps when all goes well."""
    step, walked = first, [first]
    while step not in FINAL_STEPS:
        step = table[step, Outcome.DONE]
        walked.append(step)
    return walked


def test_when_all_goes_well_stock_is_held_before_money_and_sold_before_money_is_taken() -> None:
    walked = steps_of(ORDER_TRANSITIONS, Step.RESERVE)
    assert walked == [Step.RESERVE, Step.AUTHORIZE, Step.COMMIT, Step.CAPTURE, Step.CONFIRMED]


def test_where_money_is_taken_with_the_first_shipment_it_is_only_held_before() -> None:
    assert steps_of(CAPTURED_LATER, Step.RESERVE) == [Step.RESERVE, Step.AUTHORIZE, Step.COMMIT, Step.CONFIRMED]
    assert steps_of(SHIPMENT_TRANSITIONS, Step.CAPTURE) == [Step.CAPTURE, Step.DONE]


def test_a_refund_gives_the_money_back_before_the_units() -> None:
    assert steps_of(REFUND_TRANSITIONS, Step.REFUND) == [Step.REFUND, Step.RESTOCK, Step.DONE]


@pytest.mark.parametrize(("table", "kind"), TABLES)
def test_every_step_that_can_be_reached_has_an_answer_to_its_success_and_to_a_refusal(
    table: Transitions, kind: Kind
) -> None:
    reached = {step for walked, _ in paths(table, FIRST_STEPS[kind]) for step, _ in walked}
    for step in reached:
        assert (step, Outcome.DONE) in table
        assert (step, Outcome.REJECTED) in table
    assert not any(step in FINAL_STEPS for step, _ in table)


def test_only_an_order_whose_money_was_taken_is_confirmed() -> None:
    for walked, end in order_paths():
        assert ((Step.CAPTURE, Outcome.DONE) in walked) == (end is Step.CONFIRMED)


def test_a_cancelled_order_holds_no_units_and_sold_none() -> None:
    for walked, end in order_paths():
        if end is Step.CANCELLED and walked[0] != (Step.RESERVE, Outcome.INSUFFICIENT_STOCK):
            assert walked[-1] in {(Step.RELEASE, Outcome.DONE), (Step.RESTOCK, Outcome.DONE)}


def test_a_cancelled_order_has_let_go_or_given_back_all_money_that_may_be_held_or_taken() -> None:
    for walked, end in order_paths():
        steps = [step for step, _ in walked]
        if end is Step.CANCELLED and Step.AUTHORIZE in steps and (Step.AUTHORIZE, Outcome.DECLINED) not in walked:
            assert {(Step.VOID, Outcome.DONE), (Step.REFUND, Outcome.DONE)} & set(walked)


def test_once_it_goes_backwards_an_order_never_goes_forwards_again() -> None:
    for walked, _ in order_paths():
        steps = [step for step, _ in walked]
        if any(step in BACKWARDS for step in steps):
            first = next(index for index, step in enumerate(steps) if step in BACKWARDS)
            assert all(step in BACKWARDS for step in steps[first:])


def test_an_order_is_left_to_a_person_only_when_giving_back_is_refused() -> None:
    for walked, end in order_paths():
        if end is Step.STUCK:
            assert walked[-1] in {(Step.REFUND, Outcome.REJECTED), (Step.RESTOCK, Outcome.REJECTED)}


def test_only_what_can_still_be_undone_is_given_up() -> None:
    assert {step for step, outcome in ORDER_TRANSITIONS if outcome is Outcome.TIMED_OUT} == STEPS_WITH_DEADLINE
    assert is_given_up(saga(Step.AUTHORIZE, is_overdue=True))
    assert not is_given_up(saga(Step.AUTHORIZE))
    assert not is_given_up(saga(Step.COMMIT, is_overdue=True))


@pytest.mark.parametrize("step", FORWARDS)
def test_every_step_forwards_turns_round_when_the_order_is_to_be_cancelled(step: Step) -> None:
    assert is_cancelled_at(saga(step, is_cancelled=True))
    assert not is_cancelled_at(saga(step))
    assert ORDER_TRANSITIONS[step, Outcome.CANCEL_REQUESTED] in BACKWARDS


@pytest.mark.parametrize("step", BACKWARDS)
def test_no_step_backwards_turns_round(step: Step) -> None:
    assert not is_cancelled_at(saga(step, is_cancelled=True))
    assert turned(step) is step


def test_instead_of_going_on_or_ending_an_order_that_is_to_be_cancelled_goes_backwards() -> None:
    for step in {*FORWARDS, Step.CONFIRMED, Step.CANCELLED} - {Step.RESERVE}:
        assert turned(step) in BACKWARDS


@pytest.mark.parametrize(
    ("attempts", "luck", "seconds"), [(1, 1.0, 0.1), (1, 0.0, 0.05), (3, 1.0, 0.4), (7, 1.0, 5.0), (10_000, 1.0, 5.0)]
)
def test_pauses_double_up_to_five_seconds_and_differ_by_luck(attempts: int, luck: float, seconds: float) -> None:
    assert pause_before_retry(attempts, luck) == pytest.approx(seconds)


@pytest.mark.parametrize(("attempts", "seconds"), [(0, 1.0), (1, 1.0), (2, 2.0), (4, 8.0), (5, 15.0), (10_000, 15.0)])
def test_a_buyer_is_waited_for_from_one_to_fifteen_seconds_at_a_time(attempts: int, seconds: float) -> None:
    assert pause_before_look(attempts) == seconds
