"""Units that no money is left for: they cost nothing, or their price was given back as an amount.

A refund closes them.
"""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from tests.integration.orders.elsewhere import Provider, actions, provider_of, seen
from tests.integration.orders.faults import Fault, Kind, When
from tests.integration.orders.shipping import deliver, ship, some
from tests.integration.orders.shop import Buyer, JsonObject, Shop
from tests.integration.orders.test_backorders import Stockroom, stockroom, waits_for
from tests.integration.orders.test_refunds import asked_for, events_of, has_ended, paid, settled

__all__ = ["stockroom"]  # a fixture


@pytest_asyncio.fixture
async def provider(shop: Shop) -> AsyncIterator[Provider]:
    """The provider of the shop."""
    async with provider_of(shop) as found:
        yield found


def boss(shop: Shop) -> Buyer:
    """Somebody of the shop who may do all that these tests do."""
    return shop.staff("orders:read", "orders:refund", "orders:retry", "orders:cancel", "orders:ship")


async def with_a_gift(shop: Shop, *faults: Fault) -> tuple[JsonObject, str]:
    """An order of a lamp and of something that costs nothing; that line comes second. And what costs nothing."""
    lamp, gift = await shop.variant(*faults, stock=5, price=1999), await shop.variant(stock=5, price=0)
    order = await paid(shop, lamp, gift)
    order["lines"].sort(key=lambda line: line["variant"]["id"] == gift)
    return order, gift


async def refunded(staff: Buyer, order: JsonObject, **given: Any) -> JsonObject:
    """The order as staff sees it, once a refund has ended; and what the refund was, as its ``refund``."""
    refund = await asked_for(staff, order["id"], **given)
    await settled(staff, order["id"], refund["id"])
    return await seen(staff, order["id"]) | {"refund": refund}


def refund_is_offered(order: JsonObject) -> bool:
    return "REFUND" in actions(order)


async def test_a_free_unit_is_refunded_for_nothing_and_lets_its_order_end(shop: Shop) -> None:
    order, gift = await with_a_gift(shop)
    staff = boss(shop)
    shipment = await ship(staff, order["id"], **some(order, 1))
    await deliver(staff, shipment["shipment"]["id"])
    after = await refunded(staff, order, **some(order, 0, 1), restock=True)
    await has_ended(shop, after["refund"]["id"])
    assert after["refund"]["amount"]["amount"] == "0.00"
    assert (after["status"], after["refunded"]["amount"]) == ("DELIVERED", "0.00")
    assert (await shop.stock(gift), shop.payments.effects[order["id"], "refunded"]) == ((5, 0), 0)
    assert "OrderRefunded" not in await events_of(shop, order["id"])


@pytest.mark.parametrize("restock", [True, False])
async def test_an_order_whose_money_is_back_offers_a_refund_until_its_free_units_are_closed(
    shop: Shop, restock: bool
) -> None:
    order, gift = await with_a_gift(shop)
    staff = boss(shop)
    after = await refunded(staff, order, **some(order, 1, 0))
    assert (after["status"], refund_is_offered(after)) == ("REFUNDED", True)
    assert await shop.stock(gift) == (4, 0)
    after = await refunded(staff, order, restock=restock)
    await has_ended(shop, after["refund"]["id"])
    assert (after["status"], after["refunded"]["amount"], refund_is_offered(after)) == ("REFUNDED", "19.99", False)
    assert await shop.stock(gift) == ((5, 0) if restock else (4, 0))
    (error,) = (await staff.act("orderRefund", {"orderId": order["id"], "reason": "again"}))["data"]["it"]["errors"]
    assert error["code"] == "WRONG_STATUS"


async def test_an_order_of_free_units_alone_is_refunded_once_all_of_them_are(shop: Shop) -> None:
    gift = await shop.variant(stock=5, price=0)
    order, staff = await paid(shop, gift, quantity=2), boss(shop)
    after = await refunded(staff, order, **some(order, 1), restock=True)
    assert (after["status"], refund_is_offered(after)) == ("CONFIRMED", True)
    after = await refunded(staff, order, **some(order, 1), restock=True)
    await has_ended(shop, after["refund"]["id"])
    assert (after["status"], refund_is_offered(after)) == ("REFUNDED", False)
    assert await shop.stock(gift) == (5, 0)


