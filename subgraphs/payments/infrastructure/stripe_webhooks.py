"""Stripe's webhooks; source: Stripe's documentation, "Receive Stripe events in your webhook endpoint"."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import orjson
import stripe

from shared.secrets import Secret
from subgraphs.payments.domain.ports import BadNotice, Notice
from subgraphs.payments.infrastructure.stripe_api import NAME
from subgraphs.payments.infrastructure.stripe_disputes import read_dispute
from subgraphs.payments.infrastructure.stripe_intents import read_intent, read_refunded_charge

TOLERANCE_SECONDS = 300
_SIGNATURE_HEADER = "stripe-signature"
_INTENT_TYPES = frozenset(
    f"payment_intent.{change}"
    for change in ("requires_action", "amount_capturable_updated", "succeeded", "canceled", "payment_failed")
)
_DISPUTE_TYPES = frozenset(f"charge.dispute.{change}" for change in ("created", "updated", "closed"))


class StripeWebhooks:
    """Implements ``NoticeReader``: believes what is signed with a secret of the webhook and is not older than five minutes."""

    def __init__(self, secret: Secret) -> None:
        self._secret = secret

    async def read(self, body: bytes, headers: Mapping[str, str]) -> Notice:
        """The event; what it is about when its type is one that we apply."""
        text = self._verified(body, headers.get(_SIGNATURE_HEADER))
        try:
            event = orjson.loads(text)
            event_type, event_id = str(event["type"]), str(event["id"])
            return _told(Notice(NAME, event_id, event_type, text), event)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise BadNotice("The body is not an event as Stripe sends them.") from error

    def _verified(self, body: bytes, signature: str | None) -> str:
        problem = ""
        for secret in self._secret.all():
            try:
                text = body.decode()
                stripe.WebhookSignature.verify_header(text, signature, secret, TOLERANCE_SECONDS)
                return text
            except stripe.SignatureVerificationError as error:
                problem = _reason(error, signature)
            except (TypeError, ValueError):  # bytes that are no text, in the body or the header
                problem = "The signature does not match the body."
        raise BadNotice(problem)


def _reason(error: stripe.SignatureVerificationError, signature: str | None) -> str:
    if not signature:
        return "The header Stripe-Signature is missing."
    if "tolerance" in (error.user_message or ""):
        return f"The signature is older than {TOLERANCE_SECONDS} seconds."
    return "The signature does not match the body."


def _told(notice: Notice, event: Mapping[str, Any]) -> Notice:
    """The notice with what its event is about; events of other types are kept and not read."""
    if notice.type in _INTENT_TYPES:
        return replace(notice, intent=read_intent(event["data"]["object"]))
    if notice.type == "charge.refunded":
        return replace(notice, intent=read_refunded_charge(event["data"]["object"]))
    if notice.type in _DISPUTE_TYPES:
        return replace(notice, dispute=read_dispute(event["data"]["object"]))
    return notice
