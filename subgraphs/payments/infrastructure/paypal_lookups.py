"""How things stand at PayPal that its events are about; source: PayPal's API reference, "Payments v2" and "Disputes v1"."""

from datetime import datetime
from typing import Protocol

from subgraphs.payments.domain.ports import Dispute, DisputeOutcome, Intent
from subgraphs.payments.infrastructure.paypal_api import Fields, PayPalApi
from subgraphs.payments.infrastructure.paypal_errors import RETRIEVE, Missing
from subgraphs.payments.infrastructure.paypal_money import read_amount
from subgraphs.payments.infrastructure.paypal_orders import order_of, segment

_CAPTURES = "/v2/payments/captures/"
_RESOLVED = "RESOLVED"
_LOST = ("RESOLVED_BUYER_FAVOUR", "ACCEPTED")
_FEES = ("DISPUTE_FEE", "CHARGEBACK_FEE")


class _Intents(Protocol):
    async def retrieve(self, reference: str) -> Intent:
        """An order as it is now."""


class PayPalLookups:
    """Answers None for what PayPal does not know, or what is of no order. Any call may raise Unavailable or Internal."""

    def __init__(self, api: PayPalApi, intents: _Intents) -> None:
        self._api = api
        self._intents = intents

    async def intent(self, order: str) -> Intent:
        """An order as it is now."""
        return await self._intents.retrieve(order)

    async def intent_of_movement(self, movement: Fields) -> Intent | None:
        """The order of an authorization, a capture or a refund."""
        order = order_of(movement)
        if order is None and (capture := _refunded_capture(movement)):
            order = await self._order_of_capture(capture)
        return None if order is None else await self.intent(order)

    async def dispute(self, reference: str) -> Dispute | None:
        """A dispute as it is now."""
        try:
            fields = await self._api.read(RETRIEVE, f"/v1/customer/disputes/{segment(reference)}")
        except Missing:
            return None
        order = await self._order_of_capture(fields["disputed_transactions"][0]["seller_transaction_id"])
        return None if order is None else _dispute(fields, order)

    async def _order_of_capture(self, reference: str) -> str | None:
        try:
            return order_of(await self._api.read(RETRIEVE, f"{_CAPTURES}{segment(reference)}"))
        except Missing:
            return None


def _refunded_capture(refund: Fields) -> str | None:
    """A refund names its capture only by a link."""
    links = refund.get("links", ())
    addresses = (str(link["href"]) for link in links if link["rel"] == "up" and _CAPTURES in link["href"])
    return next((address.rpartition("/")[2] for address in addresses), None)


def _dispute(fields: Fields, order: str) -> Dispute:
    return Dispute(
        reference=str(fields["dispute_id"]),
        intent_reference=order,
        outcome=_outcome(fields),
        amount=read_amount(fields["dispute_amount"]),
        fee_minor=sum(read_amount(each["amount"]).minor for each in fields.get("money_movements", ()) if _is_our_fee(each)),
        reason=str(fields.get("reason") or "OTHER"),
        evidence_due_at=_evidence_due_at(fields),
    )


def _evidence_due_at(fields: Fields) -> datetime | None:
    due = fields.get("seller_response_due_date")
    return datetime.fromisoformat(due) if due else None


def _outcome(fields: Fields) -> DisputeOutcome:
    if fields["status"] != _RESOLVED:
        return DisputeOutcome.OPENED
    code = fields.get("dispute_outcome", {}).get("outcome_code")
    return DisputeOutcome.LOST if code in _LOST else DisputeOutcome.WON


def _is_our_fee(movement: Fields) -> bool:
    is_debit = (movement.get("affected_party"), movement.get("type")) == ("SELLER", "DEBIT")
    return is_debit and movement.get("reason") in _FEES
