"""Why Stripe, or a bank behind it, declined, in sentences for buyers: Stripe's own are partly for programmers.

Source of the codes: https://docs.stripe.com/declines/codes.
What may hint at fraud is told as any other decline, as Stripe asks.
"""

from collections.abc import Mapping

GENERAL = "Your card was declined; please pay with another one."

_NOT_AUTHENTICATED = "Your bank could not confirm that it was you who paid; please try again, or pay with another card."
_MISTYPED = "The card's number is not right; please enter it again."
_NO_CODE = "The card's security code is not right; please enter it again."
_NO_DATE = "The card's date of expiry is not right; please enter it again."
_TOO_OFTEN = "Your card has reached a limit of your bank; please try again later, or pay with another card."
_NOT_NOW = "Your bank could not be asked; please try again in a few minutes, or pay with another card."
_NOT_FOR_THIS = "Your card can't be used for this purchase; please pay with another one."

_SENTENCES: Mapping[str, str] = {
    "authentication_required": _NOT_AUTHENTICATED,
    "card_not_supported": _NOT_FOR_THIS,
    "card_velocity_exceeded": _TOO_OFTEN,
    "currency_not_supported": _NOT_FOR_THIS,
    "expired_card": "Your card has expired; please pay with another one.",
    "incorrect_cvc": _NO_CODE,
    "incorrect_number": _MISTYPED,
    "insufficient_funds": "Your card has insufficient funds; please pay with another one.",
    "invalid_cvc": _NO_CODE,
    "invalid_expiry_month": _NO_DATE,
    "invalid_expiry_year": _NO_DATE,
    "invalid_number": _MISTYPED,
    "issuer_not_available": _NOT_NOW,
    "payment_intent_authentication_failure": _NOT_AUTHENTICATED,
    "processing_error": _NOT_NOW,
    "reenter_transaction": _NOT_NOW,
    "try_again_later": _NOT_NOW,
    "withdrawal_count_limit_exceeded": _TOO_OFTEN,
}


def sentence_for(code: str) -> str:
    """What a buyer is told of a decline."""
    return _SENTENCES.get(code, GENERAL)
