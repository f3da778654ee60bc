"""Carts: sums, and what stands between a line and an order."""

from datetime import date
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from shared.money import Money, minor_digits
from subgraphs.orders.domain.cart import MAX_QUANTITY, Backorder, CartLine
from subgraphs.orders.domain.cart_problems import (
    Backordered,
    InsufficientStock,
    LineProblem,
    NoLongerSold,
    PriceChanged,
)
from tests.unit.orders.builders import cart, cart_line


def kinds(line: CartLine) -> list[type[LineProblem]]:
    return [type(problem) for problem in line.problems]


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
    assert kinds(cart_line(quantity=5, available=5)) == []
    assert kinds(cart_line(quantity=5, available=None)) == []


def test_each_kind_of_problem_is_told() -> None:
    assert kinds(cart_line(price=1000, seen=900)) == [PriceChanged]
    assert kinds(cart_line(quantity=5, available=4)) == [InsufficientStock]
    assert kinds(cart_line(price=1000, seen=900, available=0)) == [
        PriceChanged,
        InsufficientStock,
    ]


def test_for_what_is_no_longer_sold_nothing_else_matters() -> None:
    assert kinds(cart_line(price=1000, seen=900, available=0, is_sold=False)) == [NoLongerSold]


AUGUST = date(2027, 8, 1)


def test_a_back_order_is_no_matter_while_there_is_enough() -> None:
    assert kinds(cart_line(quantity=5, available=5, backorder=Backorder(AUGUST))) == []


def test_of_what_may_not_follow_in_this_quantity_nothing_follows() -> None:
    line = cart_line(quantity=5, available=1, backorder=Backorder(AUGUST, 3))
    assert line.problems == [InsufficientStock("Lamp", 1, 3)]
    assert (line.waiting_quantity, line.expected_from) == (0, None)


def test_all_that_may_follow_can_be_ordered_and_a_line_tells_how_many_follow_and_when() -> None:
    line = cart_line(quantity=5, available=2, backorder=Backorder(AUGUST, 3))
    assert kinds(line) == [Backordered]
    assert (line.waiting_quantity, line.expected_from) == (3, AUGUST)
    at_hand = cart_line(quantity=2, available=2, backorder=Backorder(AUGUST, 3))
    assert (at_hand.waiting_quantity, at_hand.expected_from) == (0, None)
