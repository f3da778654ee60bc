"""Orders; source: PayPal's API reference, "Orders v2"."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from tests.doubles.paypal.account import Account, Object, now
from tests.doubles.paypal.amounts import read, write
from tests.doubles.paypal.errors import PayPalError, not_found, unprocessable
from tests.doubles.paypal.payments import Payments

_OPEN = ("CREATED", "PAYER_ACTION_REQUIRED", "APPROVED")
_INTENTS = ("AUTHORIZE", "CAPTURE")
_PATH = "/v2/checkout/orders"


class Orders:
    """``next_issue`` is the issue by which PayPal declines the wallet of the next buyer who approves an order."""

    def __init__(self, account: Account, payments: Payments) -> None:
        self.next_issue: str | None = None
        self._account = account
        self._payments = payments
        self._issues: dict[str, str] = {}
        self._ways_back: dict[str, Mapping[str, str]] = {}

    def create(self, body: Object) -> Object:
        if body.get("intent") not in _INTENTS:
            raise PayPalError(400, "INVALID_PARAMETER_VALUE", "/intent")
        unit = self._unit(body.get("purchase_units"))
        context = _context(body)
        order = self._account.add("order", intent=body["intent"], status="PAYER_ACTION_REQUIRED", purchase_units=[unit])
        order["payment_source"] = {"paypal": {}}
        self._ways_back[order["id"]] = context
        self._link(order)
        self._account.ledger.open(order["id"], {"payment_id": unit["custom_id"], "order_id": unit["invoice_id"][:36]})
        return order

    def retrieve(self, reference: str) -> Object:
        return self._account.get("order", reference)

    def patch(self, changes: Sequence[Object], reference: str) -> None:
        order = self._account.get("order", reference)
        if order["status"] not in _OPEN:
            raise unprocessable("ORDER_ALREADY_COMPLETED")
        for change in changes:
            if (change.get("op"), change.get("path")) != ("replace", "/intent"):
                raise unprocessable("NOT_PATCHABLE", change.get("path"))
            if change.get("value") not in _INTENTS:
                raise unprocessable("UNSUPPORTED_PATCH_PARAMETER_VALUE", change["path"])
        order |= {"intent": changes[-1]["value"], "update_time": now()}

    def authorize(self, body: Object, reference: str) -> Object:
        order = self._account.get("order", reference)
        if order["intent"] != "AUTHORIZE":
            raise unprocessable("ACTION_DOES_NOT_MATCH_INTENT")
        if order["status"] == "COMPLETED":
            raise unprocessable("ORDER_ALREADY_AUTHORIZED")
        if order["status"] != "APPROVED":
            raise unprocessable("ORDER_NOT_APPROVED")
        if (issue := self._issues.get(reference)) is not None:
            raise unprocessable(issue)
        order |= {"status": "COMPLETED", "update_time": now()}
        self._payments.authorize(order)
        self._link(order)
        return order

    def act(self, reference: str, approves: bool) -> Object:
        """The buyer approves at PayPal's page; whoever does not may still do so later."""
        order = self._account.get("order", reference)
        if order["status"] not in _OPEN:
            raise unprocessable("ORDER_ALREADY_COMPLETED")
        if approves and order["status"] != "APPROVED":
            order |= {"status": "APPROVED", "update_time": now(), "payer": {"payer_id": "QYR5Z8XDVJNXQ"}}
            self._take_issue(reference)
            self._link(order)
            self._account.publish("CHECKOUT.ORDER.APPROVED", "checkout-order", order)
        return order

    def way_back(self, reference: str, approves: bool) -> str:
        """Where PayPal's page sends the buyer."""
        context = self._ways_back.get(reference)
        if context is None:
            raise not_found()
        address = context["return_url" if approves else "cancel_url"]
        payer = "&PayerID=QYR5Z8XDVJNXQ" if approves else ""
        return f"{address}{'&' if '?' in address else '?'}token={quote(reference)}{payer}"

    def expire(self, reference: str) -> None:
        """An authorization lapses after its 29 days; PayPal forgets an order that nobody had authorized."""
        order = self._account.get("order", reference)
        if order["status"] == "COMPLETED":
            self._payments.lapse(order)
        else:
            self._account.forget("order", reference)

    def _take_issue(self, reference: str) -> None:
        if self.next_issue is not None:
            self._issues[reference], self.next_issue = self.next_issue, None

    def _unit(self, units: Any) -> Object:
        if not isinstance(units, list) or len(units) != 1:
            raise PayPalError(400, "INVALID_ARRAY_MAX_ITEMS", "/purchase_units")
        amount = units[0].get("amount")
        minor = read(amount, "/purchase_units/@reference_id=='default'/amount")
        named = {name: units[0].get(name, "") for name in ("custom_id", "invoice_id")}
        return {"reference_id": "default", **named, "amount": write(minor, amount["currency_code"])}

    def _link(self, order: Object) -> None:
        path = f"{_PATH}/{order['id']}"
        links = [self._account.link(path, "self")]
        if order["status"] == "PAYER_ACTION_REQUIRED":
            links.append(self._account.link(f"/checkoutnow?token={order['id']}", "payer-action"))
        if order["status"] == "APPROVED":
            links.append(self._account.link(f"{path}/authorize", "authorize", "POST"))
        order["links"] = links


def _context(body: Object) -> Mapping[str, str]:
    context: Mapping[str, str] = body.get("payment_source", {}).get("paypal", {}).get("experience_context", {})
    for name in ("return_url", "cancel_url"):
        if not str(context.get(name, "")).startswith(("http://", "https://")):
            path = f"/payment_source/paypal/experience_context/{name}"
            raise PayPalError(400, "INVALID_PARAMETER_SYNTAX", path)
    return context
