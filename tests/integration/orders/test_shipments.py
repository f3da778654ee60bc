"""Shipments: in parts, all at once, many at the same moment, and never more than was ordered."""

import asyncio
from uuid import uuid4

import pytest

from tests.integration.orders.shipping import confirmed, deliver, mistakes, moves, ship, shipment_events, shipper, some
from tests.integration.orders.shop import Shop
from tests.subgraphs import eventually

SHIPMENTS = (
    "status shipments { id status carrier trackingCode deliveredAt lines { lineId quantity } }"
    " lines { id shippedQuantity }"
)


async def test_an_order_leaves_in_two_shipments_and_arrives(shop: Shop) -> None:
    staff, shirt, bowl = shipper(shop), await shop.variant(), await shop.variant()
    order = await confirmed(shop, shirt, bowl, quantity=3)
    first = await ship(staff, order["id"], trackingCode="123", **some(order, 2, 1))
    assert (first["order"]["status"], first["shipment"]["status"]) == ("PARTIALLY_SHIPPED", "SHIPPED")
    second = await ship(staff, order["id"], carrier="UPS")
    assert second["order"]["status"] == "SHIPPED"
    assert [line["quantity"] for line in second["shipment"]["lines"]] == [1, 2]
    assert (await deliver(staff, second["shipment"]["id"]))["order"]["status"] == "SHIPPED"
    arrived = await deliver(staff, first["shipment"]["id"])
    assert (arrived["order"]["status"], arrived["shipment"]["status"]) == ("DELIVERED", "DELIVERED")
    assert arrived["shipment"]["deliveredAt"]
    seen = await staff.asked(order["id"], SHIPMENTS)
    assert [(sent["carrier"], sent["trackingCode"], sent["status"]) for sent in seen["shipments"]] == [
        ("DHL", "123", "DELIVERED"),
        ("UPS", None, "DELIVERED"),
    ]
    assert [line["shippedQuantity"] for line in seen["lines"]] == [3, 3]
    assert await moves(staff, order["id"]) == [
        ("CONFIRMED", "PARTIALLY_SHIPPED", "STAFF"),
        ("PARTIALLY_SHIPPED", "SHIPPED", "STAFF"),
        ("SHIPPED", "SHIPPED", "STAFF"),
        ("SHIPPED", "DELIVERED", "STAFF"),
    ]


async def test_each_shipment_is_told_when_it_leaves_and_when_it_arrives(shop: Shop) -> None:
    staff = shipper(shop)
    order = await confirmed(shop, await shop.variant(), quantity=3)
    line = order["lines"][0]["id"]
    first = (await ship(staff, order["id"], trackingCode="123", **some(order, 2)))["shipment"]["id"]
    second = (await ship(staff, order["id"]))["shipment"]["id"]
    await deliver(staff, first)
    sent = {"shipmentId": first, "carrier": "DHL", "trackingCode": "123", "lines": [{"lineId": line, "quantity": 2}]}
    rest = {"shipmentId": second, "carrier": "DHL", "trackingCode": None, "lines": [{"lineId": line, "quantity": 1}]}
    assert await shipment_events(shop, order["id"]) == [
        ("OrderShipped", sent | {"isLast": False}),
        ("OrderShipped", rest | {"isLast": True}),
        ("OrderDelivered", sent | {"isLast": True}),
    ]


async def test_the_buyer_sees_the_shipments(shop: Shop) -> None:
    buyer = shop.buyer()
    order = await buyer.ended(await buyer.placed(await shop.variant()))
    await ship(shipper(shop), order["id"])
    seen = await buyer.asked(order["id"], SHIPMENTS)
    assert (seen["status"], [sent["status"] for sent in seen["shipments"]]) == ("SHIPPED", ["SHIPPED"])


async def test_the_same_key_ships_and_delivers_once(shop: Shop) -> None:
    staff, key = shipper(shop), str(uuid4())
    order = await confirmed(shop, await shop.variant(), quantity=3)
    payloads = await asyncio.gather(*(ship(staff, order["id"], key, **some(order, 1)) for _ in range(10)))
    assert len({payload["shipment"]["id"] for payload in payloads}) == 1
    shipment = payloads[0]["shipment"]["id"]
    first = await deliver(staff, shipment, key)
    assert await deliver(staff, shipment, key) == first
    assert [kind for kind, _ in await shipment_events(shop, order["id"])] == ["OrderShipped", "OrderDelivered"]
    another = await staff.act("shipmentCreate", {"orderId": order["id"], "carrier": "UPS"}, key=key)
    assert another["errors"][0]["extensions"] == {"code": "CONFLICT", "field": ["idempotencyKey"]}


async def test_delivering_twice_with_different_keys_is_refused(shop: Shop) -> None:
    staff = shipper(shop)
    order = await confirmed(shop, await shop.variant())
    shipment = (await ship(staff, order["id"]))["shipment"]["id"]
    payloads = await asyncio.gather(*(deliver(staff, shipment) for _ in range(5)))
    assert sorted(mistakes(payload) for payload in payloads) == [[], *([[("WRONG_STATUS", ["shipmentId"])]] * 4)]
    assert "DELIVERED" in next(payload for payload in payloads if payload["errors"])["errors"][0]["message"]


