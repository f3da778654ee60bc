"""What Stripe takes of which currency; source: Stripe's documentation, "Supported currencies".

Written apart from our adapter's.
"""

from tests.doubles.stripe.errors import StripeError, invalid_parameter

_WITHOUT_DECIMALS = {
    "bif",
    "clp",
    "djf",
    "gnf",
    "jpy",
    "kmf",
    "krw",
    "mga",
    "pyg",
    "rwf",
    "vnd",
    "vuv",
    "xaf",
    "xof",
    "xpf",
}
_WITH_THREE = {"bhd", "jod", "kwd", "omr", "tnd"}
_OTHERS = (
    "usd aed afn all amd aoa ars aud awg azn bam bbd bdt bmd bnd bob brl bsd bwp byn bzd cad cdf chf cny cop crc"
    " cve czk dkk dop dzd egp etb eur fjd fkp gbp gel gip gmd gtq gyd hkd hnl htg huf idr ils inr isk jmd kes kgs"
    " khr kyd kzt lak lbp lkr lrd lsl mad mdl mkd mmk mnt mop mur mvr mwk mxn myr mzn nad ngn nio nok npr nzd pab"
    " pen pgk php pkr pln qar ron rsd rub sar sbd scr sek sgd shp sle sos srd szl thb tjs top try ttd twd tzs uah"
    " ugx uyu uzs wst xcd xcg yer zar zmw"
)
CURRENCIES = _WITHOUT_DECIMALS | _WITH_THREE | set(_OTHERS.split())
_STEPS = {"isk": 100, "ugx": 100, **dict.fromkeys(_WITH_THREE, 10)}


def known(currency: str) -> str:
    """The currency in lower case."""
    if currency.lower() not in CURRENCIES:
        message = (
            f"Invalid currency: {currency}. Stripe currently supports these currencies: {', '.join(sorted(CURRENCIES))}"
        )
        raise invalid_parameter("currency", message, "parameter_invalid")
    return currency.lower()


def require_step(amount: int, currency: str) -> None:
    """Whole units of what has no decimals any more and is written with two.

    Whole tens where there are three decimals.
    """
    step = _STEPS.get(currency, 1)
    if amount % step:
        message = f"Invalid amount: amounts in {currency} must be evenly divisible by {step}."
        raise StripeError(400, message=message, param="amount", code="parameter_invalid_integer")
