"""Amounts as PayPal writes them;
source: PayPal's REST reference, "Currency codes", and the schema ``money`` of Orders v2.
"""

import re
from collections.abc import Mapping
from typing import Any

from shared.money import Money, minor_digits
from subgraphs.payments.infrastructure.payable import NotPayableError

# "This currency does not support decimals":
# PayPal's own list, which knows no fractions of forints and Taiwan dollars either.
_WITHOUT_DECIMALS = frozenset({"HUF", "JPY", "TWD"})
_CODES = "AUD BRL CAD CHF CNY CZK DKK EUR GBP HKD ILS MXN MYR NOK NZD PHP PLN SEK SGD THB USD"
_SUPPORTED = _WITHOUT_DECIMALS | frozenset(_CODES.split())
_VALUE = re.compile(r"(-?)([0-9]{1,15})(?:\.([0-9]{1,15}))?", re.ASCII)


def paypal_amount(money: Money) -> dict[str, str]:
    """An amount for a request.

    Raises:
        NotPayableError: when PayPal does not take the currency, or can't tell the amount exactly.
    """
    if money.currency not in _SUPPORTED:
        raise NotPayableError(f"PayPal takes no {money.currency}")
    if money.currency not in _WITHOUT_DECIMALS:
        return {"currency_code": money.currency, "value": money.amount}
    whole, fraction = divmod(money.minor, 10 ** minor_digits(money.currency))
    if fraction:
        raise NotPayableError(f"PayPal has no fractions of {money.currency}")
    return {"currency_code": money.currency, "value": str(whole)}


def read_amount(fields: Mapping[str, Any]) -> Money:
    """An amount from PayPal's JSON.

    Raises:
        KeyError, TypeError, ValueError: when it is none, or has more decimals than its currency.
    """
    currency, value = str(fields["currency_code"]), _VALUE.fullmatch(fields["value"])
    if value is None:
        raise ValueError("no amount as PayPal writes them")
    sign, whole, decimals = value[1], value[2], (value[3] or "").rstrip("0")
    digits = minor_digits(currency)
    if len(decimals) > digits:
        raise ValueError(f"{currency} has {digits} decimals")
    return Money(int(sign + whole + decimals.ljust(digits, "0")), currency)
