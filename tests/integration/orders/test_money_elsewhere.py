"""Money that somebody gave back at the provider itself:
booked once, whatever the order does at that moment, and never sent for.
"""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from tests.integration.orders.elsewhere import Provider, actions, events_of, manager, provider_of, quiet, seen, sources
from tests.integration.orders.faults import Fault, Kind, When
from tests.integration.orders.peers import AUTHENTICATING_CARD, CARD_THAT_TAKES_NOTHING_BACK
from tests.integration.orders.shipping import confirmed, deliver, mistakes, ship, some
from tests.integration.orders.shop import Buyer, JsonObject, Shop
from tests.subgraphs import NO_SUCH_ID, eventually


@pytest_asyncio.fixture
async def provider(shop: Shop) -> AsyncIterator[Provider]:
    """The provider of the shop."""
    async with provider_of(shop) as found:
        yield found


async def refund_of(staff: Buyer, order_id: str, **given: Any) -> JsonObject:
    """The payload of ``orderRefund``."""
    payload: JsonObject = (await staff.act("orderRefund", {"orderId": order_id, "reason": "broken", **given}))["data"][
        "it"
    ]
    return payload


async def test_a_full_refund_at_the_provider_is_booked_and_nothing_leaves(shop: Shop, provider: Provider) -> None:
    staff, variant = manager(shop), await shop.variant(stock=5, price=1000)
    order = await confirmed(shop, variant, quantity=2)
    await provider.gives_back(order["id"], 2000)
    await quiet(shop, order["id"])
    found = await seen(staff, order["id"])
    assert (found["status"], found["refunded"]["amount"], found["attention"]) == ("REFUNDED", "20.00", None)
    assert sources(found) == [("PROVIDER", "20.00", "DONE")]
    last = found["history"][-1]
    assert (last["from"], last["to"], last["actor"]) == ("CONFIRMED", "REFUNDED", "SHOP")
    assert mistakes(await ship(staff, order["id"])) == [("WRONG_STATUS", ["orderId"])]
    assert found["availableActions"] == []
    assert await shop.stock(variant) == (5, 0)
    assert await events_of(shop, order["id"]) == ["OrderPlaced", "OrderConfirmed", "OrderRefunded"]


async def test_a_refund_in_two_halves_at_the_provider_ends_refunded(shop: Shop, provider: Provider) -> None:
    staff, variant = manager(shop), await shop.variant(stock=5, price=1000)
    order = await confirmed(shop, variant, quantity=2)
    await provider.gives_back(order["id"], 1000)
    half = await seen(staff, order["id"])
    assert (half["status"], half["refunded"]["amount"], actions(half)) == (
        "CONFIRMED",
        "10.00",
        {"CANCEL", "SHIP", "REFUND"},
    )
    await provider.gives_back(order["id"], 1000)
    await quiet(shop, order["id"])
    assert (await seen(staff, order["id"]))["status"] == "REFUNDED"
    assert await shop.stock(variant) == (5, 0)


async def test_the_same_news_twice_is_booked_once_and_what_is_not_the_orders_is_not_booked(
    shop: Shop, provider: Provider
) -> None:
    staff = manager(shop)
    order = await confirmed(shop, await shop.variant(price=1000), quantity=2)
    news = await provider.tells("PaymentRefunded", order["id"], 500, cause="PROVIDER", refundKey=None)
    await provider.tells("PaymentRefunded", order["id"], 500, event_id=news, cause="PROVIDER", refundKey=None)
    for cause in (None, "REQUESTED", "LATE"):
        await provider.gives_back(order["id"], 700, cause)
    assert sources(await seen(staff, order["id"])) == [("PROVIDER", "5.00", "DONE")]


async def test_news_of_an_order_that_is_unknown_stops_nothing(shop: Shop, provider: Provider) -> None:
    await provider.gives_back(NO_SUCH_ID, 500)
    await provider.disputes(NO_SUCH_ID, 500)
    await provider.decides(NO_SUCH_ID, 500, "LOST")


async def test_after_a_part_was_given_back_there_a_cancellation_gives_back_the_rest(
    shop: Shop, provider: Provider
) -> None:
    staff, variant = manager(shop), await shop.variant(stock=5, price=1000)
    order = await confirmed(shop, variant, quantity=2)
    await provider.gives_back(order["id"], 700)
    await staff.done("orderCancel", {"orderId": order["id"]})
    await staff.becomes(order["id"], "CANCELLED")
    found = await seen(staff, order["id"])
    assert sources(found) == [("PROVIDER", "7.00", "DONE"), ("CANCELLATION", "13.00", "DONE")]
    assert (shop.payments.given_back[order["id"]], await shop.stock(variant)) == (1300, (5, 0))


