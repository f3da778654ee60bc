"""Refunds that the buyer's bank sends back: the order shows what the buyer is owed,
and nobody is led to pay it twice.
"""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.integration.orders.elsewhere import Provider, actions, manager, provider_of, quiet, seen, sources
from tests.integration.orders.faults import Fault, Kind, When
from tests.integration.orders.shipping import confirmed, deliver, ship, some
from tests.integration.orders.shop import Buyer, JsonObject, Shop
from tests.subgraphs import eventually


@pytest_asyncio.fixture
async def provider(shop: Shop) -> AsyncIterator[Provider]:
    """The provider of the shop, and the banks behind it."""
    async with provider_of(shop) as found:
        yield found


async def refund(shop: Shop, staff: Buyer, order: JsonObject, **what: object) -> str:
    """A refund that was given; its id."""
    await staff.done("orderRefund", {"orderId": order["id"], "reason": "broken", **what})
    await quiet(shop, order["id"])
    return str((await seen(staff, order["id"]))["refunds"][-1]["id"])


def key_of(refund_id: str) -> str:
    return f"{refund_id}:refund"


async def test_of_a_refunded_order_that_is_owed_money_staff_are_told_and_give_it_back_once_more(
    shop: Shop, provider: Provider
) -> None:
    staff, variant = manager(shop), await shop.variant(stock=5, price=1000)
    order = await confirmed(shop, variant, quantity=2)
    given = await refund(shop, staff, order, restock=True)
    assert (await seen(staff, order["id"]))["status"] == "REFUNDED"
    await provider.sends_back(order["id"], 2000, key_of(given))
    found = await seen(staff, order["id"])
    assert (found["status"], found["refunded"]["amount"]) == ("CONFIRMED", "0.00")
    assert sources(found) == [("REQUESTED", "20.00", "FAILED")]
    assert "lost_or_stolen_card" in found["refunds"][0]["failure"]
    assert "20.00 EUR" in found["attention"]
    assert "owed" in found["attention"]
    assert actions(found) == {"CANCEL", "REFUND", "RETRY", "SETTLE"}
    assert await shop.stock(variant) == (5, 0)
    await staff.done("orderRetry", {"orderId": order["id"]})
    await quiet(shop, order["id"])
    found = await seen(staff, order["id"])
    assert (found["status"], found["attention"], found["availableActions"]) == ("REFUNDED", None, [])
    assert sources(found) == [("REQUESTED", "20.00", "DONE")]
    assert found["refunds"][0]["failure"] is None
    assert (shop.payments.given_back[order["id"]], await shop.stock(variant)) == (2000, (5, 0))


async def test_it_may_come_back_once_more(shop: Shop, provider: Provider) -> None:
    staff, variant = manager(shop), await shop.variant(stock=5, price=1000)
    order = await confirmed(shop, variant, quantity=2)
    given = await refund(shop, staff, order, restock=True, **some(order, 1))
    for again in range(3):
        await provider.sends_back(order["id"], 1000, key_of(given) if not again else f"{given}:refund-{again}")
        assert actions(await seen(staff, order["id"])) == {"CANCEL", "SHIP", "REFUND", "RETRY", "SETTLE"}
        await staff.done("orderRetry", {"orderId": order["id"]})
        await quiet(shop, order["id"])
        assert sources(await seen(staff, order["id"])) == [("REQUESTED", "10.00", "DONE")]
    assert (shop.payments.given_back[order["id"]], await shop.stock(variant)) == (1000, (4, 0))


async def test_a_smaller_amount_does_not_take_the_place_of_the_one_that_came_back(
    shop: Shop, provider: Provider
) -> None:
    staff, variant = manager(shop), await shop.variant(stock=5, price=1000)
    order = await confirmed(shop, variant, quantity=2)
    given = await refund(shop, staff, order, restock=False, **some(order, 1))
    await provider.sends_back(order["id"], 1000, key_of(given))
    await refund(shop, staff, order, amount={"amount": "1.00", "currency": "EUR"})
    found = await seen(staff, order["id"])
    assert ("owed" in found["attention"], {"RETRY", "SETTLE"} <= actions(found)) == (True, True)
    assert await staff.asked(order["id"], "owed { amount }") == {"owed": {"amount": "10.00"}}


async def test_another_refund_takes_the_place_of_the_one_that_came_back(shop: Shop, provider: Provider) -> None:
    staff, variant = manager(shop), await shop.variant(stock=5, price=1000)
    order = await confirmed(shop, variant, quantity=2)
    given = await refund(shop, staff, order, restock=False, **some(order, 1))
    await provider.sends_back(order["id"], 1000, key_of(given))
    await refund(shop, staff, order, amount={"amount": "10.00", "currency": "EUR"})
    found = await seen(staff, order["id"])
    assert (found["attention"], actions(found)) == (None, {"CANCEL", "SHIP", "REFUND"})
    assert sources(found) == [("REQUESTED", "10.00", "FAILED"), ("REQUESTED", "10.00", "DONE")]
    assert shop.payments.given_back[order["id"]] == 1000
    await ship(staff, order["id"])
    found = await seen(staff, order["id"])
    assert (found["lines"][0]["shippedQuantity"], found["status"]) == (1, "SHIPPED"), "the refunded piece stays out"