async def test_twenty_shipments_at_once_never_hold_more_than_was_ordered(shop: Shop) -> None:
    staff = shipper(shop)
    order = await confirmed(shop, await shop.variant(), quantity=7)
    payloads = await asyncio.gather(*(ship(staff, order["id"], **some(order, 2)) for _ in range(20)))
    assert sum(payload["errors"] == [] for payload in payloads) == 3
    assert {code for payload in payloads for code, _ in mistakes(payload)} == {"EXCEEDS_REMAINING"}
    seen = await staff.asked(order["id"], SHIPMENTS)
    assert (seen["status"], seen["lines"][0]["shippedQuantity"], len(seen["shipments"])) == ("PARTIALLY_SHIPPED", 6, 3)
    everything = await asyncio.gather(*(ship(staff, order["id"]) for _ in range(20)))
    assert sum(payload["errors"] == [] for payload in everything) == 1
    assert (await staff.asked(order["id"], SHIPMENTS))["lines"][0]["shippedQuantity"] == 7


@pytest.mark.parametrize("_", range(5))
async def test_of_a_cancellation_and_a_shipment_at_the_same_moment_exactly_one_wins(shop: Shop, _: int) -> None:
    staff, buyer, variant = shipper(shop), shop.buyer(), await shop.variant(stock=5)
    order = await buyer.ended(await buyer.placed(variant))
    shipped, cancelled = await asyncio.gather(
        ship(staff, order["id"]), buyer.act("orderCancel", {"orderId": order["id"]}, key=str(uuid4()))
    )
    cancelling = cancelled["data"]["it"]
    assert sorted([mistakes(shipped), mistakes(cancelling)]) == [[], [("WRONG_STATUS", ["orderId"])]]
    if shipped["errors"]:
        await buyer.becomes(order["id"], "CANCELLED")
        assert await shipment_events(shop, order["id"]) == []
        assert (await shop.stock(variant), shop.payments.given_back[order["id"]]) == ((5, 0), 1990)
    else:
        assert (await buyer.asked(order["id"], "status"))["status"] == "SHIPPED"
        assert (await shop.stock(variant), shop.payments.given_back[order["id"]]) == ((4, 0), 0)


async def refunded(shop: Shop, order_id: str, **given: object) -> None:
    """Gives money back, and waits until it is done."""
    staff = shop.staff("orders:refund", "orders:read")
    await staff.done("orderRefund", {"orderId": order_id, "reason": "broken", **given})

    async def is_done() -> bool:
        refunds = (await staff.asked(order_id, "refunds { status }"))["refunds"]
        return all(refund["status"] == "DONE" for refund in refunds)

    await eventually(is_done, "the refund is done")


async def test_units_refunded_before_they_left_are_not_shipped(shop: Shop) -> None:
    staff = shipper(shop)
    order = await confirmed(shop, await shop.variant(), await shop.variant(), quantity=2)
    await refunded(shop, order["id"], **some(order, 1))
    too_many = await ship(staff, order["id"], **some(order, 2, 2))
    assert mistakes(too_many) == [("EXCEEDS_REMAINING", ["lines", "0", "quantity"])]
    rest = await ship(staff, order["id"])
    assert ([line["quantity"] for line in rest["shipment"]["lines"]], rest["order"]["status"]) == ([1, 2], "SHIPPED")


async def test_units_refunded_after_they_left_change_nothing_of_the_shipments(shop: Shop) -> None:
    staff = shipper(shop)
    order = await confirmed(shop, await shop.variant(), quantity=2)
    shipment = (await ship(staff, order["id"]))["shipment"]["id"]
    await refunded(shop, order["id"], restock=True, **some(order, 1))
    assert (await deliver(staff, shipment))["order"]["status"] == "DELIVERED"


async def test_an_order_whose_rest_was_refunded_arrives_with_its_last_shipment(shop: Shop) -> None:
    staff = shipper(shop)
    order = await confirmed(shop, await shop.variant(), quantity=2)
    shipment = (await ship(staff, order["id"], **some(order, 1)))["shipment"]["id"]
    await refunded(shop, order["id"], **some(order, 1))
    assert mistakes(await ship(staff, order["id"])) == [("WRONG_STATUS", ["orderId"])]
    assert (await deliver(staff, shipment))["order"]["status"] == "DELIVERED"
    assert [to for _, to, _ in await moves(staff, order["id"])] == ["PARTIALLY_SHIPPED", "SHIPPED", "DELIVERED"]


@pytest.mark.parametrize(
    "changes", [("ship", "deliver", "refund"), ("ship", "refund", "deliver"), ("refund", "ship", "deliver")]
)
async def test_one_of_two_is_shipped_and_delivered_and_the_other_refunded_whatever_comes_first(
    shop: Shop, changes: tuple[str, ...]
) -> None:
    staff = shipper(shop)
    order = await confirmed(shop, await shop.variant(), quantity=2)
    for change in changes:
        if change == "refund":
            await refunded(shop, order["id"], **some(order, 1))
        elif change == "ship":
            shipment = (await ship(staff, order["id"], **some(order, 1)))["shipment"]["id"]
        else:
            await deliver(staff, shipment)
    assert (await staff.asked(order["id"], "status"))["status"] == "DELIVERED"
    assert [to for _, to, _ in await moves(staff, order["id"])][-1] == "DELIVERED"


async def test_a_shipment_of_a_refunded_order_still_arrives_and_the_order_stays_refunded(shop: Shop) -> None:
    staff = shipper(shop)
    order = await confirmed(shop, await shop.variant(), quantity=2)
    shipment = (await ship(staff, order["id"], **some(order, 1)))["shipment"]["id"]
    await refunded(shop, order["id"])
    assert mistakes(await ship(staff, order["id"])) == [("WRONG_STATUS", ["orderId"])]
    arrived = await deliver(staff, shipment)
    assert (arrived["order"]["status"], arrived["shipment"]["status"]) == ("REFUNDED", "DELIVERED")
