"""An anonymous cart goes into its user's own: nothing is lost or counted twice, and nobody takes somebody else's."""

import asyncio
from typing import Any
from uuid import uuid4

import pytest

from tests.integration.orders.merging import ask_to_merge, merge, my_cart, my_carts, units
from tests.integration.orders.shop import Shop
from tests.subgraphs import OF_ANOTHER_SHAPE


async def test_quantities_add_up_and_the_anonymous_cart_is_gone(shop: Shop) -> None:
    guest, buyer = shop.guest(), shop.buyer()
    shirt, bowl, lamp = await shop.variant(), await shop.variant(), await shop.variant()
    own = await buyer.filled_cart(shirt, bowl, quantity=2)
    anonymous = await guest.filled_cart(shirt, lamp, quantity=3)
    payload = await merge(buyer, anonymous)
    assert payload["errors"] == []
    assert (payload["cart"]["id"], units(payload["cart"])) == (own, {shirt: 5, bowl: 2, lamp: 3})
    assert await my_cart(buyer) == payload["cart"]
    assert await guest.cart(anonymous) is None
    assert [error["code"] for error in (await guest.add(anonymous, shirt))["errors"]] == ["CART_NOT_FOUND"]


async def test_without_an_own_cart_the_anonymous_one_becomes_it(shop: Shop) -> None:
    guest, buyer, shirt = shop.guest(), shop.buyer(), await shop.variant()
    anonymous = await guest.filled_cart(shirt)
    assert await my_cart(buyer) is None
    payload = await merge(buyer, anonymous)
    assert (payload["cart"]["id"], units(payload["cart"])) == (anonymous, {shirt: 1})
    assert await my_cart(buyer) == payload["cart"]
    assert await guest.cart(anonymous) is None


async def test_the_same_key_replays_and_merges_nothing_twice(shop: Shop) -> None:
    buyer, shirt, key = shop.buyer(), await shop.variant(), str(uuid4())
    await buyer.filled_cart(shirt)
    anonymous = await shop.guest().filled_cart(shirt)
    first = await merge(buyer, anonymous, key)
    assert await merge(buyer, anonymous, key) == first
    another = await ask_to_merge(buyer, {"cartId": str(uuid4())}, key)
    assert another["errors"][0]["extensions"] == {"code": "CONFLICT", "field": ["idempotencyKey"]}


async def test_a_merge_repeated_after_its_cart_went_into_another_says_so(shop: Shop) -> None:
    buyer, shirt, key = shop.buyer(), await shop.variant(), str(uuid4())
    oldest, older, latest = [await buyer.filled_cart(shirt) for _ in range(3)]
    assert (await merge(buyer, older, key))["cart"]["id"] == latest
    assert (await merge(buyer, latest))["cart"]["id"] == oldest
    again = await merge(buyer, older, key)
    assert again["cart"] is None
    (error,) = again["errors"]
    assert (error["code"], error["field"]) == ("CART_NOT_FOUND", ["cartId"])
    assert "merged into another or thrown away since; ask for myCarts" in error["message"]


async def test_two_carts_merged_into_each_other_at_once_become_one(shop: Shop) -> None:
    buyer, shirt = shop.buyer(), await shop.variant()
    for _ in range(5):
        one, other = await buyer.filled_cart(shirt), await buyer.filled_cart(shirt)
        await asyncio.gather(merge(buyer, one), merge(buyer, other))
        await asyncio.gather(*(merge(buyer, cart_id) for cart_id in await my_carts(buyer)))
        (left,) = await my_carts(buyer)
        assert units(await buyer.cart(left)) == {shirt: 2}
        await buyer.place(left)


