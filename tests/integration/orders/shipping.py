"""Shipments over GraphQL, as staff records them."""

from typing import Any
from uuid import UUID

import orjson

from tests.contracts import assert_payload_matches
from tests.integration.orders.shop import Buyer, JsonObject, Shop

SHIPMENT = "shipment { id status carrier trackingCode deliveredAt lines { lineId quantity } }"
SHIPPED_AND_DELIVERED = ("mercato.orders.OrderShipped", "mercato.orders.OrderDelivered")


def shipper(shop: Shop) -> Buyer:
    """Somebody who may ship, and see what was shipped."""
    return shop.staff("orders:ship", "orders:read")


async def confirmed(shop: Shop, *variants: str, quantity: int = 1, **changes: Any) -> JsonObject:
    """A new order that is confirmed."""
    buyer = shop.buyer()
    order = await buyer.ended(await buyer.placed(*variants, quantity=quantity, **changes))
    assert order["status"] == "CONFIRMED"
    return order


async def ship(staff: Buyer, order_id: str, key: str | None = None, **given: Any) -> JsonObject:
    """The payload of ``shipmentCreate``."""
    return await _payload(staff, "shipmentCreate", {"orderId": order_id, "carrier": "DHL", **given}, key)


async def deliver(staff: Buyer, shipment_id: str, key: str | None = None) -> JsonObject:
    """The payload of ``shipmentDeliver``."""
    return await _payload(staff, "shipmentDeliver", {"shipmentId": shipment_id}, key)


async def _payload(staff: Buyer, mutation: str, given: JsonObject, key: str | None) -> JsonObject:
    answer = await staff.act(mutation, given, SHIPMENT, key)
    assert "errors" not in answer, answer
    payload: JsonObject = answer["data"]["it"]
    return payload


def mistakes(payload: JsonObject) -> list[tuple[str, list[str]]]:
    """The codes and fields of a payload's mistakes."""
    return [(error["code"], error["field"]) for error in payload["errors"]]


def some(order: JsonObject, *quantities: int) -> JsonObject:
    """``lines`` of an input: so many units of each of an order's first lines; none of those with 0."""
    lines = zip(order["lines"], quantities, strict=False)
    return {"lines": [{"lineId": line["id"], "quantity": quantity} for line, quantity in lines if quantity]}


async def shipment_events(shop: Shop, order_id: str) -> list[tuple[str, JsonObject]]:
    """What was told of an order's shipments, as the contract says."""
    rows = await shop.catalogue.fetch(
        "SELECT type, payload FROM outbox WHERE key = $1 AND type = ANY($2::text[]) ORDER BY id",
        order_id,
        SHIPPED_AND_DELIVERED,
    )
    events = [(row["type"], orjson.loads(row["payload"])) for row in rows]
    for event_type, payload in events:
        assert_payload_matches(event_type, payload)
    return [(event_type.rpartition(".")[2], payload["shipment"]) for event_type, payload in events]


async def moves(staff: Buyer, order_id: str) -> list[tuple[str, str, str]]:
    """From, to and actor of each line of an order's history, from its confirmation on."""
    seen = await staff.asked(order_id, "history { from to actor reason }")
    lines = [(line["from"], line["to"], line["actor"]) for line in seen["history"]]
    return lines[[to for _, to, _ in lines].index("CONFIRMED") + 1 :]


async def written(shop: Shop, order_id: str) -> list[int]:
    """How many rows there are of an order that a shipment could add to."""
    counts = [
        await shop.catalogue.fetchval(f"SELECT count(*) FROM {table} WHERE order_id = $1", UUID(order_id))
        for table in ("shipments", "sagas", "order_status_history")
    ]
    return [*counts, await shop.catalogue.fetchval("SELECT count(*) FROM outbox WHERE key = $1", order_id)]
