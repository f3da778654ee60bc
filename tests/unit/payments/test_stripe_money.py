"""How amounts are written for Stripe, whose decimals are not ISO 4217's for every currency."""

import pytest
from iso4217 import Currency

from shared.money import Money, minor_digits
from subgraphs.payments.infrastructure.payable import NotPayableError
from subgraphs.payments.infrastructure.stripe_disputes import read_dispute
from subgraphs.payments.infrastructure.stripe_intents import read_intent
from subgraphs.payments.infrastructure.stripe_money import read_amount, stripe_amount
from tests.doubles.stripe import currencies

CODES = [currency.code for currency in Currency if currency.exponent is not None]


@pytest.mark.parametrize("code", CODES)
def test_every_code_is_written_and_read_as_it_was_or_rejected(code: str) -> None:
    money = Money(70 * 10 ** minor_digits(code), code)
    if code.lower() not in currencies.CURRENCIES:
        with pytest.raises(NotPayableError, match=code):
            stripe_amount(money)
        return
    amount = stripe_amount(money)
    currencies.require_step(amount, code.lower())
    assert read_amount(amount, code.lower()) == money


def test_the_double_takes_no_code_that_we_do_not_know() -> None:
    assert {code.upper() for code in currencies.CURRENCIES} <= set(CODES)


@pytest.mark.parametrize(
    ("money", "amount"),
    [
        (Money(1990, "EUR"), 1990),
        (Money(1000, "XOF"), 1000),
        (Money(5, "ISK"), 500),
        (Money(5, "UGX"), 500),
        (Money(500, "MGA"), 5),
        (Money(5120, "KWD"), 5120),
        (Money(1045, "HUF"), 1045),
        (Money(1990, "JPY"), 1990),
    ],
)
def test_amounts_have_the_digits_that_stripe_wants(money: Money, amount: int) -> None:
    assert stripe_amount(money) == amount
    assert read_amount(amount, money.currency.lower()) == money


@pytest.mark.parametrize(
    "money", [Money(5124, "KWD"), Money(501, "MGA"), Money(1_000_000, "ISK"), Money(1000, "IQD"), Money(1, "XXX")]
)
def test_what_stripe_can_not_be_told_exactly_is_rejected(money: Money) -> None:
    with pytest.raises(NotPayableError):
        stripe_amount(money)


@pytest.mark.parametrize("amount", ["500", 5.0, None, True])
def test_what_is_no_whole_number_is_no_amount(amount: object) -> None:
    with pytest.raises(TypeError):
        read_amount(amount, "eur")  # type: ignore[arg-type]


def test_what_was_held_taken_and_refunded_of_kronur_is_read_in_kronur() -> None:
    charge = {"amount": 500, "amount_captured": 500, "amount_refunded": 200, "captured": True, "currency": "isk"}
    intent = read_intent(
        {
            "id": "pi_1",
            "status": "succeeded",
            "amount": 500,
            "amount_received": 500,
            "currency": "isk",
            "latest_charge": charge,
        }
    )
    assert (intent.amount, intent.refunded_minor) == (Money(5, "ISK"), 2)


def test_what_a_bank_takes_back_of_kronur_is_read_in_kronur() -> None:
    fees = [{"fee": 2000, "currency": "isk"}]
    dispute = read_dispute(
        {
            "id": "dp_1",
            "status": "lost",
            "payment_intent": "pi_1",
            "amount": 500,
            "currency": "isk",
            "balance_transactions": fees,
        }
    )
    assert dispute is not None
    assert (dispute.amount, dispute.fee_minor) == (Money(5, "ISK"), 20)
