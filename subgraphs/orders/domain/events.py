"""What orders tells the others; the contract is ``schema/events/orders.yaml``."""

from datetime import datetime
from typing import Any

from shared.events.event import Event
from subgraphs.orders.domain.cancellation import Cancellation
from subgraphs.orders.domain.order import OrderedLine, PlacedOrder
from subgraphs.orders.domain.refund import Refund

TOPIC = "orders.order.v1"


def order_placed(order: PlacedOrder) -> Event:
    """A buyer placed an order; stock and payment follow."""
    return Event(TOPIC, order.id, "mercato.orders.OrderPlaced", order_payload(order))


def payment_action_required(order: PlacedOrder) -> Event:
    """The payment of an order waits for its buyer."""
    return Event(TOPIC, order.id, "mercato.orders.OrderPaymentActionRequired", order_payload(order))


def order_confirmed(order: PlacedOrder) -> Event:
    """An order is paid and its stock is taken."""
    return Event(TOPIC, order.id, "mercato.orders.OrderConfirmed", order_payload(order))


def order_cancelled(order: PlacedOrder, cancellation: Cancellation) -> Event:
    """An order did not come about, or was undone."""
    reason = {"cancellation": {"code": cancellation.code, "message": cancellation.message}}
    return Event(TOPIC, order.id, "mercato.orders.OrderCancelled", order_payload(order) | reason)


def order_refunded(order: PlacedOrder, refund: Refund, occurred_at: datetime) -> Event:
    """Money was given back for an order."""
    lines = [{"lineId": piece.line_id, "quantity": piece.quantity} for piece in refund.pieces]
    given = {"refundId": refund.id, "amountMinor": refund.amount_minor, "reason": refund.reason, "lines": lines}
    payload = order_payload(order) | {"refund": given, "occurredAt": occurred_at}
    return Event(TOPIC, order.id, "mercato.orders.OrderRefunded", payload)


def order_payload(order: PlacedOrder) -> dict[str, Any]:
    """What all events tell of an order. ``occurredAt`` is added when the event is stored with its move: by the database's clock."""
    return {
        "orderId": order.id,
        "number": order.number,
        "customerId": order.customer_id,
        "email": order.email,
        "totalMinor": order.total_minor,
        "currency": order.currency,
        "lines": [_line(line) for line in order.lines],
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
