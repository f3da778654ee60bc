"""What an order can be promised, as rules without a database."""

from collections import Counter
from datetime import date
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from subgraphs.inventory.domain.filling import Demand, fewest_shipments
from subgraphs.inventory.domain.promise import InsufficientStock, Promise, Shortage, Waiting, arrivals, promise
from subgraphs.inventory.domain.stock import Backorders, Item, Level
from tests.unit.inventory.builders import DEMANDS, LEVELS, stock_of

SOCKS, HAMBURG, LYON = (UUID(int=number) for number in (1, 10, 11))
ALLOWED = Backorders(is_allowed=True, available_from=date(2026, 12, 1))


def wanted_by_variant(demands: list[Demand]) -> Counter[UUID]:
    wanted: Counter[UUID] = Counter()
    for demand in demands:
        wanted[demand.variant_id] += demand.quantity
    return wanted


@given(demands=DEMANDS, levels=LEVELS)
def test_without_back_orders_the_lines_that_are_short_are_named_or_all_is_there(
    demands: list[Demand], levels: list[Level]
) -> None:
    stock, wanted = stock_of(levels), wanted_by_variant(demands)
    short = [demand.line_id for demand in demands if wanted[demand.variant_id] > stock.available(demand.variant_id)]
    promised = promise(demands, stock, fewest_shipments)
    if isinstance(promised, Promise):
        assert short == []
        assert promised.waiting == []
        assert sum(taken.quantity for taken in promised.allocations) == sum(wanted.values())
    else:
        assert [shortage.line_id for shortage in promised.shortages] == short


@given(demands=DEMANDS, levels=LEVELS, limit=st.none() | st.integers(1, 9), waiting=st.integers(0, 5))
def test_with_back_orders_what_is_not_there_is_waited_for_up_to_the_limit(
    demands: list[Demand], levels: list[Level], limit: int | None, waiting: int
) -> None:
    rules = Backorders(is_allowed=True, limit=limit)
    variants = {demand.variant_id for demand in demands}
    stock = stock_of(levels, *(Item(variant, backorders=rules, waiting=waiting) for variant in variants))
    wanted = wanted_by_variant(demands)
    beyond = {variant: max(0, wanted[variant] - stock.available(variant)) for variant in variants}
    promised = promise(demands, stock, fewest_shipments)
    if limit is not None and any(units > max(0, limit - waiting) for units in beyond.values()):
        assert not isinstance(promised, Promise)
        return
    assert isinstance(promised, Promise)
    assert +promised.waiting_by_variant == +Counter(beyond)
    by_line = Counter({demand.line_id: demand.quantity for demand in demands})
    for taken in promised.allocations:
        by_line[taken.line_id] -= taken.quantity
    for line in promised.waiting:
        by_line[line.line_id] -= line.quantity
    assert not any(by_line.values())


def test_a_shortage_counts_what_could_have_been_waited_for() -> None:
    item = Item(SOCKS, backorders=Backorders(is_allowed=True, limit=4), waiting=1)
    stock = stock_of([Level(SOCKS, HAMBURG, 2, 0)], item)
    line = Demand(UUID(int=9), SOCKS, 6)
    assert promise([line], stock, fewest_shipments) == InsufficientStock([Shortage(line.line_id, SOCKS, 6, 5)])


def test_an_unknown_variant_is_short() -> None:
    line = Demand(UUID(int=9), SOCKS, 1)
    assert promise([line], stock_of([]), fewest_shipments) == InsufficientStock([Shortage(line.line_id, SOCKS, 1, 0)])


def test_those_who_have_waited_longest_get_what_comes_first() -> None:
    lines = [Waiting(UUID(int=50 + place), UUID(int=60 + place), SOCKS, 3, is_sold=place == 0) for place in range(3)]
    stock = stock_of([Level(SOCKS, HAMBURG, 2, 0, 20), Level(SOCKS, LYON, 2, 0, 10)])
    got = [(arrival.waiting, arrival.warehouse_id, arrival.quantity) for arrival in arrivals(lines, stock)]
    assert got == [(lines[0], LYON, 2), (lines[0], HAMBURG, 1), (lines[1], HAMBURG, 1)]
