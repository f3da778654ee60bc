"""Stripe's disputes in our words; source: Stripe's API reference, "The Dispute object"."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from subgraphs.payments.domain.provider import Dispute, DisputeOutcome
from subgraphs.payments.infrastructure.stripe_money import read_amount

_DECIDED = {"won": DisputeOutcome.WON, "lost": DisputeOutcome.LOST}
_ONLY_ASKED = "warning_"  # the bank asks, and takes nothing
_PREVENTED = "prevented"  # settled by a refund before the bank took anything


def read_dispute(fields: Mapping[str, Any]) -> Dispute | None:
    """A dispute from Stripe's JSON; None while no money moves by it.

    Raises:
        KeyError, TypeError, ValueError: when it is not the JSON of a dispute.
    """
    status: str = fields["status"]
    if status.startswith(_ONLY_ASKED) or status == _PREVENTED or not fields["payment_intent"]:
        return None
    return Dispute(
        reference=fields["id"],
        intent_reference=fields["payment_intent"],
        outcome=_DECIDED.get(status, DisputeOutcome.OPENED),
        amount=read_amount(fields["amount"], fields["currency"]),
        fee_minor=_fee_minor(fields),
        reason=fields.get("reason") or "general",
        evidence_due_at=_evidence_due_at(fields),
    )


def _evidence_due_at(fields: Mapping[str, Any]) -> datetime | None:
    """Zero stands for a bank that takes no evidence at all."""
    due_by = (fields.get("evidence_details") or {}).get("due_by")
    return datetime.fromtimestamp(due_by, UTC) if due_by else None


def _fee_minor(fields: Mapping[str, Any]) -> int:
    """What Stripe keeps; in another currency than the payment's it is no entry of the payment's books."""
    transactions = fields.get("balance_transactions") or ()
    fees = (each["fee"] for each in transactions if each["currency"] == fields["currency"])
    return sum(read_amount(fee, fields["currency"]).minor for fee in fees)
