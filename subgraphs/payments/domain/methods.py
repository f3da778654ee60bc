"""How buyers say what they pay with, and which provider that is."""

from dataclasses import dataclass
from uuid import UUID

from shared.text import foreign_id_mistake
from subgraphs.payments.domain.provider import Decline

STRIPE = "stripe"
PAYPAL = "paypal"
MAX_SAVED_METHODS = 20
UNKNOWN_METHOD = Decline("resource_missing", "This means of payment is not known; please enter it again.")
NOT_TAKEN = Decline(
    "payment_method_unsupported", "This shop does not take this means of payment; please choose another one."
)


@dataclass(frozen=True, slots=True)
class SavedMethod:
    """A card, and whose it is at the provider that keeps it."""

    id: UUID
    user_id: UUID
    provider: str
    reference: str
    customer_reference: str
    is_default: bool


def provider_name(method: str) -> str:
    """The provider of a payment method:
    PayPal has one name for all of them, anything else is the id of a card at Stripe.
    """
    return PAYPAL if method == PAYPAL else STRIPE


def method_mistake(method: str) -> str | None:
    """What is wrong with a payment method's id, so that it can be none at all; None when nothing is."""
    return foreign_id_mistake("A payment method's id", method)
