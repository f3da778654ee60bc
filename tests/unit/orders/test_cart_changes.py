"""What goes into a cart, and which carts become one."""

from collections.abc import Callable
from uuid import uuid4

import pytest

from shared.errors import Rejection, Rejections
from shared.money import Money
from subgraphs.orders.domain.cart import MAX_LINES, MAX_QUANTITY, Cart
from subgraphs.orders.domain.cart_changes import (
    Addition,
    CartState,
    WantedUnits,
    additions,
    require_lines,
    require_mergeable,
    require_open,
)
from subgraphs.orders.domain.cart_rejections import (
    CartAlreadyOrdered,
    CartFull,
    CartLineNotFound,
    CartNotFound,
    CartsInSeveralCurrencies,
    LineInOtherCurrency,
    TooManyUnits,
    VariantNotSold,
)
from subgraphs.orders.domain.catalogue import KnownVariant
from tests.unit.orders.builders import cart, cart_line


def variant(price: int = 1000, currency: str = "EUR") -> KnownVariant:
    return KnownVariant(uuid4(), "SKU", "Lamp", Money(price, currency))


def added(to: Cart, *wanted: tuple[KnownVariant, int], unsold: frozenset[KnownVariant] = frozenset()) -> list[Addition]:
    """What goes in of variants that are sold, but for the ``unsold`` ones."""
    sold = {variant.id: variant for variant, _ in wanted if variant not in unsold}
    return list(additions(to, [WantedUnits(variant.id, quantity) for variant, quantity in wanted], sold))


def rejected(by: Callable[[], object]) -> list[tuple[type[Rejection], tuple[object, ...]]]:
    """The kinds of rejection and their facts."""
    with pytest.raises(Rejections) as rejection:
        by()
    return [(type(each), tuple(vars(each).values())) for each in rejection.value.rejections]


def test_what_is_not_there_or_was_ordered_is_not_open() -> None:
    require_open(CartState.OPEN)
    with pytest.raises(CartNotFound):
        require_open(None)
    with pytest.raises(CartAlreadyOrdered):
        require_open(CartState.ORDERED)


def test_the_same_variant_adds_up_at_the_price_of_now() -> None:
    lamp, bowl = variant(1990), variant(250)
    assert added(cart(), (lamp, 2), (bowl, 1), (lamp, 3)) == [
        Addition(lamp.id, 5, lamp.price),
        Addition(bowl.id, 1, bowl.price),
    ]


def test_each_variant_that_is_not_sold_is_named_before_anything_else_is_looked_at() -> None:
    lamp, gone, other = variant(), variant(), variant()
    wanted = (lamp, MAX_QUANTITY), (gone, 1), (lamp, 1), (other, 1)
    assert rejected(lambda: added(cart(), *wanted, unsold=frozenset({gone, other}))) == [
        (VariantNotSold, (1,)),
        (VariantNotSold, (3,)),
    ]


def test_a_line_holds_999_units_with_those_that_are_in_it() -> None:
    lamp = variant()
    held = cart_line(quantity=MAX_QUANTITY - 1)
    same = KnownVariant(held.variant.id, "SKU", "Lamp", held.unit_price)
    assert added(cart(held), (same, 1)) == [Addition(same.id, 1, same.price)]
    assert rejected(lambda: added(cart(held), (lamp, 1), (same, 1), (same, 2))) == [(TooManyUnits, (2, 1001))]
    assert rejected(lambda: added(cart(), (lamp, MAX_QUANTITY), (lamp, 1))) == [(TooManyUnits, (1, 1000))]


def test_a_cart_has_one_currency_which_the_first_variant_brings() -> None:
    euros, dollars = variant(), variant(currency="USD")
    assert rejected(lambda: added(cart(), (euros, 1), (dollars, 1))) == [(LineInOtherCurrency, (1, "USD", "EUR"))]
    assert rejected(lambda: added(cart(cart_line(currency="USD")), (dollars, 1), (euros, 1))) == [
        (LineInOtherCurrency, (1, "EUR", "USD"))
    ]


def test_a_cart_holds_a_hundred_lines() -> None:
    lines = [cart_line() for _ in range(MAX_LINES)]
    same = KnownVariant(lines[0].variant.id, "SKU", "Lamp", lines[0].unit_price)
    assert added(cart(*lines), (same, 1))
    assert added(cart(*lines[1:]), (variant(), 1))
    assert rejected(lambda: added(cart(*lines), (same, 1), (variant(), 1))) == [(CartFull, ())]


def test_all_that_is_wrong_with_sums_currency_and_room_is_told_at_once() -> None:
    lamp, dollars = variant(), variant(currency="USD")
    full = cart(*(cart_line() for _ in range(MAX_LINES)))
    assert [kind for kind, _ in rejected(lambda: added(full, (lamp, 999), (lamp, 1), (dollars, 1)))] == [
        TooManyUnits,
        LineInOtherCurrency,
        CartFull,
    ]


def test_lines_that_are_not_in_the_cart_are_named() -> None:
    line = cart_line()
    require_lines(cart(line), [line.id, line.id])
    assert rejected(lambda: require_lines(cart(line), [line.id, uuid4(), uuid4()])) == [
        (CartLineNotFound, (1,)),
        (CartLineNotFound, (2,)),
    ]


def test_two_carts_of_a_hundred_variants_together_can_be_merged_and_of_more_can_not() -> None:
    shared = cart_line()
    own = cart(shared, *(cart_line() for _ in range(59)))
    fitting = cart(shared, *(cart_line() for _ in range(40)))
    require_mergeable(fitting, own)
    assert rejected(lambda: require_mergeable(cart(*fitting.lines, cart_line()), own)) == [(CartFull, ())]


def test_carts_of_two_currencies_are_not_merged_but_an_empty_one_has_none() -> None:
    euros, dollars = cart(cart_line()), cart(cart_line(currency="USD"))
    assert rejected(lambda: require_mergeable(dollars, euros)) == [(CartsInSeveralCurrencies, (["EUR", "USD"],))]
    require_mergeable(dollars, cart())
