"""Money as integer minor units, and its decimal form at the edge."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from iso4217 import Currency

from shared.errors import BadUserInput

# Funds, metals and codes for tests have no minor unit, and nothing is sold for them.
_MINOR_DIGITS = {currency.code: currency.exponent for currency in Currency if currency.exponent is not None}
# What was sold for a currency that was withdrawn since is still shown:
# those that ISO withdrew in the last years had two.
_WITHDRAWN_MINOR_DIGITS = 2
_AMOUNT = re.compile(r"(0|[1-9][0-9]{0,39})(?:\.([0-9]{1,40}))?", re.ASCII)
_LARGEST_MINOR = 2**53 - 1  # what JSON's readers keep exactly


def is_currency(code: str) -> bool:
    """Whether ISO 4217 has this currency, in capitals, and amounts in it have a minor unit."""
    return code in _MINOR_DIGITS


def checked_currency(code: str, field: Sequence[str]) -> str:
    """The code of a currency that a caller sent.

    Raises:
        BadUserInput: naming the code and ``field`` when ISO 4217 has no such currency.
    """
    if not is_currency(code):
        raise BadUserInput(f'{code[:3]!r} is no currency of ISO 4217; write a code such as "EUR".', field)
    return code


def minor_digits(currency: str) -> int:
    """How many decimals a currency has, as ISO 4217 says."""
    return _MINOR_DIGITS.get(currency, _WITHDRAWN_MINOR_DIGITS)


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in the currency's minor unit: 1990 EUR are 19.90 euros."""

    minor: int
    currency: str

    @property
    def amount(self) -> str:
        """The amount in the currency's main unit, with exactly its number of decimals."""
        digits = minor_digits(self.currency)
        if digits == 0:
            return str(self.minor)
        sign = "-" if self.minor < 0 else ""
        text = str(abs(self.minor)).zfill(digits + 1)
        return f"{sign}{text[:-digits]}.{text[-digits:]}"

    def __add__(self, other: "Money") -> "Money":
        """Adds an amount of the same currency; raises ValueError for another one."""
        if other.currency != self.currency:
            raise ValueError(f"cannot add {other.currency} to {self.currency}")
        return Money(self.minor + other.minor, self.currency)

    def times(self, quantity: int) -> "Money":
        """The price of several units."""
        return Money(self.minor * quantity, self.currency)


def parse_minor(text: str, currency: str, field: tuple[str, ...]) -> int:
    """Reads a decimal amount into minor units: plain digits, no more decimals than the currency has, nothing rounded.

    Raises:
        BadUserInput: when it is anything else, out of range, or the currency is unknown.
    """
    digits = minor_digits(checked_currency(currency, field))
    read = _AMOUNT.fullmatch(text)
    if read is None:
        raise BadUserInput(f'{_quoted(text)} is no amount; write plain digits such as "{_example(digits)}".', field)
    whole, decimals = read[1], read[2] or ""
    if len(decimals) > digits:
        raise BadUserInput(f"{currency} has {digits} decimals; {_quoted(text)} has more.", field)
    minor = int(whole + decimals.ljust(digits, "0"))
    if minor > _LARGEST_MINOR:
        raise BadUserInput(
            f"{_quoted(text)} is out of range; at most {Money(_LARGEST_MINOR, currency).amount} can be told.", field
        )
    return minor


def _quoted(text: str) -> str:
    """The beginning of what came, without what would break a line or show as something else."""
    return ascii(text[:40])


def _example(digits: int) -> str:
    return f"19.{'90'.ljust(digits, '0')[:digits]}" if digits else "19"
