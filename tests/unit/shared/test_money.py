"""Money in minor units."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.errors import BadUserInput
from shared.money import Money, parse_minor


@pytest.mark.parametrize(
    ("money", "amount"),
    [
        (Money(1990, "EUR"), "19.90"),
        (Money(5, "EUR"), "0.05"),
        (Money(0, "EUR"), "0.00"),
        (Money(-5, "EUR"), "-0.05"),
        (Money(1990, "JPY"), "1990"),
        (Money(1990, "KWD"), "1.990"),
    ],
)
def test_an_amount_has_exactly_its_currencys_decimals(money: Money, amount: str) -> None:
    assert money.amount == amount


@given(minor=st.integers(-(2**52), 2**52), currency=st.sampled_from(["EUR", "JPY", "KWD"]))
def test_an_amount_is_read_back_as_it_was(minor: int, currency: str) -> None:
    assert parse_minor(Money(minor, currency).amount, currency, ("amount",)) == minor


@pytest.mark.parametrize("text", ["", "x", "1.999", "NaN", "Infinity", "1e99", "1,5"])
def test_what_is_no_amount_is_refused_by_field(text: str) -> None:
    with pytest.raises(BadUserInput) as refusal:
        parse_minor(text, "EUR", ("filter", "minPrice"))
    assert refusal.value.field == ("filter", "minPrice")


def test_currencies_are_never_mixed() -> None:
    with pytest.raises(ValueError, match="USD"):
        Money(1, "EUR") + Money(1, "USD")
