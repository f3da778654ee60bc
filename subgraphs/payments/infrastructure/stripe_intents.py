"""Stripe's payment intents and charges in our words; source: Stripe's API reference, "PaymentIntents" and "Charges"."""

from collections.abc import Mapping
from typing import Any

from shared.ids import try_parse_id
from subgraphs.payments.domain.provider import Action, Decline, Intent, ProviderRecord
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
    return Intent(
        reference=fields["id"],
        status=status,
        amount=read_amount(fields["amount"], fields["currency"]),
        awaits_confirmation=fields["status"] == "requires_confirmation",
        action=Action(fields["client_secret"]) if status is PaymentStatus.REQUIRES_ACTION else None,
        decline=read_decline(failure or {}) if status is PaymentStatus.DECLINED else None,
        refunded_minor=_refunded_minor(fields),
        part_minor=_part_minor(fields) if status is PaymentStatus.CAPTURED else None,
        payment_id=try_parse_id((fields.get("metadata") or {}).get("payment_id", "")),
    )


def read_record(fields: Mapping[str, Any]) -> ProviderRecord:
    """An intent, its latest charge expanded, as a line of Stripe's books."""
    intent = read_intent(fields)
    is_taken = intent.status is PaymentStatus.CAPTURED
    return ProviderRecord(
        reference=intent.reference,
        payment_id=intent.payment_id,
        status=intent.status,
        amount=intent.amount,
        captured_minor=intent.taken_minor if is_taken else 0,
        refunded_minor=intent.refunded_minor,
    )


def read_refunded_charge(fields: Mapping[str, Any]) -> Intent | None:
    """The intent of a charge of which something was refunded;
    None when a hold was let go, which Stripe calls a refund too.
    """
    if not fields["captured"] or not fields["payment_intent"]:
        return None
    return Intent(
        reference=fields["payment_intent"],
        status=PaymentStatus.CAPTURED,
        amount=read_amount(fields["amount"], fields["currency"]),
        refunded_minor=_repaid_minor(fields),
        part_minor=_part_minor(fields),
    )


def read_decline(failure: Mapping[str, Any]) -> Decline:
    """Why a card was declined, from the JSON of a Stripe error."""
    code = failure.get("decline_code") or failure.get("code") or _DEFAULT_CODE
    return Decline(code, sentence_for(code))


def _part_minor(taken: Mapping[str, Any]) -> int | None:
    """What was taken of an intent or a charge, when that is a part alone."""
    amount = taken.get("amount_received") or taken.get("amount_captured") or taken["amount"]
    return read_amount(amount, taken["currency"]).minor if amount < taken["amount"] else None


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
