"""Carts: sums, and what stands between a line and an order."""

import pytest

from shared.money import Money
from subgraphs.orders.domain.cart import CartLine, CartLineProblemCode, fullness_error, quantity_error
from tests.unit.orders.builders import cart, cart_line


def codes(line: CartLine) -> list[CartLineProblemCode]:
    return [problem.code for problem in line.problems]


def test_a_cart_costs_the_exact_sum_of_its_lines() -> None:
    assert cart(cart_line(price=333, quantity=3), cart_line(price=1, quantity=999)).total == Money(1998, "EUR")


def test_an_empty_cart_and_one_of_two_currencies_have_no_total() -> None:
    assert cart().total is None
    mixed = cart(cart_line(currency="USD"), cart_line(currency="EUR"))
    assert (mixed.total, mixed.currencies) == (None, ["EUR", "USD"])


def test_a_line_that_is_sold_at_the_price_seen_and_in_stock_has_no_problem() -> None:
    assert codes(cart_line(quantity=5, available=5)) == []
    assert codes(cart_line(quantity=5, available=None)) == []


def test_each_kind_of_problem_is_told() -> None:
    assert codes(cart_line(price=1000, seen=900)) == [CartLineProblemCode.PRICE_CHANGED]
    assert codes(cart_line(quantity=5, available=4)) == [CartLineProblemCode.INSUFFICIENT_STOCK]
    assert codes(cart_line(price=1000, seen=900, available=0)) == [
        CartLineProblemCode.PRICE_CHANGED,
        CartLineProblemCode.INSUFFICIENT_STOCK,
    ]


def test_for_what_is_no_longer_sold_nothing_else_matters() -> None:
    assert codes(cart_line(price=1000, seen=900, available=0, is_sold=False)) == [CartLineProblemCode.NO_LONGER_SOLD]


@pytest.mark.parametrize(
    ("available", "message"),
    [(0, "Lamp is out of stock; remove it."), (4, "Only 4 of Lamp can be had; lower the quantity.")],
)
def test_a_shortage_tells_the_way_out(available: int, message: str) -> None:
    assert [problem.message for problem in cart_line(quantity=5, available=available).problems] == [message]


@pytest.mark.parametrize(("quantity", "is_good"), [(0, False), (1, True), (999, True), (1000, False), (-1, False)])
def test_a_line_holds_1_to_999_pieces(quantity: int, is_good: bool) -> None:
    assert (quantity_error(quantity, "quantity") is None) == is_good


def test_a_cart_holds_a_hundred_lines() -> None:
    assert fullness_error(100) is None
    assert fullness_error(101) is not None
