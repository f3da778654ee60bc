"""Refunds and disputes; source: Stripe's API reference, "Refunds" and "Disputes"."""

import time

from tests.doubles.stripe import currencies
from tests.doubles.stripe.account import Account, Object
from tests.doubles.stripe.errors import StripeError, missing_parameter
from tests.doubles.stripe.money import Till
from tests.doubles.stripe.parameters import Parameters

_REASONS = (None, "duplicate", "fraudulent", "requested_by_customer")
_ONLY_ASKED = "warning_"
_DAYS_TO_RESPOND = 7


class Refunds:
    """Refunds of captured charges."""

    def __init__(self, account: Account, till: Till) -> None:
        self._account = account
        self._till = till

    def create(self, parameters: Parameters) -> Object:
        intent, charge = parameters.text("payment_intent"), parameters.text("charge")
        amount, reason = parameters.amount("amount"), parameters.text("reason")
        metadata = parameters.tree("metadata")
        parameters.finish()
        if reason not in _REASONS:
            raise StripeError(400, is_kept=False, message=f"Invalid reason: {reason}", param="reason")
        return self._refund(intent, charge, amount, reason, metadata)

    def refund_in_dashboard(self, intent: str, amount: int | None) -> Object:
        """Somebody refunds money at Stripe's dashboard."""
        return self._refund(intent, None, amount, None, {})

    def _refund(
        self, intent: str | None, charge: str | None, amount: int | None, reason: str | None, metadata: Object
    ) -> Object:
        refundable = self._refundable(intent, charge)
        left = refundable["amount_captured"] - refundable["amount_refunded"] + _released(refundable)
        wanted = left if amount is None else amount
        currencies.require_step(wanted, refundable["currency"])
        _require_left(refundable, wanted, left)
        if wanted > left - self._taken(refundable):
            message = f"Charge {refundable['id']} has been charged back; cannot issue a refund."
            raise StripeError(400, message=message, code="charge_disputed")
        return self._till.refund(refundable, wanted, reason, metadata)

    def fail(self, reference: str, reason: str) -> Object:
        """The buyer's bank does not take the money."""
        refund = self._account.get("refund", reference)
        if refund["status"] == "failed":
            raise StripeError(400, message="The refund is failed already.")
        return self._till.fail(refund, reason)

    def retrieve(self, parameters: Parameters, reference: str) -> Object:
        parameters.finish()
        return self._account.get("refund", reference)

    def page(self, parameters: Parameters) -> Object:
        return self._account.page("refund", parameters, "payment_intent", "charge")

    def _refundable(self, intent: str | None, charge: str | None) -> Object:
        if intent is None and charge is None:
            raise missing_parameter("payment_intent")
        if intent is not None:
            charge = self._account.named("payment_intent", intent, "payment_intent")["latest_charge"]
        found = self._account.named("charge", charge, "charge") if charge else None
        if found is None or not found["captured"]:
            message = f"This PaymentIntent ({intent}) does not have a successful charge to refund."
            raise StripeError(400, message=message, code="payment_intent_unexpected_state")
        return found

    def _taken(self, charge: Object) -> int:
        """What banks took back and have not given to us again."""
        disputes = [each for each in self._account.all("dispute") if each["charge"] == charge["id"]]
        return sum(each["amount"] for each in disputes if takes_money(each["status"]))


