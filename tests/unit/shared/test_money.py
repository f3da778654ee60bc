"""Money in minor units."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from iso4217 import Currency

from seeds.model import CURRENCY
from shared.errors import BadUserInput
from shared.money import Money, is_currency, minor_digits, parse_minor

CODES = [currency.code for currency in Currency if currency.exponent is not None]
HOSTILE_AMOUNTS = (
    *(
        "",
        " ",
        "x",
        "NaN",
        "Infinity",
        "1,5",
        "1.999",
        "1_0.0_0",
        "1__0",
        "\uff11.00",
        "\u0661",
        "\u00b2",
        "1e1",
        "1E0",
        "1e99",
        "0x10",
    ),
    *(
        "+1",
        "-1",
        "-0",
        "\u22121",
        " 1",
        "1 ",
        "1\n",
        "\u00a01",
        "1.",
        ".5",
        ".",
        "1.2.3",
        "00001",
        "00.5",
        "1.0\u200b",
    ),
    *("1.9999999999999999999999999999", "123456789.99999999999999999999", "90071992547409.92", "9" * 10_000),
)


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


@given(minor=st.integers(0, 2**53 - 1), currency=st.sampled_from(CODES))
def test_an_amount_is_read_back_as_it_was(minor: int, currency: str) -> None:
    assert parse_minor(Money(minor, currency).amount, currency, ("amount",)) == minor


@pytest.mark.parametrize("currency", CODES)
def test_an_amount_has_at_most_the_decimals_that_iso_4217_says(currency: str) -> None:
    digits = Currency(currency).exponent
    assert digits is not None
    assert minor_digits(currency) == digits
    assert parse_minor("7", currency, ("amount",)) == 7 * 10**digits
    with pytest.raises(BadUserInput, match=f"{currency} has {digits} decimals"):
        parse_minor(f"7.{'0' * (digits + 1)}", currency, ("amount",))


@pytest.mark.parametrize(
    ("text", "currency", "minor"), [("1000", "XOF", 1000), ("1.234", "KWD", 1234), ("5", "ISK", 5)]
)
def test_currencies_that_were_taken_for_ones_of_two_decimals(text: str, currency: str, minor: int) -> None:
    assert parse_minor(text, currency, ("amount",)) == minor


@pytest.mark.parametrize("code", ["ZZZ", "XXX", "XAU", "HRK", "eur", "EUR\n", "EU", "", "\uff25\uff35\uff32"])
def test_what_is_no_currency_is_rejected_by_name(code: str) -> None:
    with pytest.raises(BadUserInput) as rejection:
        parse_minor("1", code, ("amount", "currency"))
    assert rejection.value.field == ("amount", "currency")
    assert repr(code[:3]) in rejection.value.message


def test_what_was_sold_for_a_currency_that_is_gone_is_still_shown() -> None:
    assert Money(1990, "HRK").amount == "19.90"


def test_the_demonstration_shop_sells_for_a_currency_of_iso_4217() -> None:
    assert is_currency(CURRENCY)


@pytest.mark.parametrize("text", HOSTILE_AMOUNTS)
def test_what_is_no_amount_is_rejected_by_field(text: str) -> None:
    with pytest.raises(BadUserInput) as rejection:
        parse_minor(text, "EUR", ("filter", "minPrice"))
    assert rejection.value.field == ("filter", "minPrice")


def test_currencies_are_never_mixed() -> None:
    with pytest.raises(ValueError, match="USD"):
        Money(1, "EUR") + Money(1, "USD")
