"""The arguments of lists of orders: what is read here can be relied on."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from shared.email import LONGEST
from shared.errors import BadUserInput
from shared.money import checked_currency, parse_minor
from shared.text import optional_text, text_mistake
from subgraphs.orders.domain.order import OrderStatus
from subgraphs.orders.queries.order_search import OrderFilter, OrderSort, TotalRange

Input = Mapping[str, Any]


def own_filter(customer_id: UUID, input: Input | None) -> OrderFilter:
    """The SDL's ``OwnOrderFilter``, of a customer's orders.

    Raises:
        BadUserInput: naming the field that is wrong.
    """
    return replace(_shared(input or {}), customer_id=customer_id)


def staff_filter(input: Input | None, search: str | None, sort: OrderSort) -> OrderFilter:
    """The SDL's ``OrderFilter`` and what is searched for.

    Raises:
        BadUserInput: naming the field that is wrong.
    """
    given = input or {}
    wanted = replace(
        _shared(given),
        email=_text(given.get("email"), "The e-mail address", "filter", "email"),
        sku=_text(given.get("sku"), "The article number", "filter", "sku"),
        total=_total(given.get("total")),
        search=_text(search, "What is searched for", "search"),
    )
    if sort in (OrderSort.TOTAL_ASC, OrderSort.TOTAL_DESC) and wanted.total is None:
        message = f"Sorting by {sort} needs filter.total with a currency: amounts of several have no order."
        raise BadUserInput(message, ("filter", "total"))
    return wanted


def _shared(input: Input) -> OrderFilter:
    placed_from, placed_before = input.get("placed_from"), input.get("placed_before")
    if placed_from and placed_before and placed_from >= placed_before:
        raise BadUserInput("placedFrom is not before placedBefore.", ("filter", "placedFrom"))
    return OrderFilter(statuses=_statuses(input.get("statuses")), placed_from=placed_from, placed_before=placed_before)


def _statuses(typed: list[str] | None) -> tuple[OrderStatus, ...] | None:
    if typed is None:
        return None
    if not 1 <= len(typed) <= len(OrderStatus):
        raise BadUserInput(f"Name 1 to {len(OrderStatus)} statuses, or leave them out.", ("filter", "statuses"))
    return tuple(OrderStatus(status) for status in sorted(set(typed)))


def _text(typed: str | None, name: str, *field: str) -> str | None:
    text = optional_text(typed)
    if text is None:
        return None
    mistake = text_mistake(name, text, LONGEST)
    if mistake is not None:
        raise BadUserInput(mistake, field)
    return text


def _total(input: Input | None) -> TotalRange | None:
    if input is None:
        return None
    currency = checked_currency(input["currency"], ("filter", "total", "currency"))
    low, high = _minor(input.get("min"), currency, "min"), _minor(input.get("max"), currency, "max")
    if low is not None and high is not None and low > high:
        raise BadUserInput("min is above max.", ("filter", "total", "min"))
    return TotalRange(currency, low, high)


def _minor(typed: str | None, currency: str, name: str) -> int | None:
    return None if typed is None else parse_minor(typed, currency, ("filter", "total", name))
