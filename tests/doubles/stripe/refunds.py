"""Refunds and disputes; source: Stripe's API reference, "Refunds" and "Disputes"."""

from tests.doubles.stripe import currencies
from tests.doubles.stripe.account import Account, Object
from tests.doubles.stripe.errors import StripeError, missing_parameter
from tests.doubles.stripe.money import Till
from tests.doubles.stripe.parameters import Parameters

_REASONS = (None, "duplicate", "fraudulent", "requested_by_customer")


class Refunds:
    """What is given back of captured charges."""

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
        refundable = self._refundable(intent, charge)
        left = refundable["amount_captured"] - refundable["amount_refunded"] + _released(refundable)
        wanted = left if amount is None else amount
        currencies.require_step(wanted, refundable["currency"])
        _require_left(refundable, wanted, left)
        return self._till.refund(refundable, wanted, reason, metadata)

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
        if found["disputed"]:
            message = f"Charge {found['id']} has been charged back; cannot issue a refund."
            raise StripeError(400, message=message, code="charge_disputed")
        return found


class Disputes:
    """Banks that take captured money back; they begin by the control interface, or at once with the card made for it."""

    def __init__(self, account: Account, till: Till) -> None:
        self._account = account
        self._till = till

    def retrieve(self, parameters: Parameters, reference: str) -> Object:
        parameters.finish()
        return self._account.get("dispute", reference)

    def page(self, parameters: Parameters) -> Object:
        return self._account.page("dispute", parameters, "payment_intent", "charge")

    def open(self, intent: str, amount: int | None, reason: str) -> Object:
        """The bank takes the money, at least for now."""
        charge = self._account.get("charge", self._account.get("payment_intent", intent)["latest_charge"])
        dispute = self._account.add(
            "dispute",
            amount=amount or charge["amount_captured"] - charge["amount_refunded"] + _released(charge),
            balance_transactions=[],
            charge=charge["id"],
            currency=charge["currency"],
            evidence_details={"has_evidence": False, "past_due": False, "submission_count": 0},
            is_charge_refundable=False,
            metadata={},
            payment_intent=intent,
            reason=reason,
            status="needs_response",
        )
        self._till.withdraw(charge, dispute)
        self._account.publish("charge.dispute.created", dispute)
        self._account.publish("charge.dispute.funds_withdrawn", dispute)
        return dispute

    def close(self, reference: str, is_won: bool) -> Object:
        """The bank decides."""
        dispute = self._account.get("dispute", reference)
        if dispute["status"] in ("won", "lost"):
            raise StripeError(400, message=f"The dispute is {dispute['status']} already.")
        dispute["status"] = "won" if is_won else "lost"
        if is_won:
            self._till.reinstate(self._account.get("charge", dispute["charge"]), dispute)
            self._account.publish("charge.dispute.funds_reinstated", dispute)
        self._account.publish("charge.dispute.closed", dispute)
        return dispute


def _released(charge: Object) -> int:
    """What a capture of a part let go; Stripe counts it as refunded."""
    return int(charge["amount"] - charge["amount_captured"]) if charge["captured"] else 0


def _require_left(charge: Object, wanted: int, left: int) -> None:
    if left == 0:
        raise StripeError(400, message=f"Charge {charge['id']} has already been refunded.", code="charge_already_refunded")
    if wanted > left:
        message = f"Refund amount ({wanted}) is greater than unrefunded amount on charge ({left})"
        raise StripeError(400, message=message, param="amount")
