"""How buyers say what they pay with, and which provider that is."""

import re

from subgraphs.payments.domain.ports import Decline

STRIPE = "stripe"
PAYPAL = "paypal"
MAX_SAVED_METHODS = 20
_WELL_FORMED = re.compile(r"[\x21-\x7e]{1,255}")
UNKNOWN_METHOD = Decline("resource_missing", "This means of payment is not known; please enter it again.")


def provider_name(method: str) -> str:
    """The provider of a payment method: PayPal has one name for all of them, anything else is the id of a card at Stripe."""
    return PAYPAL if method == PAYPAL else STRIPE


def is_well_formed(method: str) -> bool:
    """Whether a text can be a payment method's id at all: 1 to 255 printable ASCII characters, no spaces."""
    return _WELL_FORMED.fullmatch(method) is not None