async def test_other_peoples_and_unknown_carts_answer_alike(shop: Shop) -> None:
    buyer, shirt = shop.buyer(), await shop.variant()
    await buyer.filled_cart(shirt)
    others = await shop.buyer().filled_cart(shirt)
    answers = [await merge(buyer, cart_id) for cart_id in (others, str(uuid4()), "x", "", "\0", "9" * 5000)]
    assert [(error["code"], error["field"]) for error in answers[0]["errors"]] == [("CART_NOT_FOUND", ["cartId"])]
    assert all(answer == answers[0] for answer in answers)
    assert units(await my_cart(buyer)) == {shirt: 1}


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({}, OF_ANOTHER_SHAPE),
        ({"cartId": None}, OF_ANOTHER_SHAPE),
        ({"cartId": []}, "BAD_USER_INPUT"),
        ({"cartId": {}}, "BAD_USER_INPUT"),
        (None, "BAD_USER_INPUT"),
    ],
)
async def test_a_cart_id_that_is_missing_or_of_another_type_is_no_valid_input(
    shop: Shop, given: Any, code: str
) -> None:
    answer = await ask_to_merge(shop.buyer(), given)
    assert [error["extensions"]["code"] for error in answer["errors"]] == [code]


@pytest.mark.parametrize("key", [" \n", "\x7f", "k" * 201])
async def test_a_key_that_is_no_key_is_rejected(shop: Shop, key: str) -> None:
    answer = await ask_to_merge(shop.buyer(), {"cartId": str(uuid4())}, key)
    assert answer["errors"][0]["extensions"] == {"code": "BAD_USER_INPUT", "field": ["idempotencyKey"]}


async def test_who_is_not_logged_in_has_nothing_to_merge_into(shop: Shop) -> None:
    anonymous = await shop.guest().filled_cart(await shop.variant())
    answer = await ask_to_merge(shop.guest(), {"cartId": anonymous})
    assert answer["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
    answer = await shop.orders.graphql("{ myCart { id } }")
    assert answer["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


async def test_merges_at_once_into_one_cart_lose_nothing(shop: Shop) -> None:
    buyer, shirt = shop.buyer(), await shop.variant()
    await buyer.filled_cart(shirt)
    carts = [await shop.guest().filled_cart(shirt) for _ in range(10)]
    payloads = await asyncio.gather(*(merge(buyer, cart) for cart in carts))
    assert [payload["errors"] for payload in payloads] == [[]] * 10
    assert units(await my_cart(buyer)) == {shirt: 11}


async def test_merges_at_once_without_an_own_cart_make_one_of_all(shop: Shop) -> None:
    buyer, shirt = shop.buyer(), await shop.variant()
    carts = [await shop.guest().filled_cart(shirt) for _ in range(5)]
    payloads = await asyncio.gather(*(merge(buyer, cart) for cart in carts))
    assert len({payload["cart"]["id"] for payload in payloads}) == 1
    assert units(await my_cart(buyer)) == {shirt: 5}


async def test_one_anonymous_cart_goes_to_one_of_many_who_ask_at_once(shop: Shop) -> None:
    shirt = await shop.variant()
    buyers = [shop.buyer() for _ in range(10)]
    for buyer in buyers[:5]:
        await buyer.filled_cart(shirt)
    anonymous = await shop.guest().filled_cart(shirt)
    payloads = await asyncio.gather(*(merge(buyer, anonymous) for buyer in buyers))
    lost = [payload["errors"] for payload in payloads if payload["errors"]]
    assert [[error["code"] for error in errors] for errors in lost] == [["CART_NOT_FOUND"]] * 9
    held = [cart for buyer in buyers if (cart := await my_cart(buyer))]
    assert sum(cart["totalQuantity"] for cart in held) == 6


async def test_merging_adding_and_ordering_at_once_loses_no_unit(shop: Shop) -> None:
    buyer, guest, shirt = shop.buyer(), shop.guest(), await shop.variant()
    own, anonymous = await buyer.filled_cart(shirt), await guest.filled_cart(shirt)
    merged, added, placed = await asyncio.gather(merge(buyer, anonymous), guest.add(anonymous, shirt), buyer.place(own))
    assert (merged["errors"], placed["errors"]) == ([], [])
    ordered = sum(line["quantity"] for line in placed["order"]["lines"])
    left = (await my_cart(buyer) or {"totalQuantity": 0})["totalQuantity"]
    assert ordered + left == 2 + (1 if not added["errors"] else 0)
