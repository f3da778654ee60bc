"""Amounts as PayPal writes them; source: PayPal's REST reference, "Currency codes", and the schema ``money`` of Orders v2."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from shared.money import Money, minor_digits

# "This currency does not support decimals": PayPal's own list, which knows no fractions of forints and Taiwan dollars either.
_WITHOUT_DECIMALS = frozenset({"HUF", "JPY", "TWD"})


class NotPayable(Exception):
    """The amount has a fraction that PayPal's currency has not."""


def paypal_amount(money: Money) -> dict[str, str]:
    """An amount for a request.

    Raises:
        NotPayable: when PayPal can't tell the amount exactly.
    """
    if money.currency not in _WITHOUT_DECIMALS:
        return {"currency_code": money.currency, "value": money.amount}
    whole, fraction = divmod(money.minor, 10 ** minor_digits(money.currency))
    if fraction:
        raise NotPayable(f"PayPal has no fractions of {money.currency}")
    return {"currency_code": money.currency, "value": str(whole)}


def read_amount(fields: Mapping[str, Any]) -> Money:
    """An amount from PayPal's JSON.

    Raises:
        KeyError, TypeError, ArithmeticError, ValueError: when it is none, or has more decimals than its currency.
    """
    currency = str(fields["currency_code"])
    minor = Decimal(fields["value"]).scaleb(minor_digits(currency))
    if minor != minor.to_integral_value():
        raise ValueError(f"{currency} has {minor_digits(currency)} decimals")
    return Money(int(minor), currency)
