"""What orders tells the others; the contract is ``schema/events/orders.yaml``."""

from datetime import datetime
from typing import Any

from shared.events.event import Event
from subgraphs.orders.domain.cancellation import Cancellation
from subgraphs.orders.domain.order import OrderedLine, PlacedOrder

TOPIC = "orders.order.v1"


def order_placed(order: PlacedOrder, occurred_at: datetime) -> Event:
    """A buyer placed an order; stock and payment follow."""
    return Event(TOPIC, order.id, "mercato.orders.OrderPlaced", _payload(order, occurred_at))


def order_confirmed(order: PlacedOrder, occurred_at: datetime) -> Event:
    """An order is paid and its stock is taken."""
    return Event(TOPIC, order.id, "mercato.orders.OrderConfirmed", _payload(order, occurred_at))


def order_cancelled(order: PlacedOrder, cancellation: Cancellation, occurred_at: datetime) -> Event:
    """An order did not come about."""
    reason = {"cancellation": {"code": cancellation.code, "message": cancellation.message}}
    return Event(TOPIC, order.id, "mercato.orders.OrderCancelled", _payload(order, occurred_at) | reason)


def _payload(order: PlacedOrder, occurred_at: datetime) -> dict[str, Any]:
    return {
        "orderId": order.id,
        "number": order.number,
        "customerId": order.customer_id,
        "email": order.email,
        "totalMinor": order.total_minor,
        "currency": order.currency,
        "lines": [_line(line) for line in order.lines],
        "occurredAt": occurred_at,
    }


def _line(line: OrderedLine) -> dict[str, Any]:
    return {
        "lineId": line.id,
        "variantId": line.variant_id,
        "sku": line.sku,
        "title": line.title,
        "quantity": line.quantity,
        "unitPriceMinor": line.unit_price_minor,
    }