async def test_a_cancellation_ends_though_all_was_given_back_there_before_anybody_noticed(
    shop: Shop, provider: Provider
) -> None:
    staff, variant = manager(shop), await shop.variant(stock=5, price=1000)
    order = await confirmed(shop, variant, quantity=2)
    shop.payments.given_elsewhere[order["id"]] = 2000  # payments finds it when it is asked for what remains
    await staff.done("orderCancel", {"orderId": order["id"]})
    await staff.becomes(order["id"], "CANCELLED")
    assert sources(await seen(staff, order["id"])) == []
    await provider.tells("PaymentRefunded", order["id"], 2000, cause="PROVIDER", refundKey=None)
    found = await seen(staff, order["id"])
    assert (found["status"], sources(found)) == ("CANCELLED", [("PROVIDER", "20.00", "DONE")])
    assert await shop.stock(variant) == (5, 0)


async def test_what_is_given_back_while_the_money_is_being_taken_turns_the_order_round(
    shop: Shop, provider: Provider
) -> None:
    stall, buyer = Fault("CAPTURE", When.AFTER, Kind.STALL), shop.buyer()
    variant = await shop.variant(stall, stock=5, price=1000)
    order_id = await buyer.placed(variant)
    await eventually(lambda: shop.has_stalled(order_id, stall), "the money was taken")
    await provider.gives_back(order_id, 1000)
    stall.go.set()
    order = await buyer.becomes(order_id, "CANCELLED")
    assert order["cancellation"]["code"] == "SHOP_DECISION"
    found = await seen(manager(shop), order_id)
    assert (sources(found), found["availableActions"]) == ([("PROVIDER", "10.00", "DONE")], [])
    assert (await shop.stock(variant), shop.payments.given_back[order_id]) == ((5, 0), 0)


async def test_a_part_given_back_while_the_money_is_being_taken_is_booked_and_the_order_is_confirmed(
    shop: Shop, provider: Provider
) -> None:
    stall, buyer = Fault("CAPTURE", When.AFTER, Kind.STALL), shop.buyer()
    order_id = await buyer.placed(await shop.variant(stall, price=1000))
    await eventually(lambda: shop.has_stalled(order_id, stall), "the money was taken")
    await provider.gives_back(order_id, 300)
    stall.go.set()
    await buyer.becomes(order_id, "CONFIRMED")
    assert (await seen(manager(shop), order_id))["refunded"]["amount"] == "3.00"


async def test_an_order_that_waits_for_its_buyer_turns_round_when_its_money_is_back(
    shop: Shop, provider: Provider
) -> None:
    buyer, variant = shop.buyer(), await shop.variant(stock=5, price=1000)
    order_id = await buyer.placed(variant, paymentMethodId=AUTHENTICATING_CARD)
    await buyer.becomes(order_id, "AWAITING_PAYMENT_ACTION")
    await provider.gives_back(order_id, 1000)
    await buyer.becomes(order_id, "CANCELLED")
    assert await shop.stock(variant) == (5, 0)


@pytest.mark.parametrize("is_delivered", [False, True])
@pytest.mark.parametrize("sent", [1, 2])
async def test_of_an_order_that_has_left_the_units_that_are_here_return(
    shop: Shop, provider: Provider, sent: int, is_delivered: bool
) -> None:
    staff, variant = manager(shop), await shop.variant(stock=5, price=1000)
    order = await confirmed(shop, variant, quantity=2)
    shipment = (await ship(staff, order["id"], **some(order, sent)))["shipment"]["id"]
    if is_delivered:
        await deliver(staff, shipment)
    await provider.gives_back(order["id"], 500)
    await provider.gives_back(order["id"], 1500)
    await quiet(shop, order["id"])
    found = await seen(staff, order["id"])
    assert (found["status"], actions(found)) == ("REFUNDED", {"REFUND"} if is_delivered else {"REFUND", "DELIVER"})
    assert found["lines"][0]["refundedQuantity"] == 2 - sent
    assert await shop.stock(variant) == (5 - sent, 0)
    if not is_delivered:
        assert (await deliver(staff, shipment))["order"]["status"] == "REFUNDED"


async def test_units_that_were_refunded_to_stay_out_stay_out(shop: Shop, provider: Provider) -> None:
    staff, variant = manager(shop), await shop.variant(stock=5, price=1000)
    order = await confirmed(shop, variant, quantity=3)
    await refund_of(staff, order["id"], restock=False, **some(order, 1))
    await quiet(shop, order["id"])
    await provider.gives_back(order["id"], 2000)
    await quiet(shop, order["id"])
    assert (await seen(staff, order["id"]))["status"] == "REFUNDED"
    assert await shop.stock(variant) == (4, 0)


