"""The cart of an order that came to nothing opens again: same id, same lines;
that of an order that was confirmed never does.
"""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from tests.integration.orders.faults import Fault, Kind, When
from tests.integration.orders.merging import merge, my_cart, my_carts, units
from tests.integration.orders.peers import AUTHENTICATING_CARD, CARD_DECLINED_AT_CAPTURE, DECLINED_CARD
from tests.integration.orders.shop import CART, Buyer, Shop
from tests.subgraphs import eventually


async def came_to_nothing(buyer: Buyer, cart_id: str, card: str = DECLINED_CARD) -> str:
    """The id of an order of a cart, once it is cancelled."""
    payload = await buyer.place(cart_id, paymentMethodId=card)
    assert payload["errors"] == []
    order_id: str = payload["order"]["id"]
    await buyer.becomes(order_id, "CANCELLED")
    return order_id


@pytest.mark.parametrize("card", [DECLINED_CARD, CARD_DECLINED_AT_CAPTURE])
async def test_a_declined_order_opens_its_cart_again_with_the_lines_that_it_had(shop: Shop, card: str) -> None:
    buyer, shirt, bowl = shop.buyer(), await shop.variant(), await shop.variant()
    cart_id = await buyer.filled_cart(shirt, bowl, quantity=2)
    before = await buyer.cart(cart_id)
    await came_to_nothing(buyer, cart_id, card)
    assert await buyer.cart(cart_id) == before == await my_cart(buyer)


async def test_an_order_that_is_sold_out_opens_its_cart_again(shop: Shop) -> None:
    buyer, shirt = shop.buyer(), await shop.variant(stock=1)
    await shop.known_stock(shirt, 5)
    cart_id = await buyer.filled_cart(shirt, quantity=2)
    await came_to_nothing(buyer, cart_id, "pm_card_visa")
    assert (await buyer.cart(cart_id) or {})["isOrdered"] is False


async def test_an_order_that_its_buyer_cancels_before_it_is_confirmed_opens_its_cart_again(shop: Shop) -> None:
    buyer = shop.buyer()
    cart_id = await buyer.filled_cart(await shop.variant())
    order = (await buyer.place(cart_id, paymentMethodId=AUTHENTICATING_CARD))["order"]
    await buyer.becomes(order["id"], "AWAITING_PAYMENT_ACTION")
    assert (await buyer.cart(cart_id) or {})["isOrdered"] is True
    await buyer.done("orderCancel", {"orderId": order["id"]})
    await buyer.becomes(order["id"], "CANCELLED")
    assert (await buyer.cart(cart_id) or {})["isOrdered"] is False


async def test_a_confirmed_order_keeps_its_cart_when_it_is_cancelled(shop: Shop) -> None:
    buyer = shop.buyer()
    cart_id = await buyer.filled_cart(await shop.variant())
    order_id = (await buyer.place(cart_id))["order"]["id"]
    await buyer.becomes(order_id, "CONFIRMED")
    await buyer.done("orderCancel", {"orderId": order_id})
    await buyer.becomes(order_id, "CANCELLED")
    assert (await buyer.cart(cart_id) or {})["isOrdered"] is True
    assert await my_carts(buyer) == []


async def test_an_open_cart_again_is_kept_as_long_as_a_new_one(shop: Shop) -> None:
    buyer, guest, shirt = shop.buyer(), shop.guest(), await shop.variant()
    own, anonymous = await buyer.filled_cart(shirt), await guest.filled_cart(shirt)
    for cart_id, days in ((own, 90), (anonymous, 30)):
        await shop.catalogue.execute(
            "UPDATE carts SET expires_at = now() + interval '1 minute' WHERE id = $1", UUID(cart_id)
        )
        await came_to_nothing(buyer, cart_id)
        cart = (await buyer.ask("query ($id: ID!) { cart(id: $id) { expiresAt } }", {"id": cart_id}))["cart"]
        left = datetime.fromisoformat(cart["expiresAt"]) - datetime.now(UTC)
        assert timedelta(days=days) - timedelta(minutes=5) < left <= timedelta(days=days)


async def test_a_cart_that_is_open_again_can_be_changed_ordered_and_lost_once_more(shop: Shop) -> None:
    buyer, shirt, bowl = shop.buyer(), await shop.variant(), await shop.variant()
    cart_id = await buyer.filled_cart(shirt)
    first = await came_to_nothing(buyer, cart_id)
    assert (await buyer.add(cart_id, bowl))["errors"] == []
    second = await came_to_nothing(buyer, cart_id)
    assert units(await buyer.cart(cart_id)) == {shirt: 1, bowl: 1}
    third = (await buyer.place(cart_id))["order"]["id"]
    await buyer.becomes(third, "CONFIRMED")
    assert (await buyer.cart(cart_id) or {})["isOrdered"] is True
    assert len({first, second, third}) == 3


