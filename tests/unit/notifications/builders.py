"""Events as users and orders publish them."""

from typing import Any
from uuid import uuid4


def registered(**changes: Any) -> dict[str, Any]:
    """The payload of a UserRegistered."""
    payload = {"userId": str(uuid4()), "email": "ada@example.com", "name": "Ada", "occurredAt": "2026-11-22T18:00:00Z"}
    return {**payload, **changes}


def line(**changes: Any) -> dict[str, Any]:
    """A line of an order."""
    ids = {"lineId": str(uuid4()), "variantId": str(uuid4())}
    return {**ids, "sku": "MUG-BLUE", "title": "Blue mug", "quantity": 2, "unitPriceMinor": 1990, **changes}


def confirmed(**changes: Any) -> dict[str, Any]:
    """The payload of an OrderConfirmed."""
    payload = {
        "orderId": str(uuid4()),
        "number": "M-1001",
        "customerId": str(uuid4()),
        "email": "ada@example.com",
        "totalMinor": 4980,
        "currency": "EUR",
        "lines": [line(), line(sku="SPOON", title="Spoon", quantity=1, unitPriceMinor=1000)],
        "occurredAt": "2026-11-22T18:00:00Z",
    }
    return {**payload, **changes}


def address(**changes: Any) -> dict[str, Any]:
    """An address as orders tells it."""
    typed = {"recipient": "Ada Lovelace", "company": None, "line1": "1 Analytical Way", "line2": None}
    return {**typed, "postalCode": "N1 9GU", "city": "London", "countryArea": None, "country": "GB", **changes}


def addresses(**billing: Any) -> dict[str, Any]:
    """Both addresses of an order; they are the same but for what is said of the one for the invoice."""
    return {"shippingAddress": address(), "billingAddress": address(**billing)}


def expected(day: str | None, **changes: Any) -> dict[str, Any]:
    """The payload of an OrderExpectedDayChanged: one of the two blue mugs is expected on another day."""
    order = confirmed(**changes)
    return {**order, "changeId": str(uuid4()), "waiting": [waiting(order, day)]}


def waiting(order: dict[str, Any], day: str | None, quantity: int = 1, place: int = 0) -> dict[str, Any]:
    """Units of one of an order's lines that are still to come."""
    return {"lineId": order["lines"][place]["lineId"], "quantity": quantity, "expectedFrom": day}


def cancelled(**changes: Any) -> dict[str, Any]:
    """The payload of an OrderCancelled."""
    return confirmed(**{"cancellation": {"code": "PAYMENT_DECLINED", "message": "Your card was declined."}, **changes})


def payment_action_required(**changes: Any) -> dict[str, Any]:
    """The payload of an OrderPaymentActionRequired."""
    return confirmed(**changes)


def shipped(shipment: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
    """The payload of an OrderShipped, or of an OrderDelivered: one of the two blue mugs, and more follows."""
    order = confirmed(**changes)
    sent = {
        "shipmentId": str(uuid4()),
        "carrier": "Royal Mail",
        "trackingCode": "RM-0042",
        "lines": [{"lineId": order["lines"][0]["lineId"], "quantity": 1}],
        "isLast": False,
    }
    return {**order, "shipment": {**sent, **(shipment or {})}}


def refunded(refund: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
    """The payload of an OrderRefunded: for one of the two blue mugs."""
    order = confirmed(**changes)
    given_back = {
        "refundId": str(uuid4()),
        "amountMinor": 1990,
        "reason": "The handle was broken.",
        "lines": [{"lineId": order["lines"][0]["lineId"], "quantity": 1}],
    }
    return {**order, "refund": {**given_back, **(refund or {})}}