async def test_a_refund_under_way_fails_when_all_is_given_back_there_and_its_units_return(
    shop: Shop, provider: Provider
) -> None:
    stall = Fault("REFUND", When.BEFORE, Kind.STALL)
    staff, variant = manager(shop), await shop.variant(stall, stock=5, price=1000)
    order = await confirmed(shop, variant, quantity=2)
    await refund_of(staff, order["id"], restock=True, **some(order, 1))
    await eventually(lambda: shop.has_stalled(order["id"], stall), "our refund is under way")
    await provider.gives_back(order["id"], 2000)
    stall.go.set()
    await quiet(shop, order["id"])
    found = await seen(staff, order["id"])
    assert (found["status"], found["attention"], found["refunded"]["amount"]) == ("REFUNDED", None, "20.00")
    assert sources(found) == [("REQUESTED", "10.00", "FAILED"), ("PROVIDER", "20.00", "DONE")]
    assert await shop.stock(variant) == (5, 0)


async def test_a_refund_that_went_through_before_the_rest_was_given_back_there_counts_too(
    shop: Shop, provider: Provider
) -> None:
    stall = Fault("REFUND", When.AFTER, Kind.STALL)
    staff, variant = manager(shop), await shop.variant(stall, stock=5, price=1000)
    order = await confirmed(shop, variant, quantity=2)
    await refund_of(staff, order["id"], restock=True, **some(order, 1))
    await eventually(lambda: shop.has_stalled(order["id"], stall), "our refund went through")
    await provider.gives_back(order["id"], 1000)
    stall.go.set()
    await quiet(shop, order["id"])
    found = await seen(staff, order["id"])
    assert (found["status"], found["refunded"]["amount"]) == ("REFUNDED", "20.00")
    assert {refund["status"] for refund in found["refunds"]} == {"DONE"}
    assert await shop.stock(variant) == (5, 0)


async def test_a_stuck_refund_is_over_when_the_money_is_given_back_there(shop: Shop, provider: Provider) -> None:
    staff, variant = manager(shop), await shop.variant(stock=5, price=1000)
    order = await confirmed(shop, variant, quantity=2, paymentMethodId=CARD_THAT_TAKES_NOTHING_BACK)
    shop.payments.takes_refunds = False
    await refund_of(staff, order["id"], restock=True)
    await quiet(shop, order["id"])
    assert "RETRY" in actions(await seen(staff, order["id"]))
    await provider.gives_back(order["id"], 2000)
    await quiet(shop, order["id"])
    shop.payments.takes_refunds = True
    found = await seen(staff, order["id"])
    assert (found["status"], found["attention"], found["availableActions"]) == ("REFUNDED", None, [])
    assert await shop.stock(variant) == (5, 0)


async def test_a_cancellation_that_is_stuck_goes_on_by_itself_when_the_money_is_given_back_there(
    shop: Shop, provider: Provider
) -> None:
    staff, variant = manager(shop), await shop.variant(stock=5, price=1000)
    order = await confirmed(shop, variant, quantity=2, paymentMethodId=CARD_THAT_TAKES_NOTHING_BACK)
    shop.payments.takes_refunds = False
    await staff.done("orderCancel", {"orderId": order["id"]})
    await eventually(lambda: shop.has_step(order["id"], "STUCK"), "the order is stuck")
    await provider.gives_back(order["id"], 2000)
    await staff.becomes(order["id"], "CANCELLED")
    shop.payments.takes_refunds = True
    found = await seen(staff, order["id"])
    assert (found["attention"], sources(found)) == (None, [("PROVIDER", "20.00", "DONE")])
    assert await shop.stock(variant) == (5, 0)


async def test_what_is_given_back_of_a_cancelled_or_refunded_order_is_only_booked(
    shop: Shop, provider: Provider
) -> None:
    staff, variant = manager(shop), await shop.variant(stock=9, price=1000)
    order = await confirmed(shop, variant, quantity=2)
    await refund_of(staff, order["id"], restock=True)
    await staff.becomes(order["id"], "REFUNDED")
    await provider.gives_back(order["id"], 500)  # more than was left: the shop's own loss
    await quiet(shop, order["id"])
    found = await seen(staff, order["id"])
    assert (found["status"], found["refunded"]["amount"], len(found["refunds"])) == ("REFUNDED", "20.00", 1)
    assert await shop.stock(variant) == (9, 0)
