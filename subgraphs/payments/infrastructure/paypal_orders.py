"""PayPal's orders in our words; source: PayPal's API reference, "Orders v2", "Show order details".

Our orders have one purchase unit, and at most one authorization and one capture of it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote
from uuid import UUID

from shared.ids import try_parse_id
from shared.money import Money
from subgraphs.payments.domain.provider import (
    Action,
    Decline,
    Intent,
    ProviderRecord,
    ProviderRefund,
    RefundState,
)
from subgraphs.payments.domain.status import PaymentStatus
from subgraphs.payments.infrastructure.paypal_money import read_amount

Fields = Mapping[str, Any]

DECLINE = Decline("payment_denied", "PayPal declined this payment; please choose another means of payment.")
BARRED_INTENT = "CAPTURE"
"""An order of this intent can't be authorized, and we never capture one: see ``PayPalProvider.cancel``."""

_WITHOUT_AUTHORIZATION = {
    "CREATED": PaymentStatus.REQUIRES_ACTION,
    "PAYER_ACTION_REQUIRED": PaymentStatus.REQUIRES_ACTION,
    "SAVED": PaymentStatus.REQUIRES_ACTION,
    "APPROVED": PaymentStatus.PENDING,
    "VOIDED": PaymentStatus.VOIDED,
}
_AUTHORIZATION = {
    "CREATED": PaymentStatus.AUTHORIZED,
    "PENDING": PaymentStatus.PENDING,
    "DENIED": PaymentStatus.DECLINED,
    "VOIDED": PaymentStatus.VOIDED,
    "EXPIRED": PaymentStatus.VOIDED,  # what was held until then is not held any more
}
_CAPTURE = {
    "COMPLETED": PaymentStatus.CAPTURED,
    "PARTIALLY_REFUNDED": PaymentStatus.CAPTURED,
    "REFUNDED": PaymentStatus.CAPTURED,
    "PENDING": PaymentStatus.AUTHORIZED,  # not ours before it is completed
    "DECLINED": PaymentStatus.VOIDED,
    "FAILED": PaymentStatus.VOIDED,
}
_FAILED_REFUNDS = ("CANCELLED", "FAILED")
_REFUND = {"PENDING": RefundState.PENDING, **dict.fromkeys(_FAILED_REFUNDS, RefundState.FAILED)}


@dataclass(frozen=True, slots=True)
class PayPalOrder:
    """An order, and what was done with it. Reading what is not there raises KeyError or TypeError."""

    fields: Fields

    @property
    def reference(self) -> str:
        return str(self.fields["id"])

    @property
    def amount(self) -> Money:
        return read_amount(self._unit["amount"])

    @property
    def payment_id(self) -> UUID | None:
        return try_parse_id(self._unit.get("custom_id", ""))

    @property
    def authorization(self) -> Fields | None:
        """The last one."""
        return next(reversed(self._payments("authorizations")), None)

    @property
    def capture(self) -> Fields | None:
        """The one that counts: a later one can follow one that was declined."""
        return next(reversed(self._payments("captures")), None)

    @property
    def refunds(self) -> Sequence[Fields]:
        """All of them, also those that failed."""
        return self._payments("refunds")

    @property
    def is_barred(self) -> bool:
        return bool(self.fields["intent"] == BARRED_INTENT)

    @property
    def status(self) -> PaymentStatus:
        """The payment status that the order amounts to."""
        if self.capture is not None:
            return capture_status(self.capture)
        if self.authorization is not None:
            return _AUTHORIZATION[self.authorization["status"]]
        return PaymentStatus.VOIDED if self.is_barred else _WITHOUT_AUTHORIZATION[self.fields["status"]]

    @property
    def refunded_minor(self) -> int:
        given = (refund for refund in self.refunds if refund["status"] not in _FAILED_REFUNDS)
        return sum(read_amount(refund["amount"]).minor for refund in given)

    @property
    def action(self) -> Action | None:
        """Where the buyer approves the order."""
        links = (link["href"] for link in self.fields.get("links", ()) if link["rel"] in ("payer-action", "approve"))
        return Action(redirect_url=next(links, "")) if self.status is PaymentStatus.REQUIRES_ACTION else None

    @property
    def _unit(self) -> Fields:
        unit: Fields = self.fields["purchase_units"][0]
        return unit

    def _payments(self, kind: str) -> Sequence[Fields]:
        found: Sequence[Fields] = self._unit.get("payments", {}).get(kind, ())
        return found


def capture_status(capture: Fields) -> PaymentStatus:
    """The payment status that a capture amounts to."""
    return _CAPTURE[capture["status"]]


def refund_state(fields: Fields) -> RefundState:
    """How far a refund is."""
    return _REFUND.get(fields["status"], RefundState.GIVEN)


def read_refund(fields: Fields) -> ProviderRefund:
    """A refund from PayPal's JSON."""
    state = refund_state(fields)
    reason = (fields.get("status_details") or {}).get("reason") or fields["status"]
    failure = str(reason) if state is RefundState.FAILED else ""
    return ProviderRefund(str(fields["id"]), read_amount(fields["amount"]).minor, state, failure)


def order_of(movement: Fields) -> str | None:
    """The order that an authorization or a capture belongs to, if any."""
    related: Fields = movement.get("supplementary_data", {}).get("related_ids", {})
    return related.get("order_id")


def segment(reference: str) -> str:
    """A reference as a part of an address."""
    return quote(reference, safe="")


def intent_of(order: PayPalOrder) -> Intent:
    """An order as an intent of ours."""
    status = order.status
    return Intent(
        reference=order.reference,
        status=status,
        amount=order.amount,
        awaits_confirmation=status is PaymentStatus.PENDING and order.authorization is None,
        action=order.action,
        decline=DECLINE if status is PaymentStatus.DECLINED else None,
        refunded_minor=order.refunded_minor,
        part_minor=_part_minor(order) if status is PaymentStatus.CAPTURED else None,
        payment_id=order.payment_id,
    )


def _part_minor(order: PayPalOrder) -> int | None:
    """What was taken, when that is a part of the order's amount alone."""
    taken = read_amount(order.capture["amount"]) if order.capture else order.amount
    return taken.minor if taken.minor < order.amount.minor else None


def record_of(order: PayPalOrder) -> ProviderRecord:
    """An order as an entry in PayPal's books."""
    intent = intent_of(order)
    captured_minor = intent.taken_minor if intent.status is PaymentStatus.CAPTURED else 0
    return ProviderRecord(
        order.reference, order.payment_id, intent.status, order.amount, captured_minor, order.refunded_minor
    )