async def test_free_units_that_wait_are_closed_by_what_the_refusal_to_ship_names(stockroom: Stockroom) -> None:
    shop = stockroom.shop
    variant = await stockroom.variant(1)
    await shop.catalogue.execute("UPDATE variants SET price_minor = 0 WHERE id = $1::text::uuid", variant)
    order, staff = await paid(shop, variant, quantity=2), boss(shop)
    await waits_for(staff, order["id"], 1)
    shipment = await ship(staff, order["id"])
    await deliver(staff, shipment["shipment"]["id"])
    (error,) = (await ship(staff, order["id"]))["errors"]
    assert "orderRefund" in error["message"]
    before = await seen(staff, order["id"])
    assert (before["status"], refund_is_offered(before)) == ("PARTIALLY_SHIPPED", True)
    after = await refunded(staff, order, **some(order, 1))
    await has_ended(shop, after["refund"]["id"])
    assert after["status"] == "DELIVERED"
    assert await stockroom.waiting(variant) == 0


async def test_units_are_refunded_for_what_is_left_of_their_price(shop: Shop) -> None:
    variant = await shop.variant(stock=5, price=3200)
    order, staff = await paid(shop, variant, quantity=3), boss(shop)
    amount = await refunded(staff, order, amount={"amount": "56.00", "currency": "EUR"})
    after = await refunded(staff, order, **some(order, 1), restock=True)
    assert (after["refund"]["amount"]["amount"], after["status"]) == ("32.00", "CONFIRMED")
    after = await refunded(staff, order, **some(order, 1), restock=True)
    assert (after["refund"]["amount"]["amount"], after["status"], refund_is_offered(after)) == (
        "8.00",
        "REFUNDED",
        False,
    )
    for refund in (amount, after):
        await has_ended(shop, refund["refund"]["id"])
    assert (await shop.stock(variant), shop.payments.given_back[order["id"]]) == ((5, 0), 9600)


async def test_units_that_nobody_waits_for_any_more_are_not_put_back(stockroom: Stockroom) -> None:
    shop = stockroom.shop
    variant = await stockroom.variant(1)
    order, staff = await paid(shop, variant, quantity=3), boss(shop)
    await waits_for(staff, order["id"], 2)
    after = await refunded(staff, order, amount=order["total"])
    await has_ended(shop, after["refund"]["id"])
    assert await stockroom.waiting(variant) == 0
    assert (after["status"], [line["refundedQuantity"] for line in after["lines"]]) == ("REFUNDED", [3])
    assert ((await seen(staff, order["id"]))["attention"], refund_is_offered(after)) == (None, False)
    assert await shop.stock(variant) == (1, 0)


async def test_what_is_sent_back_after_all_of_the_money_is_put_back_into_stock(shop: Shop, provider: Provider) -> None:
    variant = await shop.variant(stock=5, price=1000)
    order, staff = await paid(shop, variant), boss(shop)
    shipment = await ship(staff, order["id"])
    await deliver(staff, shipment["shipment"]["id"])
    await provider.gives_back(order["id"], 1000)
    after = await refunded(staff, order, restock=True)
    await has_ended(shop, after["refund"]["id"])
    assert (after["status"], after["refunded"]["amount"]) == ("REFUNDED", "10.00")
    assert await shop.stock(variant) == (5, 0)


async def test_a_refund_of_free_units_is_not_ended_by_one_that_takes_the_last_of_the_money(shop: Shop) -> None:
    stall = Fault("RESTOCK", When.BEFORE, Kind.STALL)
    order, gift = await with_a_gift(shop, stall)
    staff = boss(shop)
    free = await asked_for(staff, order["id"], **some(order, 0, 1), restock=True)
    money = await asked_for(staff, order["id"], **some(order, 1, 0), restock=True)
    stall.go.set()
    await has_ended(shop, free["id"])
    await has_ended(shop, money["id"])
    after = await settled(staff, order["id"], money["id"])
    assert (after["status"], [refund["status"] for refund in after["refunds"]]) == ("REFUNDED", ["DONE", "DONE"])
    assert await shop.stock(gift) == (5, 0)


async def test_money_that_a_bank_has_is_not_waived_by_a_refund_of_lines(shop: Shop, provider: Provider) -> None:
    order, staff = await paid(shop, await shop.variant(stock=5, price=1000), quantity=2), boss(shop)
    await provider.disputes(order["id"], 1500, reference="dp_free")
    given = {"orderId": order["id"], "reason": "broken", **some(order, 1)}
    (error,) = (await staff.act("orderRefund", given))["data"]["it"]["errors"]
    assert (error["code"], error["field"]) == ("EXCEEDS_REMAINING", ["lines"])
    assert "wait until the bank has decided" in error["message"]
    after = await refunded(staff, order, amount={"amount": "5.00", "currency": "EUR"})
    assert not refund_is_offered(after)
