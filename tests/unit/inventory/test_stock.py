"""Stock and how it changes, as rules without a database."""

from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subgraphs.inventory.domain.events import announcements, rules_changed
from subgraphs.inventory.domain.stock import (
    Backorders,
    Cause,
    Change,
    Item,
    Level,
    Movement,
    MovementKind,
    StockStatus,
    status_of,
)
from tests.contracts import assert_payload_matches
from tests.unit.inventory.builders import stock_of

SOCKS, HAMBURG = UUID(int=1), UUID(int=2)
NOW = datetime(2026, 11, 22, 18, tzinfo=UTC)
ALLOWED = Backorders(is_allowed=True, available_from=date(2026, 12, 1), limit=3)


def moved(units: int) -> Change:
    return Change([Movement(MovementKind.ADJUSTED, SOCKS, HAMBURG, units, 0, Cause("counted"))])


def announced(before: int, after: int, item: Item | None = None) -> list[str]:
    stock = stock_of([Level(SOCKS, HAMBURG, before, 0)], item or Item(SOCKS, version=7))
    events = list(announcements(stock, stock.after(moved(after - before)), NOW))
    for event in events:
        assert_payload_matches(event.type, {**event.payload, "variantId": str(SOCKS), "occurredAt": NOW.isoformat()})
        assert event.payload["version"] == 8
    return [event.type.rpartition(".")[2] for event in events]


@pytest.mark.parametrize(
    ("available", "item", "status"),
    [
        (0, Item(SOCKS), StockStatus.OUT_OF_STOCK),
        (1, Item(SOCKS), StockStatus.LOW_STOCK),
        (5, Item(SOCKS), StockStatus.LOW_STOCK),
        (6, Item(SOCKS), StockStatus.IN_STOCK),
        (6, Item(SOCKS, low_stock_threshold=6), StockStatus.LOW_STOCK),
        (1, Item(SOCKS, low_stock_threshold=0), StockStatus.IN_STOCK),
        (0, Item(SOCKS, backorders=ALLOWED), StockStatus.BACKORDER),
        (0, Item(SOCKS, backorders=ALLOWED, waiting=3), StockStatus.OUT_OF_STOCK),
        (1, Item(SOCKS, backorders=ALLOWED), StockStatus.LOW_STOCK),
    ],
)
def test_a_number_of_units_has_a_word(available: int, item: Item, status: StockStatus) -> None:
    assert status_of(available, item) is status


@given(before=st.integers(0, 12), after=st.integers(0, 12), threshold=st.integers(0, 12))
def test_low_stock_is_announced_once_when_it_falls_to_the_threshold(before: int, after: int, threshold: int) -> None:
    told = announced(before, after, Item(SOCKS, version=7, low_stock_threshold=threshold))
    assert ("StockLow" in told) == (after <= threshold < before)
    assert ("StockChanged" in told) == (before != after)


def test_nothing_is_announced_when_shoppers_can_notice_nothing() -> None:
    stock = stock_of([Level(SOCKS, HAMBURG, 9, 4)])
    sold = Change([Movement(MovementKind.SOLD, SOCKS, HAMBURG, -4, -4, Cause("order paid", order_id=UUID(int=9)))])
    assert list(announcements(stock, stock.after(sold), NOW)) == []


def test_the_last_unit_that_may_be_waited_for_is_announced() -> None:
    stock = stock_of([Level(SOCKS, HAMBURG, 0, 0)], Item(SOCKS, backorders=ALLOWED, waiting=2))
    (event,) = announcements(stock, stock.after(Change(waiting={SOCKS: 1})), NOW)
    assert event.payload["backorder"] == {"isAllowed": False, "availableFrom": None, "remaining": 0}
    assert event.payload["expectedFrom"] == date(2026, 12, 1)


def test_new_rules_are_announced_only_when_shoppers_can_notice_them() -> None:
    item = Item(SOCKS)
    assert list(rules_changed(item, Item(SOCKS, low_stock_threshold=9), 7, NOW)) == []
    (event,) = rules_changed(item, Item(SOCKS, backorders=ALLOWED), 7, NOW)
    assert event.payload["backorder"] == {"isAllowed": True, "availableFrom": date(2026, 12, 1), "remaining": 3}


def test_two_changes_after_each_other_are_one() -> None:
    stock = stock_of([Level(SOCKS, HAMBURG, 5, 1)], Item(SOCKS, waiting=2))
    first, second = Change(moved(3).movements, {SOCKS: -1}), Change(moved(-1).movements, {SOCKS: -1})
    assert stock.after(first.and_then(second)) == stock.after(first).after(second)
