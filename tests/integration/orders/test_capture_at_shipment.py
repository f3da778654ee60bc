"""A shop that takes the money with the first shipment:
no shipment leaves before, and nobody is charged for one that did not.
"""

import asyncio
from uuid import uuid4

import pytest

from tests.integration.orders.faults import Fault, Kind, When
from tests.integration.orders.late_capture import SEEN, actions, needing_attention, retried, shipment_becomes
from tests.integration.orders.peers import CARD_DECLINED_AT_CAPTURE
from tests.integration.orders.shipping import confirmed, deliver, mistakes, moves, ship, shipment_events, shipper, some
from tests.integration.orders.shop import Shop
from tests.subgraphs import eventually


async def test_the_first_shipment_takes_the_money_once_and_the_second_leaves_at_once(late_shop: Shop) -> None:
    shop, staff = late_shop, shipper(late_shop)
    order = await confirmed(shop, await shop.variant(), quantity=2)
    assert not shop.payments.effects[order["id"], "captured"]
    first = await ship(staff, order["id"], **some(order, 1))
    assert first["errors"] == []
    await shipment_becomes(shop, order["id"], "SHIPPED")
    assert shop.payments.effects[order["id"], "captured"] == 1
    second = await ship(staff, order["id"])
    assert (second["shipment"]["status"], second["order"]["status"]) == ("SHIPPED", "SHIPPED")
    for shipment in (first, second):
        await deliver(staff, shipment["shipment"]["id"])
    assert [(to, actor) for _, to, actor in await moves(staff, order["id"])] == [
        ("PARTIALLY_SHIPPED", "STAFF"),
        ("SHIPPED", "STAFF"),
        ("SHIPPED", "STAFF"),
        ("DELIVERED", "STAFF"),
    ]
    assert [kind for kind, _ in await shipment_events(shop, order["id"])] == ["OrderShipped"] * 2 + [
        "OrderDelivered"
    ] * 2
    assert shop.payments.effects[order["id"], "captured"] == 1


async def test_an_order_whose_price_is_only_held_is_not_told_as_paid(shop: Shop, late_shop: Shop) -> None:
    for one, is_paid in ((shop, True), (late_shop, False)):
        order = await confirmed(one, await one.variant())
        told = await one.catalogue.fetchval(
            "SELECT payload::json ->> 'isPaid' FROM outbox WHERE key = $1 AND type = 'mercato.orders.OrderConfirmed'",
            order["id"],
        )
        assert told == str(is_paid).lower()


async def test_while_the_money_is_being_taken_nothing_else_happens_to_the_order(late_shop: Shop) -> None:
    stall = Fault("CAPTURE", When.BEFORE, Kind.STALL)
    shop, staff, buyer = late_shop, shipper(late_shop), late_shop.buyer()
    order = await buyer.ended(await buyer.placed(await shop.variant(stall), quantity=2))
    first = await ship(staff, order["id"], **some(order, 1))
    assert first["shipment"]["status"] == "PENDING"
    await eventually(lambda: shop.has_stalled(order["id"], stall), "the money is being taken")
    assert mistakes(await ship(staff, order["id"])) == [("WRONG_STATUS", ["orderId"])]
    assert mistakes(await deliver(staff, first["shipment"]["id"])) == [("WRONG_STATUS", ["shipmentId"])]
    cancelling = (await buyer.act("orderCancel", {"orderId": order["id"]}))["data"]["it"]
    assert mistakes(cancelling) == [("WRONG_STATUS", ["orderId"])]
    assert await shipment_events(shop, order["id"]) == []
    stall.go.set()
    await shipment_becomes(shop, order["id"], "SHIPPED")
    assert await shipment_events(shop, order["id"]) != []


@pytest.mark.parametrize("when", list(When))
async def test_money_that_can_not_be_taken_at_first_is_taken_once(late_shop: Shop, when: When) -> None:
    shop = late_shop
    order = await confirmed(shop, await shop.variant(Fault("CAPTURE", when, Kind.UNAVAILABLE, times=3)))
    await ship(shipper(shop), order["id"])
    await shipment_becomes(shop, order["id"], "SHIPPED")
    assert shop.payments.effects[order["id"], "captured"] == 1
    assert [kind for kind, _ in await shipment_events(shop, order["id"])] == ["OrderShipped"]


