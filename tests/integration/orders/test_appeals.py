"""Disputes that a bank decides otherwise later: the order follows the last word,
and nobody loses money and units both.
"""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.integration.orders.elsewhere import Provider, actions, manager, provider_of, quiet, seen, sources
from tests.integration.orders.shipping import confirmed, deliver, ship
from tests.integration.orders.shop import Shop


@pytest_asyncio.fixture
async def provider(shop: Shop) -> AsyncIterator[Provider]:
    """The provider of the shop, and the banks behind it."""
    async with provider_of(shop) as found:
        yield found


@pytest.mark.parametrize("is_delivered", [False, True])
async def test_of_an_order_that_was_sent_the_money_is_the_shops_after_all(
    shop: Shop, provider: Provider, is_delivered: bool
) -> None:
    staff, variant = manager(shop), await shop.variant(stock=5, price=1000)
    order = await confirmed(shop, variant, quantity=2)
    shipment = (await ship(staff, order["id"]))["shipment"]["id"]
    if is_delivered:
        await deliver(staff, shipment)
    await provider.disputes(order["id"], 2000)
    await provider.decides(order["id"], 2000, "LOST")
    await quiet(shop, order["id"])
    assert (await seen(staff, order["id"]))["status"] == "REFUNDED"
    await provider.decides(order["id"], 2000, "WON")
    found = await seen(staff, order["id"])
    assert (found["status"], found["attention"]) == ("DELIVERED" if is_delivered else "SHIPPED", None)
    assert (found["refunded"]["amount"], sources(found)) == ("0.00", [("DISPUTE", "20.00", "FAILED")])
    assert "shop's after all" in found["refunds"][0]["failure"]
    assert actions(found) == {"REFUND"} | (set() if is_delivered else {"DELIVER"})


async def test_a_buyer_whose_units_went_back_into_stock_is_owed_the_money(shop: Shop, provider: Provider) -> None:
    staff, variant = manager(shop), await shop.variant(stock=5, price=1000)
    order = await confirmed(shop, variant, quantity=2)
    await provider.disputes(order["id"], 2000)
    await provider.decides(order["id"], 2000, "LOST")
    await quiet(shop, order["id"])
    assert await shop.stock(variant) == (5, 0)
    await provider.decides(order["id"], 2000, "WON")
    found = await seen(staff, order["id"])
    assert (found["status"], actions(found)) == ("CONFIRMED", {"CANCEL", "REFUND", "RETRY", "SETTLE"})
    assert "pieces went back into stock" in found["attention"]
    await staff.done("orderRetry", {"orderId": order["id"]})
    await quiet(shop, order["id"])
    found = await seen(staff, order["id"])
    assert (found["status"], found["attention"], found["refunded"]["amount"]) == ("REFUNDED", None, "20.00")
    assert (shop.payments.given_back[order["id"]], await shop.stock(variant)) == (2000, (5, 0))


async def test_what_was_won_is_lost_after_all(shop: Shop, provider: Provider) -> None:
    staff, variant = manager(shop), await shop.variant(stock=5, price=1000)
    order = await confirmed(shop, variant, quantity=2)
    await provider.disputes(order["id"], 2000)
    await provider.decides(order["id"], 2000, "WON")
    assert (await seen(staff, order["id"]))["status"] == "CONFIRMED"
    shop.payments.disputed[order["id"]] += 2000
    await provider.decides(order["id"], 2000, "LOST")
    await quiet(shop, order["id"])
    found = await seen(staff, order["id"])
    assert (found["status"], sources(found), found["hold"]) == ("REFUNDED", [("DISPUTE", "20.00", "DONE")], None)
    assert await shop.stock(variant) == (5, 0)


async def test_of_a_cancelled_order_what_is_won_after_all_is_given_back_by_itself(
    shop: Shop, provider: Provider
) -> None:
    staff, variant = manager(shop), await shop.variant(stock=5, price=1000)
    order = await confirmed(shop, variant, quantity=2)
    await provider.disputes(order["id"], 1500)
    await staff.done("orderCancel", {"orderId": order["id"]})
    await staff.becomes(order["id"], "CANCELLED")
    await provider.decides(order["id"], 1500, "LOST")
    await provider.decides(order["id"], 1500, "WON")
    await quiet(shop, order["id"])
    found = await seen(staff, order["id"])
    assert (found["refunded"]["amount"], found["attention"], found["availableActions"]) == ("20.00", None, [])
    assert (shop.payments.given_back[order["id"]], await shop.stock(variant)) == (2000, (5, 0))


async def test_an_older_decision_that_is_heard_late_changes_nothing(shop: Shop, provider: Provider) -> None:
    staff = manager(shop)
    order = await confirmed(shop, await shop.variant(price=1000), quantity=2)
    await provider.disputes(order["id"], 500)
    await provider.decides(order["id"], 500, "WON")
    old = {"disputeReference": "dp_1", "occurredAt": "2026-01-01T00:00:00Z"}
    await provider.tells("PaymentDisputeClosed", order["id"], 500, None, **old, outcome="LOST")
    assert (await seen(staff, order["id"]))["refunded"]["amount"] == "0.00"