class Disputes:
    """Banks that take captured money back; they begin by the control interface, or at once with a card for it."""

    def __init__(self, account: Account, till: Till) -> None:
        self._account = account
        self._till = till

    def retrieve(self, parameters: Parameters, reference: str) -> Object:
        parameters.finish()
        return self._account.get("dispute", reference)

    def page(self, parameters: Parameters) -> Object:
        return self._account.page("dispute", parameters, "payment_intent", "charge")

    def open(self, intent: str, amount: int | None, reason: str, is_inquiry: bool = False) -> Object:
        """The bank takes the money, at least for now; or it only asks."""
        charge = self._account.get("charge", self._account.get("payment_intent", intent)["latest_charge"])
        dispute = self._account.add(
            "dispute",
            amount=amount or charge["amount_captured"] - charge["amount_refunded"] + _released(charge),
            balance_transactions=[],
            charge=charge["id"],
            currency=charge["currency"],
            evidence_details={"due_by": _due_by(), "has_evidence": False, "past_due": False, "submission_count": 0},
            is_charge_refundable=is_inquiry,
            metadata={},
            payment_intent=intent,
            reason=reason,
            status="warning_needs_response" if is_inquiry else "needs_response",
        )
        if not is_inquiry:
            self._till.withdraw(charge, dispute)
        self._account.publish("charge.dispute.created", dispute)
        if not is_inquiry:
            self._account.publish("charge.dispute.funds_withdrawn", dispute)
        return dispute

    def escalate(self, reference: str) -> Object:
        """The bank that only asked takes the money now."""
        dispute = self._account.get("dispute", reference)
        if not dispute["status"].startswith(_ONLY_ASKED):
            raise StripeError(400, message=f"The dispute is {dispute['status']} already.")
        dispute |= {"status": "needs_response", "is_charge_refundable": False}
        self._till.withdraw(self._account.get("charge", dispute["charge"]), dispute)
        self._account.publish("charge.dispute.funds_withdrawn", dispute)
        self._account.publish("charge.dispute.updated", dispute)
        return dispute

    def set_due(self, reference: str, due_by: int) -> Object:
        """Evidence is taken until another time."""
        dispute = self._account.get("dispute", reference)
        dispute["evidence_details"]["due_by"] = due_by
        self._account.publish("charge.dispute.updated", dispute)
        return dispute

    def appeal(self, reference: str) -> Object:
        """The bank that has decided decides otherwise."""
        dispute = self._account.get("dispute", reference)
        charge = self._account.get("charge", dispute["charge"])
        if dispute["status"] not in ("won", "lost"):
            raise StripeError(400, message=f"The dispute is {dispute['status']}: there is nothing to appeal against.")
        is_won = dispute["status"] == "lost"
        dispute["status"] = "won" if is_won else "lost"
        if is_won:
            self._till.reinstate(charge, dispute)
        else:
            self._till.withdraw(charge, dispute, fee=0)
        self._account.publish(
            "charge.dispute.funds_reinstated" if is_won else "charge.dispute.funds_withdrawn", dispute
        )
        self._account.publish("charge.dispute.closed", dispute)
        return dispute

    def close(self, reference: str, outcome: str) -> Object:
        """The bank decides, or has no more to ask."""
        dispute = self._account.get("dispute", reference)
        is_inquiry = dispute["status"].startswith(_ONLY_ASKED)
        if dispute["status"] in ("won", "lost", "warning_closed") or is_inquiry != (outcome == "warning_closed"):
            raise StripeError(400, message=f"The dispute is {dispute['status']} already.")
        dispute["status"] = outcome
        if outcome == "won":
            self._till.reinstate(self._account.get("charge", dispute["charge"]), dispute)
            self._account.publish("charge.dispute.funds_reinstated", dispute)
        self._account.publish("charge.dispute.closed", dispute)
        return dispute


def takes_money(status: str) -> bool:
    """Whether the bank has the money while a dispute is so."""
    return status != "won" and not status.startswith(_ONLY_ASKED)


def _due_by() -> int:
    """In whole seconds since the Unix epoch, as Stripe tells it."""
    return int(time.time()) + _DAYS_TO_RESPOND * 86_400


def _released(charge: Object) -> int:
    """What a capture of a part let go; Stripe counts it as refunded."""
    return int(charge["amount"] - charge["amount_captured"]) if charge["captured"] else 0


def _require_left(charge: Object, wanted: int, left: int) -> None:
    if left == 0:
        raise StripeError(
            400, message=f"Charge {charge['id']} has already been refunded.", code="charge_already_refunded"
        )
    if wanted > left:
        message = f"Refund amount ({wanted}) is greater than unrefunded amount on charge ({left})"
        raise StripeError(400, message=message, param="amount")
