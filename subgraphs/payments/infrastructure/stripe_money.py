"""Amounts as Stripe writes them;
source: Stripe's documentation, "Supported currencies", which differs from ISO 4217 for some.
"""

from shared.money import Money, is_currency, minor_digits
from subgraphs.payments.infrastructure.payable import NotPayableError

_CODES = """
AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BRL BSD BWP BYN BZD CAD CDF CHF CLP CNY COP CRC
CVE CZK DJF DKK DOP DZD EGP ETB EUR FJD FKP GBP GEL GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR ISK JMD JOD JPY
KES KGS KHR KMF KRW KWD KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MUR MVR MWK MXN MYR MZN NAD NGN NIO
NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SEK SGD SHP SLE SOS SRD SZL THB TJS TND
TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW
"""
_SUPPORTED = frozenset(_CODES.split())
# UGX stands in this list of Stripe's too, and then among the special cases, which are what its API does.
_WHOLE = frozenset(
    {"BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF"},
)
_THOUSANDTHS = frozenset({"BHD", "JOD", "KWD", "OMR", "TND"})  # of which the last digit has to be 0
_LARGEST = 99_999_999  # eight digits


def stripe_amount(money: Money) -> int:
    """An amount for a request. ISK and UGX have no decimals and are written with two all the same: 5 ISK are 500.

    Raises:
        NotPayableError: when Stripe does not take the currency, or can't tell the amount exactly.
    """
    if money.currency not in _SUPPORTED:
        raise NotPayableError(f"Stripe takes no {money.currency}")
    amount, rest = divmod(money.minor * _parts(_digits(money.currency)), _parts(minor_digits(money.currency)))
    if rest or (money.currency in _THOUSANDTHS and amount % 10):
        raise NotPayableError(f"Stripe has no such fractions of {money.currency}")
    if amount > _LARGEST:
        raise NotPayableError(f"Stripe takes no such amount of {money.currency}")
    return amount


def read_amount(amount: int, currency: str) -> Money:
    """An amount of Stripe's JSON, in our minor units. In a currency that is none any more it is taken as it is.

    Raises:
        ValueError: when it has a fraction that the currency has not.
        TypeError: when it is no whole number.
    """
    code = currency.upper()
    if isinstance(amount, bool) or not isinstance(amount, int):
        raise TypeError(f"{amount!r} is no amount")
    if not is_currency(code):
        return Money(amount, code)
    minor, rest = divmod(amount * _parts(minor_digits(code)), _parts(_digits(code)))
    if rest:
        raise ValueError(f"{amount} has fractions that {code} has not")
    return Money(minor, code)


def _parts(digits: int) -> int:
    return int(10**digits)


def _digits(currency: str) -> int:
    """How many decimals Stripe's amounts have."""
    if currency in _WHOLE:
        return 0
    return 3 if currency in _THOUSANDTHS else 2
