"""What moves money: charges, their balance transactions with Stripe's fees, and the ledger."""

from tests.doubles.ledger import Kind
from tests.doubles.stripe.account import Account, Object

_FEE_PERMILLE = 15
_FEE_FIXED = 25
_DISPUTE_FEE = 2000


class Till:
    """Books each movement in Stripe's objects and in the double's ledger at once."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._ledger = account.ledger

    def authorize(self, intent: Object) -> Object:
        """A charge that holds the intent's amount."""
        charge = self._charge(intent, status="succeeded", paid=True)
        self._note(Kind.AUTHORIZATION, charge, charge["id"], charge["amount"])
        return charge

    def decline(self, intent: Object, code: str, message: str) -> Object:
        """A charge that the bank declined."""
        return self._charge(intent, status="failed", paid=False, failure_code=code, failure_message=message)

    def capture(self, charge: Object, amount: int) -> None:
        """Takes part or all of what is held; the rest is let go."""
        charge.update(captured=True, amount_captured=amount)
        fee = (amount * _FEE_PERMILLE + 500) // 1000 + _FEE_FIXED
        transaction = self._transaction(charge, charge["id"], "charge", amount, fee)
        charge["balance_transaction"] = transaction["id"]
        self._note(Kind.CAPTURE, charge, transaction["id"], amount)
        self._note(Kind.FEE, charge, transaction["id"], fee)
        if amount < charge["amount"]:
            self.release(charge)

    def release(self, charge: Object) -> None:
        """Lets go what is held and was not taken; Stripe shows that as a refund."""
        rest = charge["amount"] - charge["amount_captured"]
        refund = self._refund(charge, rest, None, {})
        self._note(Kind.RELEASE, charge, refund["id"], rest)

    def refund(self, charge: Object, amount: int, reason: str | None, metadata: Object) -> Object:
        """Refunds what was taken."""
        refund = self._refund(charge, amount, reason, metadata)
        transaction = self._transaction(charge, refund["id"], "refund", -amount, 0)
        refund["balance_transaction"] = transaction["id"]
        self._note(Kind.REFUND, charge, refund["id"], amount)
        return refund

    def fail(self, refund: Object, reason: str) -> Object:
        """The buyer's bank sends a refund back: the money is in the account again."""
        charge = self._account.get("charge", refund["charge"])
        charge["amount_refunded"] -= refund["amount"]
        charge["refunded"] = False
        transaction = self._transaction(charge, refund["id"], "refund_failure", refund["amount"], 0)
        refund |= {"status": "failed", "failure_reason": reason, "failure_balance_transaction": transaction["id"]}
        self._note(Kind.REFUND_FAILED, charge, refund["id"], refund["amount"])
        for event_type in ("refund.failed", "refund.updated", "charge.refund.updated"):
            self._account.publish(event_type, refund)
        return refund

    def withdraw(self, charge: Object, dispute: Object, fee: int = _DISPUTE_FEE) -> None:
        """The buyer's bank takes the disputed amount, Stripe a fee."""
        charge["disputed"] = True
        transaction = self._transaction(charge, dispute["id"], "adjustment", -dispute["amount"], fee)
        dispute["balance_transactions"].append(transaction)
        self._note(Kind.DISPUTE, charge, dispute["id"], dispute["amount"])
        if fee:
            self._note(Kind.FEE, charge, transaction["id"], fee)

    def reinstate(self, charge: Object, dispute: Object) -> None:
        """The bank gives the disputed amount back; the fee is gone."""
        dispute["balance_transactions"].append(
            self._transaction(charge, dispute["id"], "adjustment", dispute["amount"], 0)
        )
        self._note(Kind.DISPUTE_WON, charge, dispute["id"], dispute["amount"])

    def _charge(self, intent: Object, **outcome: object) -> Object:
        copied = {
            name: intent[name]
            for name in ("amount", "currency", "customer", "payment_method", "metadata", "description")
        }
        empty = {"amount_captured": 0, "amount_refunded": 0, "captured": False, "refunded": False, "disputed": False}
        none = {"balance_transaction": None, "failure_code": None, "failure_message": None}
        fields = {**copied, **empty, **none, "payment_intent": intent["id"], **outcome}
        charge = self._account.add("charge", **fields)
        self._account.publish(f"charge.{charge['status']}", charge)
        return charge

    def _refund(self, charge: Object, amount: int, reason: str | None, metadata: Object) -> Object:
        charge["amount_refunded"] += amount
        charge["refunded"] = charge["amount_refunded"] == charge["amount"]
        refund = self._account.add(
            "refund",
            amount=amount,
            balance_transaction=None,
            charge=charge["id"],
            currency=charge["currency"],
            metadata=metadata,
            payment_intent=charge["payment_intent"],
            reason=reason,
            status="succeeded",
        )
        self._account.publish("refund.created", refund)
        self._account.publish("charge.refunded", charge)
        return refund

    def _transaction(self, charge: Object, source: str, kind: str, amount: int, fee: int) -> Object:
        currency = charge["currency"]
        detail = {
            "amount": fee,
            "application": None,
            "currency": currency,
            "description": "Processing fees",
            "type": "stripe_fee",
        }
        return self._account.add(
            "balance_transaction",
            amount=amount,
            currency=currency,
            fee=fee,
            fee_details=[detail] if fee else [],
            net=amount - fee,
            reporting_category="dispute" if kind == "adjustment" else kind,
            source=source,
            status="pending",
            type=kind,
        )

    def _note(self, kind: Kind, charge: Object, reference: str, amount: int) -> None:
        self._ledger.add(kind, charge["payment_intent"], reference, amount, charge["currency"])
