"""Stripe's test cards, by the names and numbers in Stripe's documentation, "Test card numbers"."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Decline:
    """Why the bank says no."""

    code: str
    decline_code: str
    message: str


@dataclass(frozen=True, slots=True)
class Card:
    """How a test card behaves."""

    number: str
    decline: Decline | None = None
    is_attachable: bool = True
    wants_authentication: bool = False
    is_disputed: bool = False

    @property
    def brand(self) -> str:
        return {"4": "visa", "5": "mastercard", "3": "amex"}[self.number[0]]


DECLINED = Decline("card_declined", "generic_decline", "Your card was declined.")
INSUFFICIENT_FUNDS = Decline("card_declined", "insufficient_funds", "Your card has insufficient funds.")
LOST = Decline("card_declined", "lost_card", "Your card was declined.")
STOLEN = Decline("card_declined", "stolen_card", "Your card was declined.")
EXPIRED = Decline("expired_card", "expired_card", "Your card has expired.")
INCORRECT_CODE = Decline("incorrect_cvc", "incorrect_cvc", "Your card's security code is incorrect.")
PROCESSING_ERROR = Decline(
    "processing_error", "processing_error", "An error occurred while processing your card. Try again in a little bit."
)

_DECLINES = {
    "chargeDeclined": ("4000000000000002", DECLINED),
    "chargeDeclinedInsufficientFunds": ("4000000000009995", INSUFFICIENT_FUNDS),
    "chargeDeclinedLostCard": ("4000000000009987", LOST),
    "chargeDeclinedStolenCard": ("4000000000009979", STOLEN),
    "chargeDeclinedExpiredCard": ("4000000000000069", EXPIRED),
    "chargeDeclinedIncorrectCvc": ("4000000000000127", INCORRECT_CODE),
    "chargeDeclinedProcessingError": ("4000000000000119", PROCESSING_ERROR),
}

TOKENS = {
    "pm_card_visa": Card("4242424242424242"),
    "pm_card_mastercard": Card("5555555555554444"),
    "pm_card_amex": Card("378282246310005"),
    **{f"pm_card_{name}": Card(number, decline, is_attachable=False) for name, (number, decline) in _DECLINES.items()},
    **{
        f"pm_card_visa_{name}": Card(number, decline, is_attachable=False)
        for name, (number, decline) in _DECLINES.items()
    },
    "pm_card_chargeCustomerFail": Card("4000000000000341", DECLINED),
    "pm_card_authenticationRequired": Card("4000002760003184", wants_authentication=True),
    "pm_card_threeDSecure2Required": Card("4000000000003220", wants_authentication=True),
    "pm_card_authenticationRequiredOnSetup": Card("4000002500003155", wants_authentication=True),
    "pm_card_authenticationRequiredChargeDeclinedInsufficientFunds": Card(
        "4000008260003178", INSUFFICIENT_FUNDS, wants_authentication=True
    ),
    "pm_card_createDispute": Card("4000000000000259", is_disputed=True),
}
NUMBERS = {card.number: card for card in TOKENS.values()}
