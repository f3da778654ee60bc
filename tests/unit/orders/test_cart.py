"""Carts: sums, and what stands between a line and an order."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.money import Money, minor_digits
from subgraphs.orders.domain.cart import (
    MAX_QUANTITY,
    Backorder,
    CartLine,
    CartLineProblemCode,
)
from tests.unit.orders.builders import cart, cart_line


def codes(line: CartLine) -> list[CartLineProblemCode]:
    return [problem.code for problem in line.problems]


def test_a_cart_costs_the_exact_sum_of_its_lines() -> None:
    assert cart(cart_line(price=333, quantity=3), cart_line(price=1, quantity=999)).total == Money(1998, "EUR")


PRICED = st.tuples(st.integers(0, 99_999_999), st.integers(1, MAX_QUANTITY))


@given(st.lists(PRICED, min_size=1, max_size=20), st.sampled_from(["EUR", "JPY", "KWD"]))
def test_a_total_is_the_exact_rational_sum_in_every_currency_and_whatever_the_order_of_lines(
    priced: list[tuple[int, int]], currency: str
) -> None:
    lines = [cart_line(price=price, quantity=quantity, currency=currency) for price, quantity in priced]
    total = cart(*lines).total
    assert total is not None
    unit = 10 ** minor_digits(currency)
    assert Fraction(total.amount) == sum(Fraction(price, unit) * quantity for price, quantity in priced)
    assert cart(*reversed(lines)).total == total
    assert total == Money(sum(line.total.minor for line in lines), currency)


@given(st.integers(0, 99_999_999), st.integers(1, MAX_QUANTITY), st.integers(1, MAX_QUANTITY))
def test_units_bought_apart_cost_what_they_cost_together(price: int, first: int, second: int) -> None:
    apart = cart(cart_line(price=price, quantity=first), cart_line(price=price, quantity=second)).total
    assert apart == cart_line(price=price, quantity=first + second).total


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


AUGUST = date(2027, 8, 1)


@pytest.mark.parametrize(
    ("available", "backorder", "message"),
    [
        (0, Backorder(AUGUST), "Lamp is not in stock now; it can be ordered and follows from 2027-08-01."),
        (0, Backorder(None), "Lamp is not in stock now; it can be ordered and follows later."),
        (1, Backorder(None), "Only 1 of Lamp is in stock now; the others can be ordered and follow later."),
        (
            4,
            Backorder(AUGUST),
            "Only 4 of Lamp are in stock now; the others can be ordered and follow from 2027-08-01.",
        ),
    ],
)
def test_what_can_be_back_ordered_is_told_and_blocks_nothing(
    available: int, backorder: Backorder, message: str
) -> None:
    (problem,) = cart_line(quantity=5, available=available, backorder=backorder).problems
    assert (problem.code, problem.message, problem.is_blocking) == (CartLineProblemCode.BACKORDERED, message, False)


def test_a_back_order_is_no_matter_while_there_is_enough() -> None:
    assert codes(cart_line(quantity=5, available=5, backorder=Backorder(AUGUST))) == []


@pytest.mark.parametrize(
    ("available", "remaining", "message"),
    [
        (1, 3, "Only 4 of Lamp can be had, 1 at once and 3 later; lower the quantity."),
        (0, 2, "Only 2 of Lamp can be had, and later; lower the quantity."),
        (3, 0, "Only 3 of Lamp can be had; lower the quantity."),
        (0, 0, "Lamp is out of stock; remove it."),
    ],
)
def test_no_more_can_be_ordered_than_is_there_and_may_follow(available: int, remaining: int, message: str) -> None:
    line = cart_line(quantity=5, available=available, backorder=Backorder(AUGUST, remaining))
    (problem,) = line.problems
    assert (problem.code, problem.message, problem.is_blocking) == (
        CartLineProblemCode.INSUFFICIENT_STOCK,
        message,
        True,
    )
    assert (line.waiting_quantity, line.expected_from) == (0, None)


def test_all_that_may_follow_can_be_ordered_and_a_line_tells_how_many_follow_and_when() -> None:
    line = cart_line(quantity=5, available=2, backorder=Backorder(AUGUST, 3))
    assert codes(line) == [CartLineProblemCode.BACKORDERED]
    assert (line.waiting_quantity, line.expected_from) == (3, AUGUST)
    at_hand = cart_line(quantity=2, available=2, backorder=Backorder(AUGUST, 3))
    assert (at_hand.waiting_quantity, at_hand.expected_from) == (0, None)


def test_every_other_problem_blocks_the_order() -> None:
    lines = [cart_line(quantity=5, available=0), cart_line(seen=900), cart_line(is_sold=False)]
    assert [problem.is_blocking for line in lines for problem in line.problems] == [True, True, True]