@pytest.mark.parametrize("is_delivered", [False, True])
@pytest.mark.parametrize("sent", [1, 2])
async def test_the_status_is_again_what_became_of_the_units(
    shop: Shop, provider: Provider, sent: int, is_delivered: bool
) -> None:
    staff, variant = manager(shop), await shop.variant(stock=5, price=1000)
    order = await confirmed(shop, variant, quantity=2)
    shipment = (await ship(staff, order["id"], **some(order, sent)))["shipment"]["id"]
    if is_delivered:
        await deliver(staff, shipment)
    given = await refund(shop, staff, order, restock=True)
    await provider.sends_back(order["id"], 2000, key_of(given))
    found = await seen(staff, order["id"])
    assert found["status"] == ("DELIVERED" if is_delivered else "SHIPPED")
    assert actions(found) == {"REFUND", "RETRY", "SETTLE"} | (set() if is_delivered else {"DELIVER"})
    assert found["history"][-1]["from"] == "REFUNDED"


async def test_what_somebody_gave_back_at_the_provider_comes_back_in_part(shop: Shop, provider: Provider) -> None:
    staff, variant = manager(shop), await shop.variant(stock=5, price=1000)
    order = await confirmed(shop, variant, quantity=2)
    await provider.gives_back(order["id"], 2000)  # two refunds that were found in one look
    await quiet(shop, order["id"])
    assert await shop.stock(variant) == (5, 0)
    await provider.sends_back(order["id"], 500)
    found = await seen(staff, order["id"])
    assert sources(found) == [("PROVIDER", "15.00", "DONE"), ("PROVIDER", "5.00", "FAILED")]
    assert (found["status"], found["refunded"]["amount"]) == ("CONFIRMED", "15.00")
    assert actions(found) == {"CANCEL", "REFUND", "RETRY", "SETTLE"}
    assert await shop.stock(variant) == (5, 0), "what went back into stock stays there"
    await staff.done("orderRetry", {"orderId": order["id"]})
    await staff.becomes(order["id"], "REFUNDED")
    await quiet(shop, order["id"])
    assert (shop.payments.given_back[order["id"]], await shop.stock(variant)) == (500, (5, 0))


async def test_a_cancelled_order_shows_what_its_buyer_is_owed_and_can_not_be_paid_again(
    shop: Shop, provider: Provider
) -> None:
    staff, variant = manager(shop), await shop.variant(stock=5, price=1000)
    order = await confirmed(shop, variant, quantity=2)
    await staff.done("orderCancel", {"orderId": order["id"]})
    await staff.becomes(order["id"], "CANCELLED")
    await provider.sends_back(order["id"], 2000, key_of(order["id"]))
    found = await seen(staff, order["id"])
    assert (found["status"], found["refunded"]["amount"], actions(found)) == ("CANCELLED", "0.00", {"RETRY", "SETTLE"})
    assert "owed" in found["attention"]
    await staff.done("orderRetry", {"orderId": order["id"]})
    await quiet(shop, order["id"])
    found = await seen(staff, order["id"])
    assert (found["refunded"]["amount"], found["attention"], found["availableActions"]) == ("20.00", None, [])
    assert (shop.payments.given_back[order["id"]], await shop.stock(variant)) == (2000, (5, 0))


async def test_an_order_is_cancelled_with_what_came_back(shop: Shop, provider: Provider) -> None:
    staff, variant = manager(shop), await shop.variant(stock=5, price=1000)
    order = await confirmed(shop, variant, quantity=3)
    given = await refund(shop, staff, order, restock=True, **some(order, 1))
    await provider.sends_back(order["id"], 1000, key_of(given))
    await staff.done("orderCancel", {"orderId": order["id"]})
    await staff.becomes(order["id"], "CANCELLED")
    await quiet(shop, order["id"])
    found = await seen(staff, order["id"])
    assert (found["refunded"]["amount"], found["attention"], found["availableActions"]) == ("30.00", None, [])
    assert (shop.payments.given_back[order["id"]], await shop.stock(variant)) == (3000, (5, 0))


