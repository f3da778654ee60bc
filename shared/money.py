"""Money as integer minor units, and its decimal form at the edge."""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation, Overflow

from shared.errors import BadUserInput

_MINOR_DIGITS = {
    "BHD": 3,
    "CLP": 0,
    "IQD": 3,
    "ISK": 0,
    "JOD": 3,
    "JPY": 0,
    "KRW": 0,
    "KWD": 3,
    "OMR": 3,
    "TND": 3,
    "VND": 0,
}
_USUAL_MINOR_DIGITS = 2


def minor_digits(currency: str) -> int:
    """How many decimals a currency has, as ISO 4217 says."""
    return _MINOR_DIGITS.get(currency, _USUAL_MINOR_DIGITS)


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
        """The price of several pieces."""
        return Money(self.minor * quantity, self.currency)


def parse_minor(text: str, currency: str, field: tuple[str, ...]) -> int:
    """Reads a decimal amount into minor units.

    Raises:
        BadUserInput: when it is no number, or has more decimals than the currency.
    """
    try:
        scaled = Decimal(text).scaleb(minor_digits(currency))
    except InvalidOperation as error:
        raise BadUserInput(f"'{text[:40]}' is not a decimal number such as \"19.90\".", field) from error
    except Overflow as error:
        raise BadUserInput(f"'{text[:40]}' is out of range.", field) from error
    if not scaled.is_finite() or abs(scaled) >= 2**53:
        raise BadUserInput(f"'{text[:40]}' is out of range.", field)
    if scaled != scaled.to_integral_value():
        raise BadUserInput(f"{currency} has {minor_digits(currency)} decimals; '{text[:40]}' has more.", field)
    return int(scaled)
