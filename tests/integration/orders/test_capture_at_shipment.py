"""A shop that takes the money with the first shipment:
no shipment leaves before, and nobody is charged for one that did not.
"""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import asyncpg
import pytest
import pytest_asyncio

from shared.events.cloudevents import ReceivedEvent
from shared.events.handlers import Inbox
from shared.ids import new_id
from shared.persistence import db
from shared.persistence.migration import tortoise_config
from tests.backends import Backends
from tests.identity import Issuer
from tests.integration.orders.conftest import Peers, on_ports
from tests.integration.orders.elsewhere import payload_of, quiet
from tests.integration.orders.faults import Fault, Kind, When
from tests.integration.orders.peers import CARD_DECLINED_AT_CAPTURE
from tests.integration.orders.shipping import confirmed, deliver, mistakes, moves, ship, shipment_events, shipper, some
from tests.integration.orders.shop import Buyer, JsonObject, Shop
from tests.subgraphs import built, eventually, fresh_environment, running

SEEN = "status attention shipments { id status }"


@pytest_asyncio.fixture(scope="module")
async def late_shop(backends: Backends, peers: Peers, issuer: Issuer) -> AsyncIterator[Shop]:
    """Such a shop, on a database of its own."""
    fresh = await fresh_environment(backends, "orders", "kafka")
    environment = peers.environment | {
        "ORDERS_DATABASE_URL": fresh["ORDERS_DATABASE_URL"],
        "ORDERS_CAPTURE": "shipment",
    }
    async with running("orders", on_ports("orders", environment)) as process:
        catalogue = await asyncpg.connect(environment["ORDERS_DATABASE_URL"])
        stockroom = await asyncpg.connect(peers.inventory.environment["INVENTORY_DATABASE_URL"])
        yield Shop(process, issuer, catalogue, stockroom, peers.payments, peers.faults)
        await catalogue.close()
        await stockroom.close()


async def shipment_becomes(shop: Shop, order_id: str, status: str) -> None:
    """Waits until an order's first shipment has a status."""

    async def look() -> bool:
        seen = await shipper(shop).asked(order_id, SEEN)
        return bool(seen["shipments"][0]["status"] == status)

    await eventually(look, f"the shipment is {status}")


async def actions(shop: Shop, order_id: str) -> list[str]:
    """What may be done with an order, by whomever."""
    seen = await shipper(shop).asked(order_id, "availableActions { action by }")
    return [action["action"] for action in seen["availableActions"]]


async def retried(shop: Shop, order_id: str) -> JsonObject:
    """What comes of orderRetry."""
    answer: JsonObject = (await shop.staff("orders:retry").act("orderRetry", {"orderId": order_id}))["data"]["it"]
    return answer


async def needing_attention(staff: Buyer) -> list[str]:
    """The orders that need a person."""
    answer = await staff.ask("{ ordersNeedingAttention(first: 100) { nodes { id } } }")
    return [order["id"] for order in answer["ordersNeedingAttention"]["nodes"]]


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


async def hears(shop: Shop, name: str, order_id: str, minor: int, **more: Any) -> None:
    """Orders applies an event of payments; of two shops Kafka gives it to one, so it is given to this one by hand."""
    subgraph, event_type = built("orders", shop.orders.environment), f"mercato.payments.{name}"
    payload = payload_of(event_type, order_id, minor, **more)
    async with db.connected(tortoise_config(subgraph)):
        await Inbox(subgraph.handlers).apply([ReceivedEvent(new_id(), event_type, datetime.now(UTC), payload, {})])


async def being_captured(shop: Shop) -> tuple[JsonObject, Fault, str]:
    """An order of two units whose money was just taken for a shipment of one, which orders does not know yet."""
    stall, variant = Fault("CAPTURE", When.AFTER, Kind.STALL), await shop.variant(stock=5, price=1000)
    shop.faults.plan(variant, stall)
    order = await confirmed(shop, variant, quantity=2)
    await ship(shipper(shop), order["id"], **some(order, 1))
    await eventually(lambda: shop.has_stalled(order["id"], stall), "the money was taken")
    return order, stall, variant


async def test_a_shipment_whose_money_is_given_back_before_it_leaves_never_leaves(late_shop: Shop) -> None:
    order, stall, variant = await being_captured(late_shop)
    await hears(late_shop, "PaymentRefunded", order["id"], 2000, cause="PROVIDER", refundKey=None)
    stall.go.set()
    await shipment_becomes(late_shop, order["id"], "REFUSED")
    await quiet(late_shop, order["id"])
    seen = await shipper(late_shop).asked(order["id"], SEEN)
    assert (seen["status"], seen["attention"]) == ("REFUNDED", None)
    assert await shipment_events(late_shop, order["id"]) == []
    assert await late_shop.stock(variant) == (5, 0)


async def test_a_shipment_whose_money_is_disputed_before_it_leaves_waits_and_leaves_when_that_is_won(
    late_shop: Shop,
) -> None:
    order, stall, _ = await being_captured(late_shop)
    await hears(late_shop, "PaymentDisputed", order["id"], 2000, disputeReference="dp_1")
    stall.go.set()
    await shipment_becomes(late_shop, order["id"], "REFUSED")
    seen = await shipper(late_shop).asked(order["id"], SEEN)
    assert seen["status"] == "CONFIRMED"
    assert seen["attention"].startswith("The buyer's bank disputes 20.00 EUR")
    assert "orderRetry" not in seen["attention"]
    assert "RETRY" not in await actions(late_shop, order["id"])
    await hears(late_shop, "PaymentDisputeClosed", order["id"], 2000, disputeReference="dp_1", outcome="WON")
    assert (await shipper(late_shop).asked(order["id"], SEEN))["attention"] is None
    assert "SHIP" in await actions(late_shop, order["id"])
    sent = await ship(shipper(late_shop), order["id"])
    assert (sent["shipment"]["status"], sent["order"]["status"]) == ("SHIPPED", "SHIPPED")
    assert late_shop.payments.effects[order["id"], "captured"] == 1


