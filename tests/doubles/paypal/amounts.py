"""Amounts as PayPal reads and writes them; source: PayPal's REST reference, "Currency codes".

Written apart from our adapter's.
"""

import re
from typing import Any

from tests.doubles.paypal.errors import PayPalError, unprocessable

_WITHOUT_DECIMALS = ("HUF", "JPY", "TWD")
CURRENCIES = (
    *(
        "AUD",
        "BRL",
        "CAD",
        "CNY",
        "CZK",
        "DKK",
        "EUR",
        "HKD",
        "ILS",
        "MYR",
        "MXN",
        "NZD",
        "NOK",
        "PHP",
        "PLN",
        "GBP",
        "SGD",
    ),
    *("SEK", "CHF", "THB", "USD"),
    *_WITHOUT_DECIMALS,
)
_VALUE = re.compile(r"[0-9]{1,15}(\.[0-9]+)?")


def read(fields: Any, path: str) -> int:
    """An amount in units of the double's ledger: hundredths, or whole units where PayPal has no decimals."""
    if not isinstance(fields, dict) or not isinstance(fields.get("value"), str):
        raise PayPalError(400, "MISSING_REQUIRED_PARAMETER", f"{path}/value")
    currency, value = fields.get("currency_code"), fields["value"]
    if currency not in CURRENCIES:
        raise unprocessable("INVALID_CURRENCY_CODE", f"{path}/currency_code")
    if not _VALUE.fullmatch(value):
        raise PayPalError(400, "INVALID_PARAMETER_SYNTAX", f"{path}/value")
    return _minor(currency, value, path)


def write(minor: int, currency: str) -> dict[str, str]:
    """The reverse."""
    value = str(minor) if currency in _WITHOUT_DECIMALS else f"{minor // 100}.{minor % 100:02d}"
    return {"currency_code": currency, "value": value}


def _minor(currency: str, value: str, path: str) -> int:
    whole, _, decimals = value.partition(".")
    if currency in _WITHOUT_DECIMALS and decimals:
        raise unprocessable("DECIMALS_NOT_SUPPORTED", f"{path}/value")
    if len(decimals) > 2:
        raise unprocessable("DECIMAL_PRECISION", f"{path}/value")
    minor = int(whole) if currency in _WITHOUT_DECIMALS else int(whole) * 100 + int(decimals.ljust(2, "0"))
    if minor == 0:
        raise unprocessable("CANNOT_BE_ZERO_OR_NEGATIVE", f"{path}/value")
    return minor
