"""Stripe's webhooks; source: Stripe's documentation, "Receive Stripe events in your webhook endpoint"."""

import re
import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import orjson
import stripe

from shared.security.secrets import Secret
from subgraphs.payments.domain.notice import BadNoticeError, Notice
from subgraphs.payments.domain.provider import Intent
from subgraphs.payments.infrastructure.stripe_api import NAME
from subgraphs.payments.infrastructure.stripe_disputes import read_dispute
from subgraphs.payments.infrastructure.stripe_intents import read_intent, read_refunded_charge
from subgraphs.payments.infrastructure.stripe_refunds import intent_of_failed_refund

TOLERANCE_SECONDS = 300
_SIGNATURE_HEADER = "stripe-signature"
_NAME = re.compile(r"[\x21-\x7e]{1,255}")
_LONGEST_WORDS = 5_000
_LARGEST_AMOUNT = 10**15  # what our tables keep is larger; what Stripe writes is smaller
_INTENT_TYPES = frozenset(
    f"payment_intent.{change}"
    for change in ("requires_action", "amount_capturable_updated", "succeeded", "canceled", "payment_failed")
)
_REFUND_TYPES = frozenset({"refund.failed", "refund.updated", "charge.refund.updated"})
_DISPUTE_TYPES = frozenset(
    f"charge.dispute.{change}" for change in ("created", "updated", "closed", "funds_reinstated")
)


class StripeWebhooks:
    """Implements ``NoticeReader``: believes what is signed with a secret of the webhook, within five minutes of now."""

    def __init__(self, secret: Secret) -> None:
        self._secret = secret

    async def read(self, body: bytes, headers: Mapping[str, str]) -> Notice:
        """The event; what it is about when its type is one that we apply."""
        text = self._verified(body, headers.get(_SIGNATURE_HEADER))
        try:
            event = orjson.loads(text)
            return _readable(_told(Notice(NAME, _name(event["id"]), _name(event["type"]), text), event))
        except (
            KeyError,
            TypeError,
            ValueError,
            AttributeError,
            ArithmeticError,
            OSError,
        ) as error:  # the last for a time that is none
            raise BadNoticeError("The body is not an event as Stripe sends them.") from error

    def _verified(self, body: bytes, signature: str | None) -> str:
        problem = ""
        for secret in self._secret.all():
            try:
                text = body.decode()
                stripe.WebhookSignature.verify_header(text, signature, secret, TOLERANCE_SECONDS)
                _require_past(signature or "")
                return text
            except stripe.SignatureVerificationError as error:
                problem = _reason(error, signature)
            except (TypeError, ValueError):  # bytes that are no text, in the body or the header
                problem = "The signature does not match the body."
        raise BadNoticeError(problem)


def _reason(error: stripe.SignatureVerificationError, signature: str | None) -> str:
    if not signature:
        return "The header Stripe-Signature is missing."
    if "tolerance" in (error.user_message or ""):
        return f"The signature is older than {TOLERANCE_SECONDS} seconds."
    return "The signature does not match the body."


def _require_past(signature: str) -> None:
    """Stripe's own check lets pass what is sent in the future."""
    sent_at = next(
        int(value) for name, _, value in (part.partition("=") for part in signature.split(",")) if name == "t"
    )
    if sent_at > time.time() + TOLERANCE_SECONDS:
        raise BadNoticeError(f"The signature is more than {TOLERANCE_SECONDS} seconds ahead of time.")


def _name(value: object) -> str:
    """An id or a type as Stripe writes them; raises ValueError for anything else."""
    if not isinstance(value, str) or not _NAME.fullmatch(value):
        raise ValueError("no name as Stripe writes them")
    return value


def _readable(notice: Notice) -> Notice:
    """The notice, all of whose values can be kept; raises ValueError when one can't."""
    intent, dispute = notice.intent, notice.dispute
    if intent is not None:
        _name(intent.reference)
        _require_kept((intent.amount.minor, intent.refunded_minor), (*_words_of(intent), intent.amount.currency))
    if dispute is not None:
        _name(dispute.reference), _name(dispute.intent_reference)
        _require_kept((dispute.amount.minor, dispute.fee_minor), (dispute.reason, dispute.amount.currency))
    if notice.failed_refund_of is not None:
        _name(notice.failed_refund_of)
    return notice


def _words_of(intent: Intent) -> tuple[str, ...]:
    action = (intent.action.client_secret,) if intent.action else ()
    return (*action, intent.decline.code, intent.decline.message) if intent.decline else action


def _require_kept(amounts: tuple[int, ...], words: tuple[str, ...]) -> None:
    if not all(isinstance(word, str) and len(word) <= _LONGEST_WORDS and "\0" not in word for word in words):
        raise ValueError("no words as Stripe writes them")
    if not all(0 <= amount <= _LARGEST_AMOUNT for amount in amounts):
        raise ValueError("no amount as Stripe writes them")


def _told(notice: Notice, event: Mapping[str, Any]) -> Notice:
    """The notice with what its event is about; events of other types are kept and not read."""
    if notice.type in _INTENT_TYPES:
        return replace(notice, intent=read_intent(event["data"]["object"]))
    if notice.type == "charge.refunded":
        return replace(notice, intent=read_refunded_charge(event["data"]["object"]))
    if notice.type in _REFUND_TYPES:
        return replace(notice, failed_refund_of=intent_of_failed_refund(event["data"]["object"]))
    if notice.type in _DISPUTE_TYPES:
        return replace(notice, dispute=read_dispute(event["data"]["object"]))
    return notice
