"""Promising stock, as rules without a database."""

from collections import Counter
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.errors import FailedPrecondition
from subgraphs.inventory.domain.reservation import CommitOutcome, ReservationState, commit_outcome, must_give_back
from subgraphs.inventory.domain.stock import Demand, Level, StockStatus, allocate, shortages, status_of

VARIANTS = st.integers(1, 3).map(lambda number: UUID(int=number))
LEVELS = st.lists(
    st.builds(
        lambda variant, warehouse, held, free: Level(variant, UUID(int=100 + warehouse), held + free, held),
        VARIANTS,
        st.integers(0, 2),
        st.integers(0, 5),
        st.integers(0, 9),
    ),
    unique_by=lambda level: (level.variant_id, level.warehouse_id),
)
DEMANDS = st.lists(st.tuples(VARIANTS, st.integers(1, 8)), min_size=1, max_size=6).map(
    lambda wanted: [Demand(UUID(int=1000 + place), variant, quantity) for place, (variant, quantity) in enumerate(wanted)]
)


@given(demands=DEMANDS, levels=LEVELS)
def test_what_is_not_short_can_be_allocated_whole_and_never_beyond_what_is_free(demands: list[Demand], levels: list[Level]) -> None:
    if shortages(demands, levels):
        return
    allocations = allocate(demands, levels)
    by_line: Counter[UUID] = Counter()
    by_place: Counter[tuple[UUID, UUID]] = Counter()
    for taken in allocations:
        assert taken.quantity > 0
        by_line[taken.line_id] += taken.quantity
        by_place[taken.variant_id, taken.warehouse_id] += taken.quantity
    assert by_line == {demand.line_id: demand.quantity for demand in demands}
    free = {(level.variant_id, level.warehouse_id): level.available for level in levels}
    assert all(quantity <= free[place] for place, quantity in by_place.items())


@given(demands=DEMANDS, levels=LEVELS)
def test_a_shortage_names_every_line_of_a_variant_that_is_asked_for_too_often(demands: list[Demand], levels: list[Level]) -> None:
    wanted: Counter[UUID] = Counter()
    for demand in demands:
        wanted[demand.variant_id] += demand.quantity
    free: Counter[UUID] = Counter()
    for level in levels:
        free[level.variant_id] += level.available
    expected = [demand.line_id for demand in demands if wanted[demand.variant_id] > free[demand.variant_id]]
    assert [shortage.line_id for shortage in shortages(demands, levels)] == expected


def test_a_line_is_taken_from_the_fullest_warehouse_so_that_few_parcels_are_needed() -> None:
    variant, near, far = UUID(int=1), UUID(int=2), UUID(int=3)
    levels = [Level(variant, near, 2, 0), Level(variant, far, 9, 0)]
    (allocation,) = allocate([Demand(UUID(int=4), variant, 5)], levels)
    assert (allocation.warehouse_id, allocation.quantity) == (far, 5)


@pytest.mark.parametrize(
    ("available", "status"),
    [(0, StockStatus.OUT_OF_STOCK), (1, StockStatus.LOW_STOCK), (5, StockStatus.LOW_STOCK), (6, StockStatus.IN_STOCK)],
)
def test_a_number_of_pieces_has_a_word(available: int, status: StockStatus) -> None:
    assert status_of(available) is status


@pytest.mark.parametrize(
    ("state", "is_overdue", "outcome"),
    [
        (ReservationState.HELD, False, CommitOutcome.TAKE),
        (ReservationState.HELD, True, CommitOutcome.EXPIRE),
        (ReservationState.COMMITTED, True, CommitOutcome.ALREADY_TAKEN),
        (ReservationState.EXPIRED, True, CommitOutcome.ALREADY_EXPIRED),
    ],
)
def test_a_commit_finds_what_the_state_says(state: ReservationState, is_overdue: bool, outcome: CommitOutcome) -> None:
    assert commit_outcome(state, is_overdue) is outcome


def test_what_was_released_cannot_be_committed_and_what_was_sold_cannot_be_released() -> None:
    with pytest.raises(FailedPrecondition):
        commit_outcome(ReservationState.RELEASED, is_overdue=False)
    with pytest.raises(FailedPrecondition):
        must_give_back(ReservationState.COMMITTED)


@pytest.mark.parametrize("state", [ReservationState.RELEASED, ReservationState.EXPIRED])
def test_what_is_not_held_any_more_has_nothing_to_give_back(state: ReservationState) -> None:
    assert not must_give_back(state)
