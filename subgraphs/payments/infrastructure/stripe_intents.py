"""Stripe's payment intents in our words; source: Stripe's API reference, "The PaymentIntent object"."""

from collections.abc import Mapping
from typing import Any

from shared.money import Money
from subgraphs.payments.domain.payment import PaymentStatus
from subgraphs.payments.domain.ports import Decline, Intent

_STATUS = {
    "requires_confirmation": PaymentStatus.PENDING,
    "processing": PaymentStatus.PENDING,
    "requires_payment_method": PaymentStatus.DECLINED,  # ours are created with one: this one was refused
    "requires_action": PaymentStatus.REQUIRES_ACTION,
    "requires_capture": PaymentStatus.AUTHORIZED,
    "succeeded": PaymentStatus.CAPTURED,
    "canceled": PaymentStatus.VOIDED,
}
_DEFAULT_CODE = "card_declined"
_DEFAULT_MESSAGE = "Your card was declined; please pay with another one."


def read_intent(fields: Mapping[str, Any]) -> Intent:
    """An intent from Stripe's JSON.

    Raises:
        KeyError, TypeError: when it is not the JSON of an intent.
    """
    status = _STATUS[fields["status"]]
    failure = fields.get("last_payment_error")
    if status is PaymentStatus.VOIDED and failure:
        status = PaymentStatus.DECLINED  # we cancel what was declined, so that nobody can pay it with another card
    return Intent(
        reference=fields["id"],
        status=status,
        amount=Money(fields["amount"], fields["currency"].upper()),
        awaits_confirmation=fields["status"] == "requires_confirmation",
        client_secret=fields.get("client_secret") or "",
        decline=read_decline(failure or {}) if status is PaymentStatus.DECLINED else None,
    )


def read_decline(failure: Mapping[str, Any]) -> Decline:
    """Why a card was declined, from the JSON of a Stripe error."""
    code = failure.get("decline_code") or failure.get("code") or _DEFAULT_CODE
    return Decline(code, failure.get("message") or _DEFAULT_MESSAGE)
