"""Disputes; source: PayPal's API reference, "Disputes v1". They begin by the control interface only."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from tests.doubles.ledger import Kind
from tests.doubles.paypal.account import Account, Object, moment, now
from tests.doubles.paypal.amounts import read, write
from tests.doubles.paypal.errors import PayPalError, unprocessable

_FEE = 1600
_PATH = "/v1/customer/disputes"
_LARGEST_PAGE = 50
_TIME_TO_RESPOND = timedelta(days=10)


class Disputes:
    """What PayPal or the buyer's bank takes back of captures."""

    def __init__(self, account: Account) -> None:
        self._account = account

    def retrieve(self, reference: str) -> Object:
        return self._account.get("dispute", reference)

    def page(self, query: Mapping[str, str]) -> Object:
        """Those that match, the latest first, without their details; see PayPal's "List disputes"."""
        size, number = int(query.get("page_size", "10")), int(query.get("page", "1"))
        if not (1 <= size <= _LARGEST_PAGE and 1 <= number <= _LARGEST_PAGE):
            raise PayPalError(400, "INVALID_PAGE", "page_size")
        found = [_summary(each) for each in self._account.all("dispute") if _matches(each, query)]
        shown = found[(number - 1) * size : number * size]
        rest = [self._account.link(f"{_PATH}?page={number + 1}", "next")] if len(found) > number * size else []
        return {"items": shown, "links": rest}

    def set_due(self, reference: str, due: str) -> Object:
        """Evidence is taken until another time."""
        dispute = self._account.get("dispute", reference)
        dispute |= {"seller_response_due_date": due, "update_time": now()}
        self._account.publish("CUSTOMER.DISPUTE.UPDATED", "dispute", dispute)
        return dispute

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
            status="WAITING_FOR_SELLER_RESPONSE",
            seller_response_due_date=_due(),
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
        capture = dispute["disputed_transactions"][0]["seller_transaction_id"]
        self._account.disputed.discard(capture)
        if is_won:
            self._reinstate(dispute)
        else:
            self._account.lost[capture] = self._account.lost.get(capture, 0) + read(
                dispute["dispute_amount"], "/amount"
            )
        self._account.publish("CUSTOMER.DISPUTE.RESOLVED", "dispute", dispute)
        return dispute

    def appeal(self, reference: str) -> Object:
        """What was decided is decided otherwise."""
        dispute = self._account.get("dispute", reference)
        if dispute["status"] != "RESOLVED":
            raise unprocessable("DISPUTE_NOT_RESOLVED")
        capture, minor = (
            dispute["disputed_transactions"][0]["seller_transaction_id"],
            read(dispute["dispute_amount"], "/amount"),
        )
        is_won = dispute["dispute_outcome"]["outcome_code"] == "RESOLVED_BUYER_FAVOUR"
        outcome = "RESOLVED_SELLER_FAVOUR" if is_won else "RESOLVED_BUYER_FAVOUR"
        dispute |= {"dispute_outcome": {"outcome_code": outcome}, "update_time": now()}
        self._account.lost[capture] = self._account.lost.get(capture, 0) + (-minor if is_won else minor)
        if is_won:
            self._reinstate(dispute)
        else:
            order = self._account.get("capture", capture)["supplementary_data"]["related_ids"]["order_id"]
            self._account.note(Kind.DISPUTE, self._account.get("order", order), dispute["id"], minor)
        self._account.publish("CUSTOMER.DISPUTE.UPDATED", "dispute", dispute)
        return dispute

    def _reinstate(self, dispute: Object) -> None:
        capture = self._account.get("capture", dispute["disputed_transactions"][0]["seller_transaction_id"])
        order = self._account.get("order", capture["supplementary_data"]["related_ids"]["order_id"])
        self._account.note(Kind.DISPUTE_WON, order, dispute["id"], read(dispute["dispute_amount"], "/amount"))


def _matches(dispute: Object, query: Mapping[str, str]) -> bool:
    after, before = query.get("update_time_after"), query.get("update_time_before")
    capture = query.get("disputed_transaction_id")
    changed = datetime.fromisoformat(dispute["update_time"])
    return (
        (capture is None or dispute["disputed_transactions"][0]["seller_transaction_id"] == capture)
        and (after is None or changed >= datetime.fromisoformat(after))
        and (before is None or changed <= datetime.fromisoformat(before))
    )


def _summary(dispute: Object) -> Object:
    names = (
        "dispute_id",
        "create_time",
        "update_time",
        "status",
        "reason",
        "dispute_amount",
        "dispute_life_cycle_stage",
    )
    return {name: dispute[name] for name in names}


def _due() -> str:
    return moment(datetime.now(UTC) + _TIME_TO_RESPOND)


def _debit(amount: Object, reason: str) -> Object:
    return {"affected_party": "SELLER", "amount": amount, "initiated_time": now(), "type": "DEBIT", "reason": reason}
