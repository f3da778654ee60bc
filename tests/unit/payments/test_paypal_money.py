"""How amounts are written for PayPal, which knows decimals of fewer currencies than ISO 4217."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from iso4217 import Currency

from shared.money import Money, minor_digits
from subgraphs.payments.infrastructure.payable import NotPayableError
from subgraphs.payments.infrastructure.paypal_money import paypal_amount, read_amount
from tests.doubles.paypal import amounts

CODES = [currency.code for currency in Currency if currency.exponent is not None]
CURRENCIES = ("EUR", "USD", "GBP", "JPY", "HUF", "TWD")


@pytest.mark.parametrize(
    ("money", "value"),
    [
        (Money(1990, "EUR"), "19.90"),
        (Money(5, "USD"), "0.05"),
        (Money(1990, "JPY"), "1990"),
        (Money(199_000, "HUF"), "1990"),
        (Money(100, "TWD"), "1"),
    ],
)
def test_amounts_are_decimal_strings_and_whole_where_paypal_has_no_decimals(money: Money, value: str) -> None:
    assert paypal_amount(money) == {"currency_code": money.currency, "value": value}


@pytest.mark.parametrize("money", [Money(199_050, "HUF"), Money(1, "TWD")])
def test_a_fraction_that_paypal_does_not_know_is_not_rounded_but_rejected(money: Money) -> None:
    with pytest.raises(NotPayableError):
        paypal_amount(money)


@pytest.mark.parametrize("code", CODES)
def test_every_code_is_written_as_paypal_takes_it_or_rejected(code: str) -> None:
    money = Money(7 * 10 ** minor_digits(code), code)
    if code not in amounts.CURRENCIES:
        with pytest.raises(NotPayableError, match=code):
            paypal_amount(money)
        return
    fields = paypal_amount(money)
    assert amounts.read(fields, "/amount") == (7 if code in ("HUF", "JPY", "TWD") else 700)
    assert read_amount(fields) == money


@given(st.integers(min_value=1, max_value=99_999_999), st.sampled_from(CURRENCIES))
def test_what_is_written_reads_as_it_was(minor: int, currency: str) -> None:
    money = Money(minor if currency not in ("HUF", "TWD") else minor * 100, currency)
    assert read_amount(paypal_amount(money)) == money


@pytest.mark.parametrize(
    ("fields", "money"),
    [
        ({"currency_code": "JPY", "value": "1990.00"}, Money(1990, "JPY")),
        ({"currency_code": "EUR", "value": "19.9"}, Money(1990, "EUR")),
        ({"currency_code": "EUR", "value": "-7"}, Money(-700, "EUR")),
    ],
)
def test_amounts_are_read_however_many_zeros_they_have(fields: dict[str, str], money: Money) -> None:
    assert read_amount(fields) == money


@pytest.mark.parametrize("value", ["19.905", "x", "", "NaN", "1_0", "\uff11", "1e1", "+1", " 1", "1\n", "9" * 10_000])
def test_what_is_no_amount_is_not_read(value: str) -> None:
    with pytest.raises((ValueError, ArithmeticError)):
        read_amount({"currency_code": "EUR", "value": value})
