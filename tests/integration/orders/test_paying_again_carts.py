"""``orderPay`` and the cart that the order came from:
ordered anew, changed, merged, or gone meanwhile, nothing is bought twice.
"""

import asyncio
from uuid import UUID

import pytest

from tests.integration.orders.merging import merge, my_carts, units
from tests.integration.orders.peers import AUTHENTICATING_CARD, DECLINED_CARD, GOOD_CARD
from tests.integration.orders.shop import Shop
from tests.integration.orders.test_paying_again import captured, declined, pay, refusal


async def test_an_order_whose_cart_was_ordered_anew_names_the_other_one(shop: Shop) -> None:
    buyer = shop.buyer()
    order_id, cart_id = await declined(buyer, await shop.variant())
    other = (await buyer.place(cart_id, paymentMethodId=AUTHENTICATING_CARD))["order"]
    (error,) = (await pay(buyer, order_id))["errors"]
    assert error["code"] == "ORDERED_ANEW"
    assert other["number"] in error["message"]
    shop.payments.authenticated[other["id"]] = False
    await buyer.becomes(other["id"], "CANCELLED")
    await pay(buyer, order_id)
    assert await refusal(buyer, other["id"]) == "ORDERED_ANEW"
    await buyer.becomes(order_id, "CONFIRMED")
    assert await refusal(buyer, other["id"]) == "ORDERED_ANEW"


async def test_of_paying_again_and_ordering_the_cart_anew_at_once_exactly_one_happens(shop: Shop) -> None:
    buyer, shirt = shop.buyer(), await shop.variant()
    for _ in range(5):
        order_id, cart_id = await declined(buyer, shirt)
        paid, placed = await asyncio.gather(pay(buyer, order_id), buyer.place(cart_id))
        assert [error["code"] for error in (*paid["errors"], *placed["errors"])] in (
            ["ORDERED_ANEW"],
            ["CART_ALREADY_ORDERED"],
        )


async def test_what_an_order_buys_leaves_its_cart_that_was_changed_meanwhile(shop: Shop) -> None:
    buyer, shirt, bowl = shop.buyer(), await shop.variant(), await shop.variant()
    order_id, cart_id = await declined(buyer, shirt)
    await buyer.add(cart_id, bowl)
    await pay(buyer, order_id, DECLINED_CARD)
    await buyer.becomes(order_id, "CANCELLED")
    assert units(await buyer.cart(cart_id)) == {bowl: 1}
    latest, apart = await my_carts(buyer)
    assert (latest, units(await buyer.cart(apart))) == (cart_id, {shirt: 1})
    await pay(buyer, order_id)
    order = await buyer.becomes(order_id, "CONFIRMED")
    assert [line["variant"]["id"] for line in order["lines"]] == [shirt]
    assert await my_carts(buyer) == [cart_id]
    assert (await buyer.place(cart_id))["errors"] == []


async def test_what_an_order_buys_is_not_bought_twice_when_its_cart_was_merged(shop: Shop) -> None:
    buyer, shirt, bowl, cup = shop.buyer(), await shop.variant(), await shop.variant(), await shop.variant()
    order_id, cart_id = await declined(buyer, shirt, bowl)
    other = await buyer.filled_cart(shirt, cup)
    assert units((await merge(buyer, cart_id))["cart"]) == {shirt: 2, bowl: 1, cup: 1}
    await buyer.done("orderPay", {"orderId": order_id, "paymentMethodId": GOOD_CARD})
    assert units(await buyer.cart(other)) == {shirt: 1, cup: 1}
    await buyer.becomes(order_id, "CONFIRMED")
    assert await my_carts(buyer) == [other]


async def test_an_order_whose_cart_was_merged_and_ordered_anew_names_the_other_one(shop: Shop) -> None:
    buyer, shirt, bowl = shop.buyer(), await shop.variant(), await shop.variant()
    order_id, cart_id = await declined(buyer, shirt)
    for variant in (bowl, shirt):  # merged twice: the cart that it was merged into goes into yet another one
        other = await buyer.filled_cart(variant)
        await merge(buyer, cart_id)
        cart_id = other
    placed = (await buyer.place(cart_id))["order"]
    (error,) = (await pay(buyer, order_id))["errors"]
    assert error["code"] == "ORDERED_ANEW"
    assert placed["number"] in error["message"]
    actions = (await buyer.asked(order_id, "availableActions { action }"))["availableActions"]
    assert actions == []


async def test_merging_a_cart_and_paying_its_order_at_once_buys_everything_once(shop: Shop) -> None:
    buyer, shirt = shop.buyer(), await shop.variant(stock=50)
    for _ in range(5):
        order_id, cart_id = await declined(buyer, shirt)
        other = await buyer.filled_cart(shirt)
        paid, merged = await asyncio.gather(pay(buyer, order_id), merge(buyer, cart_id))
        assert paid["errors"] == []
        assert [error["code"] for error in merged["errors"]] in ([], ["CART_ALREADY_ORDERED"])
        assert units(await buyer.cart(other)) == {shirt: 1}
        await buyer.change(
            "cartRemoveLines", {"cartId": other, "lineIds": [(await buyer.cart(other) or {})["lines"][0]["id"]]}
        )


@pytest.mark.parametrize("lost", ["merged", "expired", "swept"])
async def test_an_order_whose_cart_is_gone_is_paid_all_the_same(shop: Shop, lost: str) -> None:
    buyer, shirt = shop.buyer(), await shop.variant()
    order_id, cart_id = await declined(buyer, shirt)
    if lost == "merged":
        await buyer.filled_cart(shirt)
        await merge(buyer, cart_id)
    else:
        await shop.catalogue.execute("UPDATE carts SET expires_at = now() WHERE id = $1", UUID(cart_id))
    if lost == "swept":
        await shop.catalogue.execute("DELETE FROM carts WHERE id = $1", UUID(cart_id))
    await pay(buyer, order_id, DECLINED_CARD)
    await buyer.becomes(order_id, "CANCELLED")
    assert await buyer.cart(cart_id) is None
    await pay(buyer, order_id)
    await buyer.becomes(order_id, "CONFIRMED")
    assert captured(shop, order_id, 3) == [0, 0, 1]


async def test_a_cart_that_somebody_else_took_over_meanwhile_is_theirs(shop: Shop) -> None:
    buyer, other, shirt = shop.buyer(), shop.buyer(), await shop.variant()
    cart_id = await shop.guest().filled_cart(shirt)
    order_id = (await buyer.place(cart_id, paymentMethodId=DECLINED_CARD))["order"]["id"]
    await buyer.becomes(order_id, "CANCELLED")
    assert (await merge(other, cart_id))["cart"]["id"] == cart_id
    await pay(buyer, order_id, DECLINED_CARD)
    await buyer.becomes(order_id, "CANCELLED")
    assert (await other.cart(cart_id) or {})["isOrdered"] is False
    assert (await other.place(cart_id))["errors"] == []
    assert (await pay(buyer, order_id))["errors"] == []
    await buyer.becomes(order_id, "CONFIRMED")