async def test_a_shipment_whose_money_is_lost_before_it_leaves_never_leaves(late_shop: Shop) -> None:
    order, stall, variant = await being_captured(late_shop)
    await hears(late_shop, "PaymentDisputed", order["id"], 2000, disputeReference="dp_1")
    stall.go.set()
    await shipment_becomes(late_shop, order["id"], "REFUSED")
    await hears(late_shop, "PaymentDisputeClosed", order["id"], 2000, disputeReference="dp_1", outcome="LOST")
    await quiet(late_shop, order["id"])
    seen = await shipper(late_shop).asked(order["id"], SEEN)
    assert (seen["status"], seen["attention"]) == ("REFUNDED", None)
    assert await late_shop.stock(variant) == (5, 0)


async def test_an_order_whose_hold_is_let_go_at_the_provider_is_cancelled_and_nothing_leaves(late_shop: Shop) -> None:
    shop, staff, variant = late_shop, shipper(late_shop), await late_shop.variant(stock=5, price=1000)
    order = await confirmed(shop, variant, quantity=2)
    shop.payments.effects[order["id"], "voided"] = 1
    await hears(shop, "PaymentVoided", order["id"], 2000)
    assert mistakes(await ship(staff, order["id"])) == [("WRONG_STATUS", ["orderId"])]
    await quiet(shop, order["id"])
    seen = await staff.asked(order["id"], f"{SEEN} cancellation {{ code }} availableActions {{ action }}")
    assert (seen["status"], seen["attention"], seen["cancellation"]["code"]) == ("CANCELLED", None, "PAYMENT_DECLINED")
    assert seen["availableActions"] == []  # it was confirmed: its buyer orders anew
    assert await shop.stock(variant) == (5, 0)


async def test_a_shipment_that_was_refused_since_the_hold_had_ended_never_leaves(late_shop: Shop) -> None:
    shop, variant = late_shop, await late_shop.variant(stock=5, price=1000)
    order = await confirmed(shop, variant, quantity=2)
    shop.payments.effects[order["id"], "voided"] = 1
    await ship(shipper(shop), order["id"], **some(order, 1))
    await shipment_becomes(shop, order["id"], "REFUSED")
    await hears(shop, "PaymentVoided", order["id"], 2000)  # only now
    await quiet(shop, order["id"])
    seen = await shipper(shop).asked(order["id"], SEEN)
    assert (seen["status"], seen["attention"]) == ("CANCELLED", None)
    assert [shipment["status"] for shipment in seen["shipments"]] == ["REFUSED"]
    assert await shop.stock(variant) == (5, 0)


async def test_a_hold_that_a_cancellation_has_let_go_is_no_news(late_shop: Shop) -> None:
    shop, buyer = late_shop, late_shop.buyer()
    order = await buyer.ended(await buyer.placed(await shop.variant()))
    await buyer.done("orderCancel", {"orderId": order["id"]})
    await buyer.becomes(order["id"], "CANCELLED")
    await hears(shop, "PaymentVoided", order["id"], 1000)
    seen = await shipper(shop).asked(order["id"], f"{SEEN} cancellation {{ code }}")
    assert (seen["status"], seen["cancellation"]["code"]) == ("CANCELLED", "BUYER_REQUEST")


async def test_money_that_is_taken_at_the_provider_is_not_taken_again_and_can_be_given_back(late_shop: Shop) -> None:
    shop, staff = late_shop, shipper(late_shop)
    order = await confirmed(shop, await shop.variant(price=1000))
    await hears(shop, "PaymentCaptured", order["id"], 1000)
    seen = await staff.asked(order["id"], f"{SEEN} availableActions {{ action }} history {{ reason }}")
    assert "REFUND" in [each["action"] for each in seen["availableActions"]]
    assert "at the payment provider" in seen["history"][-1]["reason"]
    assert (await ship(staff, order["id"]))["order"]["status"] == "SHIPPED"
    assert not shop.payments.effects[order["id"], "captured"]


async def test_a_shipment_that_was_refused_is_packed_anew_when_somebody_takes_the_money_at_the_provider(
    late_shop: Shop,
) -> None:
    shop, staff = late_shop, shipper(late_shop)
    order = await confirmed(
        shop, await shop.variant(Fault("CAPTURE", When.BEFORE, Kind.REFUSED), price=1000), quantity=2
    )
    await ship(staff, order["id"], **some(order, 1))
    await shipment_becomes(shop, order["id"], "REFUSED")
    assert "RETRY" in await actions(shop, order["id"])
    await hears(shop, "PaymentCaptured", order["id"], 2000)
    assert "RETRY" not in await actions(shop, order["id"])
    sent = await ship(staff, order["id"])
    assert sent["order"]["status"] == "SHIPPED"
    assert (await staff.asked(order["id"], SEEN))["attention"] is None


async def test_what_a_shipment_takes_itself_is_no_news_from_the_provider(late_shop: Shop) -> None:
    order, stall, _ = await being_captured(late_shop)
    await hears(late_shop, "PaymentCaptured", order["id"], 2000)
    stall.go.set()
    await shipment_becomes(late_shop, order["id"], "SHIPPED")
    seen = await shipper(late_shop).asked(order["id"], "history { reason }")
    assert not [each for each in seen["history"] if "provider" in each["reason"]]
