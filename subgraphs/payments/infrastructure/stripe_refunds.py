"""Stripe's refunds in our words; source: Stripe's API reference, "Refunds"."""

from collections.abc import Mapping
from typing import Any

from subgraphs.payments.domain.provider import ProviderRefund, RefundState
from subgraphs.payments.infrastructure.stripe_money import read_amount

_FAILED = ("failed", "canceled")
_ON_ITS_WAY = ("pending", "requires_action")


def read_refund(fields: Mapping[str, Any]) -> ProviderRefund:
    """A refund from Stripe's JSON.

    Raises:
        KeyError, TypeError, ValueError: when it is not the JSON of a refund.
    """
    status = fields["status"]
    state = (
        RefundState.PENDING if status in _ON_ITS_WAY else RefundState.FAILED if status in _FAILED else RefundState.GIVEN
    )
    failure = str(fields.get("failure_reason") or status) if state is RefundState.FAILED else ""
    return ProviderRefund(str(fields["id"]), read_amount(fields["amount"], fields["currency"]).minor, state, failure)


def intent_of_failed_refund(fields: Mapping[str, Any]) -> str | None:
    """The intent of a refund that failed; None for any other refund, and one of no intent."""
    intent = fields["payment_intent"] if fields["status"] in _FAILED else None
    return str(intent) if intent else None
