"""More buyers than units: exactly the stock is sold, and exactly the buyers who get it are charged."""

import asyncio
from collections import Counter
from uuid import uuid4

import pytest

from tests.chaos.buyers import Buyer, JsonObject
from tests.chaos.shop import Shop

_ORDER = (
    "query ($id: ID!) { order(id: $id) { status cancellation { code message lineIds } lines { id } total { amount } } }"
)


async def outcomes(orders: list[tuple[Buyer, str]]) -> list[JsonObject]:
    answers = await asyncio.gather(*(buyer.ask(_ORDER, {"id": order_id}) for buyer, order_id in orders))
    return [answer["order"] for answer in answers]


@pytest.mark.parametrize(("units", "crowd"), [(10, 50), pytest.param(100, 500, marks=pytest.mark.slow)])
async def test_a_crowd_buys_exactly_the_units_that_there_are(shop: Shop, units: int, crowd: int) -> None:
    variant = await shop.variant(units)
    buyers = [shop.buyer() for _ in range(crowd)]
    carts = [await buyer.cart({variant: 1}) for buyer in buyers]
    payloads = await asyncio.gather(*(buyer.place(cart) for buyer, cart in zip(buyers, carts, strict=True)))
    assert all(payload["errors"] == [] or _says_sold_out(payload) for payload in payloads)
    await shop.settled()

    placed = [
        (buyer, payload["order"]["id"]) for buyer, payload in zip(buyers, payloads, strict=True) if payload["order"]
    ]
    orders = await outcomes(placed)
    assert Counter(order["status"] for order in orders)["CONFIRMED"] == units
    losers = [order for order in orders if order["status"] == "CANCELLED"]
    assert all(order["cancellation"]["code"] == "INSUFFICIENT_STOCK" for order in losers)
    assert all(order["cancellation"]["lineIds"] == [line["id"] for line in order["lines"]] for order in losers)
    assert await shop.available(variant) == 0
    charges = await shop.charges()
    winners = {order_id for (_, order_id), order in zip(placed, orders, strict=True) if order["status"] == "CONFIRMED"}
    assert {order_id for _, order_id in placed if order_id in charges} == winners
    await shop.assert_reconciled()


def _says_sold_out(payload: JsonObject) -> bool:
    return all(
        error["code"] == "LINE_HAS_PROBLEMS" and error["field"][:2] == ["cartId", "lines"]
        for error in payload["errors"]
    )


async def test_two_lines_of_one_variant_are_counted_together(shop: Shop) -> None:
    plenty, scarce = await shop.variant(100), await shop.variant(9)
    crowd = [shop.buyer() for _ in range(12)]
    carts = [await buyer.cart([(scarce, 1), (plenty, 1), (scarce, 1)]) for buyer in crowd]
    await asyncio.gather(*(buyer.place(cart) for buyer, cart in zip(crowd, carts, strict=True)))
    await shop.settled()
    assert await shop.available(scarce) == 1
    assert await shop.available(plenty) == 96
    await shop.assert_reconciled()


async def test_crowds_that_buy_two_products_in_opposite_order_do_not_lock_each_other_out(shop: Shop) -> None:
    first, second = await shop.variant(15), await shop.variant(15)
    crowd = [shop.buyer() for _ in range(40)]
    orders_of_lines = [[(first, 1), (second, 1)], [(second, 1), (first, 1)]]
    carts = [await buyer.cart(orders_of_lines[number % 2]) for number, buyer in enumerate(crowd)]
    await asyncio.gather(*(buyer.place(cart) for buyer, cart in zip(crowd, carts, strict=True)))
    await shop.settled()
    assert (await shop.available(first), await shop.available(second)) == (0, 0)
    await shop.assert_reconciled()


async def test_fifty_calls_with_one_key_are_one_order_and_one_charge(shop: Shop) -> None:
    variant = await shop.variant(100)
    buyer = shop.buyer()
    cart, key = await buyer.cart({variant: 2}), str(uuid4())
    payloads = await asyncio.gather(*(buyer.place(cart, key) for _ in range(50)))
    order_ids = {payload["order"]["id"] for payload in payloads}
    assert len(order_ids) == 1
    statuses = await shop.settled()
    (order_id,) = order_ids
    assert statuses[order_id] == "CONFIRMED"
    assert await shop.available(variant) == 98
    (payment,) = [payment for payment in await shop.stripe.ledger() if payment["ours"]["order_id"] == order_id]
    assert payment["counts"] == payment["counts"] | {"authorization": 1, "capture": 1}
    await shop.assert_reconciled()
