"""What buyers' banks take back: nothing leaves meanwhile, staff are told, and what is decided is booked once."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.integration.orders.elsewhere import Provider, actions, events_of, manager, provider_of, quiet, seen, sources
from tests.integration.orders.faults import Fault, Kind, When
from tests.integration.orders.peers import CARD_THAT_TAKES_NOTHING_BACK
from tests.integration.orders.shipping import confirmed, deliver, mistakes, ship, some
from tests.integration.orders.shop import JsonObject, Shop
from tests.subgraphs import eventually


@pytest_asyncio.fixture
async def provider(shop: Shop) -> AsyncIterator[Provider]:
    """The provider of the shop, and the banks behind it."""
    async with provider_of(shop) as found:
        yield found


async def listed(shop: Shop) -> list[str]:
    """The orders that need a person."""
    answer = await manager(shop).ask("{ ordersNeedingAttention(first: 100) { nodes { id } } }")
    return [order["id"] for order in answer["ordersNeedingAttention"]["nodes"]]


async def test_a_disputed_order_is_held_and_staff_are_told(shop: Shop, provider: Provider) -> None:
    staff, buyer = manager(shop), shop.buyer()
    order = await buyer.ended(await buyer.placed(await shop.variant(price=1000), quantity=2))
    before = await shop.orders.metric("mercato_orders_disputes_open")
    await provider.disputes(order["id"], 2000)
    found = await seen(staff, order["id"])
    hold = found["hold"]
    assert (hold["reason"], hold["disputed"], hold["evidenceDueAt"]) == (
        "DISPUTE",
        {"amount": "20.00", "currency": "EUR"},
        "2026-12-06T23:59:59.000Z",
    )
    assert "fraudulent" in hold["message"]
    assert "2026-12-06 23:59 UTC" in found["attention"]
    assert order["id"] in await listed(shop)
    refusal = await ship(staff, order["id"])
    assert mistakes(refusal) == [("WRONG_STATUS", ["orderId"])]
    assert "bank disputes 20.00 EUR" in refusal["errors"][0]["message"]
    assert actions(found) == {"CANCEL"}
    mine = await buyer.asked(order["id"], "availableActions { action by }")
    assert mine["availableActions"] == [{"action": "CANCEL", "by": "BUYER"}]

    async def is_measured() -> bool:
        return await shop.orders.metric("mercato_orders_disputes_open") > before

    await eventually(is_measured, "the metric counts it")
    assert await events_of(shop, order["id"]) == ["OrderPlaced", "OrderConfirmed", "OrderHeld"]


async def test_a_dispute_that_is_won_releases_the_order(shop: Shop, provider: Provider) -> None:
    staff = manager(shop)
    order = await confirmed(shop, await shop.variant(price=1000), quantity=2)
    await provider.disputes(order["id"], 2000)
    await provider.decides(order["id"], 2000, "WON")
    found = await seen(staff, order["id"])
    assert (found["status"], found["hold"], found["attention"], sources(found)) == ("CONFIRMED", None, None, [])
    assert order["id"] not in await listed(shop)
    assert (await ship(staff, order["id"]))["order"]["status"] == "SHIPPED"
    assert await events_of(shop, order["id"]) == [
        "OrderPlaced",
        "OrderConfirmed",
        "OrderHeld",
        "OrderReleased",
        "OrderShipped",
    ]
    reasons = [line["reason"] for line in found["history"]]
    assert reasons[-2:] == [
        "the buyer's bank disputes 20.00 EUR (fraudulent)",
        "the buyer's bank decided for the shop about 20.00 EUR (fraudulent)",
    ]


async def test_a_dispute_that_is_lost_counts_as_given_back(shop: Shop, provider: Provider) -> None:
    staff, variant = manager(shop), await shop.variant(stock=5, price=1000)
    order = await confirmed(shop, variant, quantity=2)
    await provider.disputes(order["id"], 2000)
    await provider.decides(order["id"], 2000, "LOST")
    await quiet(shop, order["id"])
    found = await seen(staff, order["id"])
    assert (found["status"], found["hold"], sources(found)) == ("REFUNDED", None, [("DISPUTE", "20.00", "DONE")])
    assert found["availableActions"] == []
    assert await shop.stock(variant) == (5, 0)
    told = ["OrderPlaced", "OrderConfirmed", "OrderHeld", "OrderRefunded", "OrderReleased"]
    assert await events_of(shop, order["id"]) == told


async def test_of_a_part_that_is_disputed_the_rest_can_be_given_back_and_shipped_once_it_is_lost(
    shop: Shop, provider: Provider
) -> None:
    staff = manager(shop)
    order = await confirmed(shop, await shop.variant(price=1000), quantity=2)
    await provider.disputes(order["id"], 500)
    assert actions(await seen(staff, order["id"])) == {"CANCEL", "REFUND"}
    amount = {"amount": {"amount": "15.01", "currency": "EUR"}}
    refused = (await staff.act("orderRefund", {"orderId": order["id"], "reason": "x", **amount}))["data"]["it"]
    assert mistakes(refused) == [("EXCEEDS_REMAINING", ["amount", "amount"])]
    await provider.decides(order["id"], 500, "LOST")
    found = await seen(staff, order["id"])
    assert (found["status"], found["refunded"]["amount"], actions(found)) == (
        "CONFIRMED",
        "5.00",
        {"CANCEL", "SHIP", "REFUND"},
    )
    shipment = (await ship(staff, order["id"]))["shipment"]["id"]
    assert (await deliver(staff, shipment))["order"]["status"] == "DELIVERED"


async def test_of_two_disputes_at_once_the_last_decision_releases_the_order(shop: Shop, provider: Provider) -> None:
    staff = manager(shop)
    order = await confirmed(shop, await shop.variant(price=1000), quantity=2)
    await provider.disputes(order["id"], 500, "dp_1")
    await provider.disputes(order["id"], 700, "dp_2", due="2026-12-01T10:00:00Z")
    hold = (await seen(staff, order["id"]))["hold"]
    assert (hold["disputed"]["amount"], hold["evidenceDueAt"]) == ("12.00", "2026-12-01T10:00:00.000Z")
    await provider.decides(order["id"], 500, "LOST", "dp_1")
    assert (await seen(staff, order["id"]))["hold"]["disputed"]["amount"] == "7.00"
    assert mistakes(await ship(staff, order["id"])) == [("WRONG_STATUS", ["orderId"])]
    await provider.decides(order["id"], 700, "WON", "dp_2")
    found = await seen(staff, order["id"])
    assert (found["hold"], found["refunded"]["amount"]) == (None, "5.00")


async def test_the_time_for_evidence_moves_and_what_is_old_news_does_not_move_it_back(
    shop: Shop, provider: Provider
) -> None:
    staff = manager(shop)
    order = await confirmed(shop, await shop.variant(price=1000))
    await provider.disputes(order["id"], 1000)
    await provider.asks_sooner(order["id"], 1000, "2026-12-02T10:00:00Z")
    assert (await seen(staff, order["id"]))["hold"]["evidenceDueAt"] == "2026-12-02T10:00:00.000Z"
    old: JsonObject = {
        "disputeReference": "dp_1",
        "occurredAt": "2026-01-01T00:00:00Z",
        "evidenceDueAt": "2026-12-31T10:00:00Z",
    }
    await provider.tells("PaymentDisputed", order["id"], 1000, **old)
    assert (await seen(staff, order["id"]))["hold"]["evidenceDueAt"] == "2026-12-02T10:00:00.000Z"
    assert len([line for line in (await seen(staff, order["id"]))["history"] if "disputes" in line["reason"]]) == 1


@pytest.mark.parametrize("outcome", ["WON", "LOST"])
async def test_a_decision_that_is_heard_first_and_twice_stands(shop: Shop, provider: Provider, outcome: str) -> None:
    staff = manager(shop)
    order = await confirmed(shop, await shop.variant(price=1000), quantity=2)
    for _ in range(2):
        await provider.decides(order["id"], 500, outcome)
    await provider.disputes(order["id"], 500)
    found = await seen(staff, order["id"])
    assert (found["hold"], found["refunded"]["amount"]) == (None, "5.00" if outcome == "LOST" else "0.00")


async def test_events_of_before_hold_and_release_an_order_too(shop: Shop, provider: Provider) -> None:
    staff = manager(shop)
    order = await confirmed(shop, await shop.variant(price=1000))
    await provider.tells("PaymentDisputed", order["id"], 1000, disputeReference="dp_1")
    found = await seen(staff, order["id"])
    assert (found["hold"]["evidenceDueAt"], "bank disputes 10.00 EUR of this order;" in found["attention"]) == (
        None,
        True,
    )
    await provider.tells("PaymentDisputeClosed", order["id"], 1000, disputeReference="dp_1", outcome="WON")
    assert (await seen(staff, order["id"]))["hold"] is None


async def test_an_order_is_cancelled_during_a_dispute_and_what_is_won_later_is_given_back(
    shop: Shop, provider: Provider
) -> None:
    staff, variant = manager(shop), await shop.variant(stock=5, price=1000)
    order = await confirmed(shop, variant, quantity=2)
    await provider.disputes(order["id"], 1500)
    await staff.done("orderCancel", {"orderId": order["id"]})
    await staff.becomes(order["id"], "CANCELLED")
    found = await seen(staff, order["id"])
    assert sources(found) == [("CANCELLATION", "5.00", "DONE")]
    assert "given back by itself" in found["attention"]
    await provider.decides(order["id"], 1500, "WON")
    await quiet(shop, order["id"])
    found = await seen(staff, order["id"])
    assert sources(found) == [("CANCELLATION", "5.00", "DONE"), ("CANCELLATION", "15.00", "DONE")]
    assert (found["status"], found["attention"], found["availableActions"]) == ("CANCELLED", None, [])
    assert (shop.payments.given_back[order["id"]], await shop.stock(variant)) == (2000, (5, 0))


async def test_what_a_cancelled_order_loses_is_booked_and_not_given_back_again(shop: Shop, provider: Provider) -> None:
    staff, variant = manager(shop), await shop.variant(stock=5, price=1000)
    order = await confirmed(shop, variant, quantity=2)
    await provider.disputes(order["id"], 1500)
    await staff.done("orderCancel", {"orderId": order["id"]})
    await staff.becomes(order["id"], "CANCELLED")
    await provider.decides(order["id"], 1500, "LOST")
    found = await seen(staff, order["id"])
    assert sources(found) == [("CANCELLATION", "5.00", "DONE"), ("DISPUTE", "15.00", "DONE")]
    assert (found["attention"], shop.payments.given_back[order["id"]]) == (None, 500)


# Of a void and a release, which are refused since the money was taken and the units are sold,
# there is no effect to stall after.
_STALLS = [
    ("VOID", When.BEFORE),
    ("REFUND", When.BEFORE),
    ("REFUND", When.AFTER),
    ("RELEASE", When.BEFORE),
    ("RESTOCK", When.BEFORE),
    ("RESTOCK", When.AFTER),
]


@pytest.mark.parametrize("outcome", ["WON", "LOST"])
@pytest.mark.parametrize(("step", "when"), _STALLS)
async def test_a_decision_in_the_middle_of_a_cancellation_leaves_nothing_behind(
    shop: Shop, provider: Provider, step: str, when: When, outcome: str
) -> None:
    stall = Fault(step, when, Kind.STALL)
    staff, variant = manager(shop), await shop.variant(stall, stock=5, price=1000)
    order = await confirmed(shop, variant, quantity=2)
    await provider.disputes(order["id"], 1500)
    await staff.done("orderCancel", {"orderId": order["id"]})
    await eventually(lambda: shop.has_stalled(order["id"], stall), "the cancellation stalls")
    await provider.decides(order["id"], 1500, outcome)
    stall.go.set()
    await staff.becomes(order["id"], "CANCELLED")
    await quiet(shop, order["id"])
    found = await seen(staff, order["id"])
    assert (found["refunded"]["amount"], found["attention"]) == ("20.00", None)
    assert shop.payments.given_back[order["id"]] == (2000 if outcome == "WON" else 500)
    assert await shop.stock(variant) == (5, 0)


async def test_what_was_won_and_can_not_be_given_back_waits_for_a_person_who_retries_it(
    shop: Shop, provider: Provider
) -> None:
    staff = manager(shop)
    order = await confirmed(shop, await shop.variant(price=1000), paymentMethodId=CARD_THAT_TAKES_NOTHING_BACK)
    await provider.disputes(order["id"], 1000)
    await staff.done("orderCancel", {"orderId": order["id"]})
    await staff.becomes(order["id"], "CANCELLED")
    shop.payments.takes_refunds = False
    await provider.decides(order["id"], 1000, "WON")
    await quiet(shop, order["id"])
    found = await seen(staff, order["id"])
    assert actions(found) == {"RETRY", "SETTLE"}
    assert ("orderRetry" in found["attention"], "orderRefund" in found["attention"]) == (True, False)
    shop.payments.takes_refunds = True
    await staff.done("orderRetry", {"orderId": order["id"]})
    await quiet(shop, order["id"])
    found = await seen(staff, order["id"])
    assert (found["refunded"]["amount"], found["attention"], found["availableActions"]) == ("10.00", None, [])


async def test_a_dispute_while_the_money_is_being_taken_holds_the_confirmed_order(
    shop: Shop, provider: Provider
) -> None:
    stall, buyer = Fault("CAPTURE", When.AFTER, Kind.STALL), shop.buyer()
    order_id = await buyer.placed(await shop.variant(stall, price=1000))
    await eventually(lambda: shop.has_stalled(order_id, stall), "the money was taken")
    await provider.disputes(order_id, 1000)
    stall.go.set()
    await buyer.becomes(order_id, "CONFIRMED")
    assert mistakes(await ship(manager(shop), order_id)) == [("WRONG_STATUS", ["orderId"])]


@pytest.mark.parametrize("outcome", ["WON", "LOST"])
@pytest.mark.parametrize(("sent", "is_delivered"), [(1, False), (1, True), (2, False), (2, True)])
async def test_an_order_that_has_left_is_disputed_and_decided(
    shop: Shop, provider: Provider, sent: int, is_delivered: bool, outcome: str
) -> None:
    staff, variant = manager(shop), await shop.variant(stock=5, price=1000)
    order = await confirmed(shop, variant, quantity=2)
    shipment_id = (await ship(staff, order["id"], **some(order, sent)))["shipment"]["id"]
    if is_delivered:
        await deliver(staff, shipment_id)
    before = (await seen(staff, order["id"]))["status"]
    await provider.disputes(order["id"], 2000)
    assert "SHIP" not in actions(await seen(staff, order["id"]))
    await provider.decides(order["id"], 2000, outcome)
    await quiet(shop, order["id"])
    found = await seen(staff, order["id"])
    assert found["status"] == (before if outcome == "WON" else "REFUNDED")
    assert await shop.stock(variant) == (3 if outcome == "WON" else 5 - sent, 0)


async def test_a_refund_under_way_and_a_dispute_of_the_rest_end_well(shop: Shop, provider: Provider) -> None:
    stall = Fault("REFUND", When.AFTER, Kind.STALL)
    staff, variant = manager(shop), await shop.variant(stall, stock=5, price=1000)
    order = await confirmed(shop, variant, quantity=2)
    await staff.done("orderRefund", {"orderId": order["id"], "reason": "broken", "restock": True, **some(order, 1)})
    await eventually(lambda: shop.has_stalled(order["id"], stall), "our refund went through")
    await provider.disputes(order["id"], 1000)
    await provider.decides(order["id"], 1000, "LOST")
    stall.go.set()
    await quiet(shop, order["id"])
    found = await seen(staff, order["id"])
    assert (found["status"], found["refunded"]["amount"], found["attention"]) == ("REFUNDED", "20.00", None)
    assert await shop.stock(variant) == (5, 0)


async def test_of_a_stuck_refund_another_one_is_named_only_while_a_bank_leaves_money(
    shop: Shop, provider: Provider
) -> None:
    staff, variant = manager(shop), await shop.variant(stock=5, price=1000)
    order = await confirmed(shop, variant, quantity=2, paymentMethodId=CARD_THAT_TAKES_NOTHING_BACK)
    shop.payments.takes_refunds = False
    try:
        await staff.done("orderRefund", {"orderId": order["id"], "reason": "broken"})
        await quiet(shop, order["id"])
    finally:
        shop.payments.takes_refunds = True
    assert "another orderRefund" in (await seen(staff, order["id"]))["attention"]
    await provider.disputes(order["id"], 2000)
    found = await seen(staff, order["id"])
    assert "another orderRefund" not in found["attention"]
    assert "goes on by itself" in found["attention"]