async def test_ten_first_shipments_at_once_take_the_money_once(late_shop: Shop) -> None:
    shop, staff = late_shop, shipper(late_shop)
    order = await confirmed(shop, await shop.variant(), quantity=10)
    payloads = await asyncio.gather(*(ship(staff, order["id"], **some(order, 1)) for _ in range(10)))
    assert {code for payload in payloads for code, _ in mistakes(payload)} <= {"WRONG_STATUS"}
    await shipment_becomes(shop, order["id"], "SHIPPED")
    assert shop.payments.effects[order["id"], "captured"] == 1
    seen = await staff.asked(order["id"], SEEN)
    assert len(seen["shipments"]) == sum(payload["errors"] == [] for payload in payloads)


async def test_declined_money_refuses_the_shipment_and_asks_for_a_person(late_shop: Shop) -> None:
    shop, staff = late_shop, shipper(late_shop)
    variant = await shop.variant(stock=5)
    order = await confirmed(shop, variant, quantity=2, paymentMethodId=CARD_DECLINED_AT_CAPTURE)
    await ship(staff, order["id"], **some(order, 1))
    await shipment_becomes(shop, order["id"], "REFUSED")
    seen = await staff.asked(order["id"], SEEN)
    assert seen["status"] == "CONFIRMED"
    assert seen["attention"].startswith("CAPTURE was declined: expired. The buyer can't be charged any more")
    again = await ship(staff, order["id"])
    assert mistakes(again) == [("WRONG_STATUS", ["orderId"])]
    assert "orderCancel" in again["errors"][0]["message"]
    assert await actions(shop, order["id"]) == ["CANCEL", "CANCEL"]
    assert mistakes(await retried(shop, order["id"])) == [("WRONG_STATUS", ["orderId"])]
    assert order["id"] in await needing_attention(staff)
    assert mistakes(await deliver(staff, seen["shipments"][0]["id"])) == [("WRONG_STATUS", ["shipmentId"])]
    assert await shipment_events(shop, order["id"]) == []
    assert await shop.stock(variant) == (3, 0)


async def test_a_refused_shipment_leaves_when_a_person_has_mended_the_payment(late_shop: Shop) -> None:
    shop, staff = late_shop, shipper(late_shop)
    order = await confirmed(shop, await shop.variant())
    shop.payments.effects[order["id"], "voided"] = 1  # somebody let the money go at the provider
    await ship(staff, order["id"])
    await shipment_becomes(shop, order["id"], "REFUSED")
    shop.payments.effects[order["id"], "voided"] = 0
    await shop.staff("orders:retry").done("orderRetry", {"orderId": order["id"]})
    await shipment_becomes(shop, order["id"], "SHIPPED")
    seen = await staff.asked(order["id"], SEEN)
    assert (seen["status"], seen["attention"]) == ("SHIPPED", None)


async def test_an_order_whose_shipment_was_refused_can_be_cancelled(late_shop: Shop) -> None:
    shop, staff, buyer = late_shop, shipper(late_shop), late_shop.buyer()
    variant = await shop.variant(stock=5)
    order = await buyer.ended(await buyer.placed(variant, quantity=2, paymentMethodId=CARD_DECLINED_AT_CAPTURE))
    await ship(staff, order["id"])
    await shipment_becomes(shop, order["id"], "REFUSED")
    await buyer.done("orderCancel", {"orderId": order["id"]})
    await buyer.becomes(order["id"], "CANCELLED")
    assert (await staff.asked(order["id"], SEEN))["attention"] is None
    assert await shop.stock(variant) == (5, 0)
    assert shop.payments.effects[order["id"], "voided"] == 1


async def test_an_order_that_costs_nothing_leaves_without_a_payment(late_shop: Shop) -> None:
    shop = late_shop
    order = await confirmed(shop, await shop.variant(price=0))
    await ship(shipper(shop), order["id"])
    await shipment_becomes(shop, order["id"], "SHIPPED")
    assert not shop.payments.effects[order["id"], "captured"]


@pytest.mark.parametrize("_", range(5))
async def test_of_a_cancellation_and_a_first_shipment_exactly_one_wins(late_shop: Shop, _: int) -> None:
    shop, staff, buyer = late_shop, shipper(late_shop), late_shop.buyer()
    order = await buyer.ended(await buyer.placed(await shop.variant()))
    shipped, cancelled = await asyncio.gather(
        ship(staff, order["id"]), buyer.act("orderCancel", {"orderId": order["id"]}, key=str(uuid4()))
    )
    assert sorted([mistakes(shipped), mistakes(cancelled["data"]["it"])]) == [[], [("WRONG_STATUS", ["orderId"])]]
    if shipped["errors"]:
        await buyer.becomes(order["id"], "CANCELLED")
    else:
        await buyer.becomes(order["id"], "SHIPPED")
    assert shop.payments.effects[order["id"], "captured"] == (0 if shipped["errors"] else 1)