async def test_all_of_a_users_open_carts_are_listed_latest_first(shop: Shop) -> None:
    buyer, shirt = shop.buyer(), await shop.variant()
    ordered = await buyer.filled_cart(shirt)
    order_id = (await buyer.place(ordered, paymentMethodId=DECLINED_CARD))["order"]["id"]
    newer = await buyer.filled_cart(shirt)
    await shop.buyer().filled_cart(shirt)
    await buyer.becomes(order_id, "CANCELLED")
    assert await my_carts(buyer) == [newer, ordered]
    assert (await my_cart(buyer) or {})["id"] == newer
    assert units((await merge(buyer, ordered))["cart"]) == {shirt: 2}
    assert await my_carts(buyer) == [newer]
    assert (await buyer.asked(order_id, "status"))["status"] == "CANCELLED"


async def test_the_list_of_carts_comes_in_pages(shop: Shop) -> None:
    buyer, shirt = shop.buyer(), await shop.variant()
    carts = [await buyer.filled_cart(shirt) for _ in range(5)]
    usual = (await buyer.ask("{ myCarts { nodes { id } } }"))["myCarts"]["nodes"]
    assert [cart["id"] for cart in usual] == carts[:1:-1]
    found: list[str] = []
    after = None
    page_info = "pageInfo { hasNextPage endCursor }"
    document = f"query ($after: String) {{ myCarts(first: 2, after: $after) {{ nodes {CART} {page_info} }} }}"
    for _ in range(3):
        page = (await buyer.ask(document, {"after": after}))["myCarts"]
        assert all(units(cart) == {shirt: 1} for cart in page["nodes"])
        found += [cart["id"] for cart in page["nodes"]]
        after = page["pageInfo"]["endCursor"]
    assert (found, page["pageInfo"]["hasNextPage"]) == (carts[::-1], False)


@pytest.mark.parametrize(
    "arguments", ["first: 11", "first: 0", 'after: "x"', 'after: "WyJ4IiwieSJd"', 'after: "WzEsMl0"']
)
async def test_a_page_that_can_not_be_is_refused(shop: Shop, arguments: str) -> None:
    answer = await shop.orders.graphql(f"{{ myCarts({arguments}) {{ nodes {{ id }} }} }}", None, shop.buyer().token)
    assert answer["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"


async def test_a_cart_is_ordered_once_however_many_order_it_when_it_opens_again(shop: Shop) -> None:
    buyer, shirt = shop.buyer(), await shop.variant()
    cart_id = await buyer.filled_cart(shirt)
    await came_to_nothing(buyer, cart_id)
    payloads = await asyncio.gather(*(buyer.place(cart_id) for _ in range(5)))
    assert sorted(error["code"] for payload in payloads for error in payload["errors"]) == ["CART_ALREADY_ORDERED"] * 4


async def test_an_open_cart_again_expires_like_any_other_and_its_order_stays(shop: Shop) -> None:
    buyer = shop.buyer()
    cart_id = await buyer.filled_cart(await shop.variant())
    order_id = await came_to_nothing(buyer, cart_id)
    await shop.catalogue.execute("DELETE FROM carts WHERE id = $1 AND ordered_at IS NULL", UUID(cart_id))
    assert await buyer.cart(cart_id) is None
    assert (await buyer.asked(order_id, "status"))["status"] == "CANCELLED"


async def test_a_cart_stays_ordered_until_its_order_is_undone(shop: Shop) -> None:
    fault = Fault("RELEASE", When.AFTER, Kind.STALL)
    buyer, shirt = shop.buyer(), await shop.variant(fault)
    cart_id = await buyer.filled_cart(shirt)
    order_id = (await buyer.place(cart_id, paymentMethodId=DECLINED_CARD))["order"]["id"]
    await eventually(lambda: shop.has_stalled(order_id, fault), "the release has stalled")
    assert [error["code"] for error in (await buyer.place(cart_id))["errors"]] == ["CART_ALREADY_ORDERED"]
    fault.go.set()
    await buyer.becomes(order_id, "CANCELLED")
    assert (await buyer.place(cart_id))["errors"] == []
