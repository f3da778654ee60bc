"""What clients read of what stands between a cart and an order."""

from datetime import date

import pytest

from shared.money import Money
from subgraphs.orders.domain import cart_problems as its
from subgraphs.orders.entrypoints.graphql.cart_problems import cart_problem, line_problem

AUGUST = date(2027, 8, 1)
OF_LINES: list[tuple[its.LineProblem, str, str]] = [
    (its.NoLongerSold("Lamp"), "NO_LONGER_SOLD", "Lamp is no longer sold; remove it."),
    (
        its.PriceChanged("Lamp", seen=Money(900, "EUR"), now=Money(1000, "EUR")),
        "PRICE_CHANGED",
        "Lamp costs 10.00 EUR now instead of 9.00 EUR; set its quantity again to agree.",
    ),
    (its.InsufficientStock("Lamp", 0, 0), "INSUFFICIENT_STOCK", "Lamp is out of stock; remove it."),
    (its.InsufficientStock("Lamp", 4, 0), "INSUFFICIENT_STOCK", "Only 4 of Lamp can be had; lower the quantity."),
    (
        its.InsufficientStock("Lamp", 1, 3),
        "INSUFFICIENT_STOCK",
        "Only 4 of Lamp can be had, 1 at once and 3 later; lower the quantity.",
    ),
    (
        its.InsufficientStock("Lamp", 0, 2),
        "INSUFFICIENT_STOCK",
        "Only 2 of Lamp can be had, and later; lower the quantity.",
    ),
    (
        its.Backordered("Lamp", 0, AUGUST),
        "BACKORDERED",
        "Lamp is not in stock now; it can be ordered and follows from 2027-08-01.",
    ),
    (
        its.Backordered("Lamp", 0, None),
        "BACKORDERED",
        "Lamp is not in stock now; it can be ordered and follows later.",
    ),
    (
        its.Backordered("Lamp", 1, None),
        "BACKORDERED",
        "Only 1 of Lamp is in stock now; the others can be ordered and follow later.",
    ),
    (
        its.Backordered("Lamp", 4, AUGUST),
        "BACKORDERED",
        "Only 4 of Lamp are in stock now; the others can be ordered and follow from 2027-08-01.",
    ),
]
OF_CARTS: list[tuple[its.CartProblem, str, str]] = [
    (
        its.SeveralCurrencies(["EUR", "USD"]),
        "SEVERAL_CURRENCIES",
        "The cart's prices are in EUR and USD; order them apart.",
    ),
    (
        its.TotalTooLarge(Money(99_999_999, "EUR")),
        "TOTAL_TOO_LARGE",
        "An order can cost 999999.99 EUR at most; order in parts.",
    ),
]


@pytest.mark.parametrize(("problem", "code", "message"), OF_LINES)
def test_a_line_s_problem_has_a_code_and_tells_the_way_out(problem: its.LineProblem, code: str, message: str) -> None:
    view = line_problem(problem)
    assert (view.code, view.message) == (code, message)


@pytest.mark.parametrize(("problem", "code", "message"), OF_CARTS)
def test_a_cart_s_problem_has_a_code_and_tells_the_way_out(problem: its.CartProblem, code: str, message: str) -> None:
    view = cart_problem(problem)
    assert (view.code, view.message) == (code, message)
