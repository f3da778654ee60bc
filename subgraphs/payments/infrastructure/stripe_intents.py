"""Stripe's payment intents and charges in our words; source: Stripe's API reference, "PaymentIntents" and "Charges"."""

from collections.abc import Mapping
from typing import Any

from shared.ids import try_parse_id
from subgraphs.payments.domain.provider import Action, Decline, Intent, ProviderRecord, over_when_returned
from subgraphs.payments.domain.status import PaymentStatus
from subgraphs.payments.infrastructure.stripe_declines import sentence_for
from subgraphs.payments.infrastructure.stripe_money import read_amount

_STATUS = {
    "requires_confirmation": PaymentStatus.PENDING,
    "processing": PaymentStatus.PENDING,
    "requires_payment_method": PaymentStatus.DECLINED,  # ours are created with one: this one was declined
    "requires_action": PaymentStatus.REQUIRES_ACTION,
    "requires_capture": PaymentStatus.AUTHORIZED,
    "succeeded": PaymentStatus.CAPTURED,
    "canceled": PaymentStatus.VOIDED,
}
_DEFAULT_CODE = "card_declined"


def read_intent(fields: Mapping[str, Any]) -> Intent:
    """An intent from Stripe's JSON. What was refunded is known when its latest charge is expanded.

    Raises:
        KeyError, TypeError, ValueError: when it is not the JSON of an intent.
    """
    status = _STATUS[fields["status"]]
    failure = fields.get("last_payment_error")
    if status is PaymentStatus.VOIDED and failure:
        status = PaymentStatus.DECLINED  # we cancel what was declined, so that nobody can pay it with another card
    intent = Intent(
        reference=fields["id"],
        status=status,
        amount=read_amount(_amount(status, fields), fields["currency"]),
        awaits_confirmation=fields["status"] == "requires_confirmation",
        action=Action(fields["client_secret"]) if status is PaymentStatus.REQUIRES_ACTION else None,
        decline=read_decline(failure or {}) if status is PaymentStatus.DECLINED else None,
        refunded_minor=_refunded_minor(fields),
        payment_id=try_parse_id((fields.get("metadata") or {}).get("payment_id", "")),
    )
    return over_when_returned(intent, read_amount(fields["amount"], fields["currency"]))


def read_record(fields: Mapping[str, Any]) -> ProviderRecord:
    """An intent, its latest charge expanded, as a line of Stripe's books."""
    intent = read_intent(fields)
    is_taken = intent.status is PaymentStatus.CAPTURED
    return ProviderRecord(
        reference=intent.reference,
        payment_id=intent.payment_id,
        status=intent.status,
        amount=read_amount(fields["amount"], fields["currency"]),
        captured_minor=intent.amount.minor if is_taken else 0,
        refunded_minor=intent.refunded_minor,
    )


def read_refunded_charge(fields: Mapping[str, Any]) -> Intent | None:
    """The intent of a charge of which something was refunded;
    None when a hold was let go, which Stripe calls a refund too.
    """
    if not fields["captured"] or not fields["payment_intent"]:
        return None
    intent = Intent(
        reference=fields["payment_intent"],
        status=PaymentStatus.CAPTURED,
        amount=read_amount(_taken(fields), fields["currency"]),
        refunded_minor=_repaid_minor(fields),
    )
    return over_when_returned(intent, read_amount(fields["amount"], fields["currency"]))


def read_decline(failure: Mapping[str, Any]) -> Decline:
    """Why a card was declined, from the JSON of a Stripe error."""
    code = failure.get("decline_code") or failure.get("code") or _DEFAULT_CODE
    return Decline(code, sentence_for(code))


def _amount(status: PaymentStatus, fields: Mapping[str, Any]) -> int:
    """What was taken, once it was: less than the amount when somebody captured a part of it."""
    is_taken = status is PaymentStatus.CAPTURED
    amount: int = fields.get("amount_received") or fields["amount"] if is_taken else fields["amount"]
    return amount


def _refunded_minor(fields: Mapping[str, Any]) -> int:
    charge = fields.get("latest_charge")
    return _repaid_minor(charge) if isinstance(charge, Mapping) and charge.get("captured") else 0


def _repaid_minor(charge: Mapping[str, Any]) -> int:
    """Stripe counts what the capture of a part has let go as refunded."""
    let_go = charge["amount"] - _taken(charge)
    return read_amount(max(charge["amount_refunded"] - let_go, 0), charge["currency"]).minor


def _taken(charge: Mapping[str, Any]) -> int:
    taken: int = charge.get("amount_captured") or charge["amount"]
    return taken