@pytest.mark.parametrize("when", [When.BEFORE, When.AFTER])
async def test_what_comes_back_while_the_order_is_being_cancelled_is_not_lost(
    shop: Shop, provider: Provider, when: When
) -> None:
    stall, staff = Fault("REFUND", when, Kind.STALL), manager(shop)
    variant = await shop.variant(stock=5, price=1000)
    order = await confirmed(shop, variant, quantity=3)
    given = await refund(shop, staff, order, restock=True, **some(order, 1))
    shop.faults.suffer(order["id"], stall)
    await staff.done("orderCancel", {"orderId": order["id"]})
    await eventually(lambda: shop.has_stalled(order["id"], stall), "the rest is being given back")
    await provider.sends_back(order["id"], 1000, key_of(given))
    stall.go.set()
    await staff.becomes(order["id"], "CANCELLED")
    await quiet(shop, order["id"])
    found = await seen(staff, order["id"])
    if when is When.AFTER:  # the rest was without it
        assert (actions(found), found["refunded"]["amount"]) == ({"RETRY", "SETTLE"}, "20.00")
        await staff.done("orderRetry", {"orderId": order["id"]})
        await quiet(shop, order["id"])
        found = await seen(staff, order["id"])
    assert (found["refunded"]["amount"], found["attention"], found["availableActions"]) == ("30.00", None, [])
    assert (shop.payments.given_back[order["id"]], await shop.stock(variant)) == (3000, (5, 0))


async def test_one_that_comes_back_before_it_was_booked_is_not_booked(shop: Shop, provider: Provider) -> None:
    stall, staff = Fault("REFUND", When.AFTER, Kind.STALL), manager(shop)
    variant = await shop.variant(stall, stock=5, price=1000)
    order = await confirmed(shop, variant, quantity=2)
    await staff.done("orderRefund", {"orderId": order["id"], "reason": "broken", "restock": True, **some(order, 1)})
    await eventually(lambda: shop.has_stalled(order["id"], stall), "our refund went through")
    await provider.sends_back(order["id"], 1000, key_of((await seen(staff, order["id"]))["refunds"][0]["id"]))
    stall.go.set()
    await quiet(shop, order["id"])
    found = await seen(staff, order["id"])
    assert (found["refunded"]["amount"], sources(found)) == ("0.00", [("REQUESTED", "10.00", "FAILED")])
    await staff.done("orderRetry", {"orderId": order["id"]})
    await quiet(shop, order["id"])
    assert sources(await seen(staff, order["id"])) == [("REQUESTED", "10.00", "DONE")]
    assert (shop.payments.given_back[order["id"]], await shop.stock(variant)) == (1000, (4, 0))


async def test_units_whose_return_is_stuck_still_return_when_the_money_came_back(
    shop: Shop, provider: Provider
) -> None:
    staff = manager(shop)
    variant = await shop.variant(Fault("RESTOCK", When.BEFORE, Kind.REFUSED), stock=5, price=1000)
    order = await confirmed(shop, variant, quantity=2)
    given = await refund(shop, staff, order, restock=True, **some(order, 1))
    assert "don't refund again" in (await seen(staff, order["id"]))["attention"]
    await provider.sends_back(order["id"], 1000, key_of(given))
    assert "don't refund again" not in (await seen(staff, order["id"]))["attention"]
    await staff.done("orderRetry", {"orderId": order["id"]})
    await quiet(shop, order["id"])
    assert await shop.stock(variant) == (4, 0)
    assert "owed" in (await seen(staff, order["id"]))["attention"]
    await refund(shop, staff, order, amount={"amount": "10.00", "currency": "EUR"})
    found = await seen(staff, order["id"])
    assert (found["attention"], found["refunded"]["amount"]) == (None, "10.00")


async def test_news_of_what_is_not_the_orders_changes_nothing(shop: Shop, provider: Provider) -> None:
    staff = manager(shop)
    order = await confirmed(shop, await shop.variant(price=1000), quantity=2)
    given = await refund(shop, staff, order, amount={"amount": "10.00", "currency": "EUR"})
    await provider.sends_back(order["id"], 1000, key_of(given))
    late: JsonObject = {
        "attempt": 1,
        "refundReference": "re_2",
        "reason": "unknown",
        "refundKey": None,
        "cause": "LATE",
    }
    await provider.tells("PaymentRefundFailed", order["id"], 700, **late)
    await provider.tells("PaymentRefundFailed", order["id"], 700, **late | {"cause": "PROVIDER"})
    found = await seen(staff, order["id"])
    assert (found["refunded"]["amount"], sources(found)) == ("0.00", [("REQUESTED", "10.00", "FAILED")])


async def test_a_decision_of_a_dispute_gives_nothing_back_that_came_back(shop: Shop, provider: Provider) -> None:
    staff = manager(shop)
    order = await confirmed(shop, await shop.variant(price=1000), quantity=2)
    given = await refund(shop, staff, order, amount={"amount": "10.00", "currency": "EUR"})
    await provider.sends_back(order["id"], 1000, key_of(given))
    await provider.disputes(order["id"], 500)
    assert "goes on by itself" not in (await seen(staff, order["id"]))["attention"]
    await provider.decides(order["id"], 500, "WON")
    await quiet(shop, order["id"])
    found = await seen(staff, order["id"])
    assert (sources(found), "RETRY" in actions(found)) == ([("REQUESTED", "10.00", "FAILED")], True)
