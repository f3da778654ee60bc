"""What orders tells the others; the contract is ``schema/events/orders.yaml``."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from shared.events.event import Event
from subgraphs.orders.domain.cancellation import Cancellation
from subgraphs.orders.domain.dispute import Hold
from subgraphs.orders.domain.order import OrderedLine, PlacedOrder
from subgraphs.orders.domain.paying_again import PAYABLE_AGAIN
from subgraphs.orders.domain.refund import Refund
from subgraphs.orders.domain.shipment import Shipment
from subgraphs.orders.domain.waiting import StillToCome

TOPIC = "orders.order.v1"


def order_placed(order: PlacedOrder) -> Event:
    """A buyer placed an order; stock and payment follow."""
    return Event(TOPIC, order.id, "mercato.orders.OrderPlaced", order_payload(order))


def order_reopened(order: PlacedOrder) -> Event:
    """The buyer of an order that came to nothing pays again; stock and payment follow once more."""
    return Event(TOPIC, order.id, "mercato.orders.OrderReopened", order_payload(order))


def payment_action_required(order: PlacedOrder) -> Event:
    """The payment of an order waits for its buyer."""
    return Event(TOPIC, order.id, "mercato.orders.OrderPaymentActionRequired", order_payload(order))


def customer_attached(order: PlacedOrder, occurred_at: datetime) -> Event:
    """An order that a guest had placed became an account's."""
    payload = order_payload(order) | {"occurredAt": occurred_at}
    return Event(TOPIC, order.id, "mercato.orders.OrderCustomerAttached", payload)


def order_confirmed(order: PlacedOrder, is_paid: bool) -> Event:
    """An order is paid, or its price held, and its stock is taken.

    ``waiting`` and both addresses are added when the event is stored with its status transition: what waits is known
    then, and the addresses are of no use to a saga.
    """
    return Event(TOPIC, order.id, "mercato.orders.OrderConfirmed", order_payload(order) | {"isPaid": is_paid})


def order_cancelled(order: PlacedOrder, cancellation: Cancellation) -> Event:
    """An order did not come about, or was undone."""
    may_be_paid_again = cancellation.code in PAYABLE_AGAIN
    reason = {
        "cancellation": {
            "code": cancellation.code,
            "message": cancellation.message,
            "mayBePaidAgain": may_be_paid_again,
        }
    }
    return Event(TOPIC, order.id, "mercato.orders.OrderCancelled", order_payload(order) | reason)


def order_refunded(order: PlacedOrder, refund: Refund, occurred_at: datetime) -> Event:
    """Money of an order was refunded."""
    lines = [{"lineId": its.line_id, "quantity": its.quantity} for its in refund.units]
    given = {"refundId": refund.id, "amountMinor": refund.amount_minor, "reason": refund.reason, "lines": lines}
    payload = order_payload(order) | {
        "refund": given | {"source": refund.source, "isOutside": refund.paid_outside is not None},
        "occurredAt": occurred_at,
    }
    return Event(TOPIC, order.id, "mercato.orders.OrderRefunded", payload)


def order_held(order: PlacedOrder, hold: Hold, occurred_at: datetime) -> Event:
    """Nothing of an order may leave until it is released."""
    told = {
        "reason": hold.reason,
        "amountMinor": hold.disputed.minor,
        "since": hold.since,
        "evidenceDueAt": hold.evidence_due_at,
    }
    payload = order_payload(order) | {"hold": told, "occurredAt": occurred_at}
    return Event(TOPIC, order.id, "mercato.orders.OrderHeld", payload)


def order_released(order: PlacedOrder, occurred_at: datetime) -> Event:
    """An order that was held is held no longer."""
    return Event(TOPIC, order.id, "mercato.orders.OrderReleased", order_payload(order) | {"occurredAt": occurred_at})


def order_shipped(
    order: PlacedOrder, shipment: Shipment, is_last: bool, occurred_at: datetime, waiting: Sequence[StillToCome]
) -> Event:
    """A shipment of an order left; ``is_last`` when nothing of the order is left to be shipped, ``waiting`` what can't
    be shipped yet.
    """
    payload = _shipment_payload(order, shipment, is_last, occurred_at) | {"waiting": [_waiting(its) for its in waiting]}
    return Event(TOPIC, order.id, "mercato.orders.OrderShipped", payload)


def expected_day_changed(
    change_id: UUID, order: PlacedOrder, waiting: Sequence[StillToCome], occurred_at: datetime
) -> Event:
    """What an order still waits for is expected on another day than before."""
    told = {"changeId": change_id, "waiting": [_waiting(its) for its in waiting], "occurredAt": occurred_at}
    payload = order_payload(order) | told
    return Event(TOPIC, order.id, "mercato.orders.OrderExpectedDayChanged", payload)


def order_delivered(order: PlacedOrder, shipment: Shipment, is_last: bool, occurred_at: datetime) -> Event:
    """A shipment of an order reached its buyer; ``is_last`` as for ``order_shipped``."""
    return Event(
        TOPIC, order.id, "mercato.orders.OrderDelivered", _shipment_payload(order, shipment, is_last, occurred_at)
    )


def _shipment_payload(order: PlacedOrder, shipment: Shipment, is_last: bool, occurred_at: datetime) -> dict[str, Any]:
    told = {
        "shipmentId": shipment.id,
        "carrier": shipment.carrier,
        "trackingCode": shipment.tracking_code,
        "lines": [{"lineId": its.line_id, "quantity": its.quantity} for its in shipment.units],
        "isLast": is_last,
    }
    return order_payload(order) | {"shipment": told, "occurredAt": occurred_at}


def order_payload(order: PlacedOrder) -> dict[str, Any]:
    """What all events tell of an order. ``occurredAt`` is added when the event is stored with its status transition: by
    the database's clock.
    """
    return {
        "orderId": order.id,
        "attempt": order.attempt,
        "number": order.number,
        "customerId": order.customer_id,
        "email": order.email,
        "totalMinor": order.total_minor,
        "currency": order.currency,
        "lines": [_line(line) for line in order.lines],
    }


def _waiting(its: StillToCome) -> dict[str, Any]:
    return {"lineId": its.line_id, "quantity": its.quantity, "expectedFrom": its.expected_from}


def _line(line: OrderedLine) -> dict[str, Any]:
    return {
        "lineId": line.id,
        "variantId": line.variant_id,
        "sku": line.sku,
        "title": line.title,
        "quantity": line.quantity,
        "unitPriceMinor": line.unit_price_minor,
    }
