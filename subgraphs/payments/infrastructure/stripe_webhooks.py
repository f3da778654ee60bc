"""Stripe's webhooks; source: Stripe's documentation, "Receive Stripe events in your webhook endpoint"."""

from typing import Any

import orjson
import stripe

from subgraphs.payments.domain.ports import BadNotice, Intent, Notice
from subgraphs.payments.infrastructure.stripe_intents import read_intent
from subgraphs.payments.infrastructure.stripe_provider import NAME

TOLERANCE_SECONDS = 300
_APPLIED_TYPES = frozenset(
    f"payment_intent.{change}"
    for change in ("requires_action", "amount_capturable_updated", "succeeded", "canceled", "payment_failed")
)


class StripeWebhooks:
    """Implements ``NoticeReader``: believes what is signed with the webhook's secret and not older than five minutes."""

    def __init__(self, secret: str) -> None:
        self._secret = secret

    def read(self, body: bytes, signature: str | None) -> Notice:
        """The event; its intent when the type is one that we apply."""
        text = self._verified(body, signature)
        try:
            event = orjson.loads(text)
            event_type, event_id = str(event["type"]), str(event["id"])
            return Notice(NAME, event_id, event_type, text, _intent(event_type, event))
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise BadNotice("The body is not an event as Stripe sends them.") from error

    def _verified(self, body: bytes, signature: str | None) -> str:
        try:
            text = body.decode()
            stripe.WebhookSignature.verify_header(text, signature, self._secret, TOLERANCE_SECONDS)
        except stripe.SignatureVerificationError as error:
            raise BadNotice(_reason(error, signature)) from None
        except (TypeError, ValueError):  # bytes that are no text, in the body or the header
            raise BadNotice("The signature does not match the body.") from None
        return text


def _reason(error: stripe.SignatureVerificationError, signature: str | None) -> str:
    if not signature:
        return "The header Stripe-Signature is missing."
    if "tolerance" in (error.user_message or ""):
        return f"The signature is older than {TOLERANCE_SECONDS} seconds."
    return "The signature does not match the body."


def _intent(event_type: str, event: dict[str, Any]) -> Intent | None:
    return read_intent(event["data"]["object"]) if event_type in _APPLIED_TYPES else None
