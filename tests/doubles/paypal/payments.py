"""Authorizations, captures and refunds; source: PayPal's API reference, "Payments v2"."""

from tests.doubles.ledger import Kind
from tests.doubles.paypal.account import Account, Object, now
from tests.doubles.paypal.amounts import read, write
from tests.doubles.paypal.errors import unprocessable

_FEE_PERMILLE = 25
_FEE_FIXED = 35
_ISSUES = {
    "CAPTURED": "AUTHORIZATION_ALREADY_CAPTURED",
    "VOIDED": "AUTHORIZATION_VOIDED",
    "DENIED": "AUTHORIZATION_DENIED",
}


class Payments:
    """What moves money. An order's own JSON lists what was done with it, as PayPal's does."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self.is_slow = False  # whether the next refund is PENDING at first

    def authorization(self, reference: str) -> Object:
        return self._account.get("authorization", reference)

    def captured(self, reference: str) -> Object:
        return self._account.get("capture", reference)

    def refunded(self, reference: str) -> Object:
        return self._account.get("refund", reference)

    def authorize(self, order: Object) -> Object:
        """Holds the order's amount."""
        unit = order["purchase_units"][0]
        authorization = self._movement("authorization", order, status="CREATED", amount=unit["amount"])
        unit["payments"] = {"authorizations": [authorization]}
        self._account.note(Kind.AUTHORIZATION, order, authorization["id"], read(unit["amount"], "/amount"))
        self._account.report("T1300", authorization, order["id"], unit["amount"])
        self._publish("PAYMENT.AUTHORIZATION.CREATED", authorization)
        return authorization

    def capture(self, body: Object, reference: str) -> Object:
        authorization = self._account.get("authorization", reference)
        if (issue := _ISSUES.get(authorization["status"])) is not None:
            raise unprocessable(issue)
        amount = body.get("amount") or authorization["amount"]
        if read(amount, "/amount") > read(authorization["amount"], "/amount"):
            raise unprocessable("MAX_CAPTURE_AMOUNT_EXCEEDED", "/amount/value")
        return self._captured(authorization, amount, bool(body.get("final_capture")))

    def void(self, body: Object, reference: str) -> Object:
        authorization = self._account.get("authorization", reference)
        if authorization["status"] in ("CAPTURED", "VOIDED"):
            raise unprocessable(f"PREVIOUSLY_{authorization['status']}")
        return self._voided(authorization)

    def lapse(self, order: Object) -> None:
        """An authorization ends by itself."""
        for authorization in order["purchase_units"][0]["payments"]["authorizations"]:
            if authorization["status"] == "CREATED":
                self._voided(authorization)

    def refund(self, body: Object, reference: str) -> Object:
        capture = self._account.get("capture", reference)
        order = self._order(capture)
        given = order["purchase_units"][0]["payments"].setdefault("refunds", [])
        left = read(capture["amount"], "/amount") - _arrived(given)
        left = max(left - self._account.lost.get(capture["id"], 0), 0)
        amount = body.get("amount") or write(left, capture["amount"]["currency_code"])
        self._require_refundable(capture, amount, left)
        return self._refunded(order, capture, amount, body.get("custom_id", ""))

    def refund_in_dashboard(self, order_id: str, minor: int | None) -> Object:
        """Somebody refunds money on PayPal's own page."""
        capture = self._account.get("order", order_id)["purchase_units"][0]["payments"]["captures"][-1]
        return self.refund({"amount": write(minor, capture["amount"]["currency_code"])} if minor else {}, capture["id"])

    def fail(self, reference: str) -> Object:
        """The money does not reach the buyer: it is the shop's again."""
        refund = self._account.get("refund", reference)
        if refund["status"] == "FAILED":
            raise unprocessable("REFUND_FAILED_ALREADY")
        refund |= {"status": "FAILED", "status_details": {"reason": "ECHECK"}, "update_time": now()}
        capture = self._account.get("capture", refund["links"][-1]["href"].rpartition("/")[2])
        order = self._order(capture)
        is_part = _arrived(order["purchase_units"][0]["payments"]["refunds"]) > 0
        capture |= {"status": "PARTIALLY_REFUNDED" if is_part else "COMPLETED", "update_time": now()}
        self._account.note(Kind.REFUND_FAILED, order, refund["id"], read(refund["amount"], "/amount"))
        self._account.publish("PAYMENT.REFUND.FAILED", "refund", refund)
        return refund

    def _captured(self, authorization: Object, amount: Object, is_final: bool) -> Object:
        order = self._order(authorization)
        minor, held = read(amount, "/amount"), read(authorization["amount"], "/amount")
        capture = self._movement("capture", order, status="COMPLETED", amount=amount, final_capture=is_final)
        capture["supplementary_data"]["related_ids"]["authorization_id"] = authorization["id"]
        fee = (minor * _FEE_PERMILLE + 500) // 1000 + _FEE_FIXED
        capture["seller_receivable_breakdown"] = {
            "gross_amount": amount,
            "paypal_fee": write(fee, amount["currency_code"]),
        }
        authorization |= {
            "status": "CAPTURED" if is_final or minor == held else "PARTIALLY_CAPTURED",
            "update_time": now(),
        }
        order["purchase_units"][0]["payments"].setdefault("captures", []).append(capture)
        self._account.note(Kind.CAPTURE, order, capture["id"], minor)
        self._account.note(Kind.FEE, order, capture["id"], fee)
        if is_final and minor < held:
            self._account.note(Kind.RELEASE, order, authorization["id"], held - minor)
        self._account.report("T0006", capture, authorization["id"], amount)
        self._publish("PAYMENT.CAPTURE.COMPLETED", capture)
        return capture

    def _voided(self, authorization: Object) -> Object:
        authorization |= {"status": "VOIDED", "update_time": now()}
        order = self._order(authorization)
        self._account.note(Kind.RELEASE, order, authorization["id"], read(authorization["amount"], "/amount"))
        self._publish("PAYMENT.AUTHORIZATION.VOIDED", authorization)
        return authorization

    def _refunded(self, order: Object, capture: Object, amount: Object, custom_id: str) -> Object:
        refund = self._movement("refund", order, status="PENDING" if self.is_slow else "COMPLETED", amount=amount)
        self.is_slow = False
        del refund["supplementary_data"]  # a refund names its capture by the link only
        refund["custom_id"] = custom_id
        refund["links"].append(self._account.link(f"/v2/payments/captures/{capture['id']}", "up"))
        refunds = order["purchase_units"][0]["payments"]["refunds"]
        refunds.append(refund)
        minor = read(amount, "/amount")
        is_all = _arrived(refunds) == read(capture["amount"], "/amount")
        capture |= {"status": "REFUNDED" if is_all else "PARTIALLY_REFUNDED", "update_time": now()}
        self._account.note(Kind.REFUND, order, refund["id"], minor)
        self._account.report("T1107", refund, capture["id"], {**amount, "value": f"-{amount['value']}"})
        self._account.publish("PAYMENT.CAPTURE.REFUNDED", "refund", refund)
        return refund

    def _require_refundable(self, capture: Object, amount: Object, left: int) -> None:
        if capture["status"] == "REFUNDED":
            raise unprocessable("CAPTURE_FULLY_REFUNDED")
        if amount["currency_code"] != capture["amount"]["currency_code"]:
            raise unprocessable("REFUND_CAPTURE_CURRENCY_MISMATCH", "/amount/currency_code")
        if read(amount, "/amount") > left:
            raise unprocessable("REFUND_AMOUNT_EXCEEDED", "/amount/value")
        if capture["id"] in self._account.disputed:
            raise unprocessable("TRANSACTION_DISPUTED")

    def _movement(self, kind: str, order: Object, **fields: object) -> Object:
        unit = order["purchase_units"][0]
        ours = {name: unit[name] for name in ("custom_id", "invoice_id")}
        related = {"related_ids": {"order_id": order["id"]}}
        movement = self._account.add(kind, **ours, **fields, supplementary_data=related)
        movement["links"] = [self._account.link(f"/v2/payments/{kind}s/{movement['id']}", "self")]
        return movement

    def _order(self, movement: Object) -> Object:
        return self._account.get("order", movement["supplementary_data"]["related_ids"]["order_id"])

    def _publish(self, event_type: str, movement: Object) -> None:
        self._account.publish(event_type, event_type.split(".")[1].lower(), movement)


def _arrived(refunds: list[Object]) -> int:
    """How much was refunded, or is on its way."""
    return sum(read(each["amount"], "/amount") for each in refunds if each["status"] != "FAILED")
