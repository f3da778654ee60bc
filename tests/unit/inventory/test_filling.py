"""From which warehouses orders are filled."""

from collections import Counter
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subgraphs.inventory.domain.filling import POLICIES, Demand, Fill, by_priority, fewest_shipments
from subgraphs.inventory.domain.stock import Level
from tests.unit.inventory.builders import DEMANDS, LEVELS, OF_ONE_WAREHOUSE, SATISFIABLE

FILLS = st.sampled_from(list(POLICIES.values()))
SOCKS, SHOES, HAMBURG, LYON, PORTO = (UUID(int=number) for number in range(1, 6))


@given(fill=FILLS, demands=DEMANDS, levels=LEVELS)
def test_no_policy_takes_more_of_a_place_than_is_available_there(
    fill: Fill, demands: list[Demand], levels: list[Level]
) -> None:
    taken: Counter[tuple[UUID, UUID]] = Counter()
    for allocation in fill(demands, levels):
        assert allocation.quantity > 0
        taken[allocation.variant_id, allocation.warehouse_id] += allocation.quantity
    free = {(level.variant_id, level.warehouse_id): level.available for level in levels}
    assert all(quantity <= free[place] for place, quantity in taken.items())


@given(fill=FILLS, order=SATISFIABLE)
def test_every_policy_takes_all_that_is_asked_for_when_there_is_enough(
    fill: Fill, order: tuple[list[Demand], list[Level]]
) -> None:
    demands, levels = order
    by_line: Counter[UUID] = Counter()
    for allocation in fill(demands, levels):
        by_line[allocation.line_id] += allocation.quantity
    assert by_line == {demand.line_id: demand.quantity for demand in demands}


@given(fill=FILLS, demands=DEMANDS, levels=LEVELS, shuffled=st.randoms(use_true_random=False))
def test_every_policy_is_the_same_for_the_same_stock_however_it_is_listed(
    fill: Fill, demands: list[Demand], levels: list[Level], shuffled: object
) -> None:
    other = list(levels)
    shuffled.shuffle(other)  # type: ignore[attr-defined]
    assert fill(demands, levels) == fill(demands, other)


@given(order=OF_ONE_WAREHOUSE)
def test_a_warehouse_that_has_the_whole_order_supplies_it_alone(order: tuple[list[Demand], list[Level]]) -> None:
    demands, levels = order
    used = {allocation.warehouse_id for allocation in fewest_shipments(demands, levels)}
    assert len(used) == (1 if demands else 0)


@given(demands=DEMANDS, levels=LEVELS)
def test_by_priority_nothing_is_taken_while_an_earlier_warehouse_has_some(
    demands: list[Demand], levels: list[Level]
) -> None:
    taken: Counter[tuple[UUID, UUID]] = Counter()
    for allocation in by_priority(demands, levels):
        taken[allocation.variant_id, allocation.warehouse_id] += allocation.quantity
    for later in levels:
        for earlier in levels:
            if earlier.variant_id == later.variant_id and earlier.priority < later.priority:
                is_left = taken[earlier.variant_id, earlier.warehouse_id] < earlier.available
                assert not (is_left and taken[later.variant_id, later.warehouse_id])


def test_a_line_that_no_warehouse_has_whole_comes_from_the_fullest_first() -> None:
    levels = [Level(SOCKS, HAMBURG, 2, 0), Level(SOCKS, LYON, 4, 0), Level(SOCKS, PORTO, 9, 6)]
    allocations = fewest_shipments([Demand(UUID(int=9), SOCKS, 8)], levels)
    assert [(taken.warehouse_id, taken.quantity) for taken in allocations] == [(LYON, 4), (PORTO, 3), (HAMBURG, 1)]


def test_one_warehouse_for_the_whole_order_comes_before_a_fuller_one_for_a_line() -> None:
    levels = [Level(SOCKS, HAMBURG, 9, 0), Level(SOCKS, LYON, 2, 0), Level(SHOES, LYON, 1, 0)]
    allocations = fewest_shipments([Demand(UUID(int=8), SOCKS, 2), Demand(UUID(int=9), SHOES, 1)], levels)
    assert {taken.warehouse_id for taken in allocations} == {LYON}


@pytest.mark.parametrize("fill", POLICIES.values(), ids=POLICIES)
def test_of_equal_warehouses_the_one_with_the_lower_priority_is_taken(fill: Fill) -> None:
    levels = [Level(SOCKS, HAMBURG, 5, 0, 20), Level(SOCKS, LYON, 5, 0, 10)]
    (allocation,) = fill([Demand(UUID(int=9), SOCKS, 5)], levels)
    assert allocation.warehouse_id == LYON
