"""Disputes; source: PayPal's API reference, "Disputes v1". They begin by the control interface only."""

from tests.doubles.ledger import Kind
from tests.doubles.paypal.account import Account, Object, now
from tests.doubles.paypal.amounts import read, write
from tests.doubles.paypal.errors import unprocessable

_FEE = 1600


class Disputes:
    """What PayPal or the buyer's bank takes back of captures."""

    def __init__(self, account: Account) -> None:
        self._account = account

    def retrieve(self, reference: str) -> Object:
        return self._account.get("dispute", reference)

    def open(self, order_id: str, minor: int | None, reason: str) -> Object:
        """The amount is taken back, at least for now."""
        order = self._account.get("order", order_id)
        capture = order["purchase_units"][0]["payments"]["captures"][-1]
        amount = write(minor, capture["amount"]["currency_code"]) if minor else capture["amount"]
        fee = write(_FEE, amount["currency_code"])
        dispute = self._account.add(
            "dispute",
            disputed_transactions=[{"seller_transaction_id": capture["id"], "custom": capture["custom_id"]}],
            reason=reason,
            status="UNDER_REVIEW",
            dispute_amount=amount,
            dispute_life_cycle_stage="CHARGEBACK",
            money_movements=[_debit(amount, "DISPUTE_SETTLEMENT"), _debit(fee, "DISPUTE_FEE")],
        )
        dispute["dispute_id"] = dispute["id"]
        self._account.disputed.add(capture["id"])
        self._account.note(Kind.DISPUTE, order, dispute["id"], read(amount, "/amount"))
        self._account.note(Kind.FEE, order, dispute["id"], _FEE)
        self._account.publish("CUSTOMER.DISPUTE.CREATED", "dispute", dispute)
        return dispute

    def close(self, reference: str, is_won: bool) -> Object:
        """The bank decides."""
        dispute = self._account.get("dispute", reference)
        if dispute["status"] == "RESOLVED":
            raise unprocessable("DISPUTE_ALREADY_RESOLVED")
        outcome = "RESOLVED_SELLER_FAVOUR" if is_won else "RESOLVED_BUYER_FAVOUR"
        dispute |= {"status": "RESOLVED", "dispute_outcome": {"outcome_code": outcome}, "update_time": now()}
        if is_won:
            self._give_back(dispute)
        self._account.publish("CUSTOMER.DISPUTE.RESOLVED", "dispute", dispute)
        return dispute

    def _give_back(self, dispute: Object) -> None:
        capture = self._account.get("capture", dispute["disputed_transactions"][0]["seller_transaction_id"])
        order = self._account.get("order", capture["supplementary_data"]["related_ids"]["order_id"])
        self._account.note(Kind.DISPUTE_WON, order, dispute["id"], read(dispute["dispute_amount"], "/amount"))


def _debit(amount: Object, reason: str) -> Object:
    return {"affected_party": "SELLER", "amount": amount, "initiated_time": now(), "type": "DEBIT", "reason": reason}
