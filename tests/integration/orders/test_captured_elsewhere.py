"""What happens at the provider to money that is only held until the first shipment, and is taken with it."""

from datetime import UTC, datetime
from typing import Any

from shared.events.cloudevents import ReceivedEvent
from shared.events.handlers import Inbox
from shared.ids import new_id
from shared.persistence import db
from shared.persistence.migration import tortoise_config
from tests.integration.orders.elsewhere import payload_of, quiet
from tests.integration.orders.faults import Fault, Kind, When
from tests.integration.orders.late_capture import SEEN, actions, shipment_becomes
from tests.integration.orders.shipping import confirmed, mistakes, ship, shipment_events, shipper, some
from tests.integration.orders.shop import JsonObject, Shop
from tests.subgraphs import built, eventually


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
