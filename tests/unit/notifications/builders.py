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


def cancelled(**changes: Any) -> dict[str, Any]:
    """The payload of an OrderCancelled."""
    return confirmed(**{"cancellation": {"code": "PAYMENT_DECLINED", "message": "Your card was declined."}, **changes})
