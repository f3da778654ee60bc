"""What lists of orders are asked for: mistakes are told before anything is read."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

from shared.errors import BadUserInput
from shared.graphql.pagination import PageRequest
from subgraphs.orders.domain.order import OrderStatus
from subgraphs.orders.entrypoints.graphql.search_inputs import own_filter, staff_filter
from subgraphs.orders.queries.order_search import OrderFilter, OrderSort, TotalRange, search_statement

EARLY, LATE = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC)
EUR = {"currency": "EUR"}


def test_a_filter_is_read_as_it_is_meant() -> None:
    input = {
        "statuses": ["SHIPPED", "CONFIRMED", "SHIPPED"],
        "placed_from": EARLY,
        "placed_before": LATE,
        "email": " Ada@example.com ",
        "sku": " ls ",
        "total": {**EUR, "min": "10", "max": "19.90"},
    }
    assert staff_filter(input, " M-7K3F-9Q2X ", OrderSort.TOTAL_ASC) == OrderFilter(
        None,
        (OrderStatus.CONFIRMED, OrderStatus.SHIPPED),
        EARLY,
        LATE,
        "Ada@example.com",
        "ls",
        TotalRange("EUR", 1000, 1990),
        "M-7K3F-9Q2X",
    )
    customer = uuid4()
    assert own_filter(customer, None) == OrderFilter(customer)


@pytest.mark.parametrize(
    ("input", "search", "sort", "field"),
    [
        ({"statuses": []}, None, OrderSort.NEWEST, ("filter", "statuses")),
        ({"statuses": ["SHIPPED"] * 10}, None, OrderSort.NEWEST, ("filter", "statuses")),
        ({"placed_from": LATE, "placed_before": EARLY}, None, OrderSort.NEWEST, ("filter", "placedFrom")),
        ({"email": "\0"}, None, OrderSort.NEWEST, ("filter", "email")),
        ({"sku": "x" * 300}, None, OrderSort.NEWEST, ("filter", "sku")),
        ({"total": {"currency": "XYZ"}}, None, OrderSort.NEWEST, ("filter", "total", "currency")),
        ({"total": {**EUR, "min": "1.999"}}, None, OrderSort.NEWEST, ("filter", "total", "min")),
        ({"total": {**EUR, "min": "2", "max": "1"}}, None, OrderSort.NEWEST, ("filter", "total", "min")),
        (None, "\0", OrderSort.NEWEST, ("search",)),
        (None, None, OrderSort.TOTAL_ASC, ("filter", "total")),
        ({}, None, OrderSort.TOTAL_DESC, ("filter", "total")),
    ],
)
def test_a_mistake_names_its_field(input: Any, search: str | None, sort: OrderSort, field: tuple[str, ...]) -> None:
    with pytest.raises(BadUserInput) as caught:
        staff_filter(input, search, sort)
    assert caught.value.field == field


def test_what_is_only_white_space_counts_as_left_out() -> None:
    assert staff_filter({"email": " ", "sku": ""}, "\n", OrderSort.NEWEST) == OrderFilter()


@pytest.mark.parametrize("after", [("x", str(uuid4())), (None, str(uuid4())), (EARLY.isoformat(), "x"), (7, 7)])
def test_a_place_of_another_list_is_none_of_this_one(after: tuple[Any, ...]) -> None:
    with pytest.raises(BadUserInput):
        search_statement(OrderFilter(), OrderSort.NEWEST, PageRequest(2, after, "tag"))
