"""``orderPay``: the buyer of an order that came to nothing pays again,
and whatever goes wrong with that charges nobody twice.
"""

import asyncio
from collections import Counter
from typing import Any
from uuid import UUID, uuid4

import pytest

from tests.integration.orders.faults import Fault, Kind, When
from tests.integration.orders.merging import my_carts
from tests.integration.orders.peers import (
    AUTHENTICATING_CARD,
    CARD_DECLINED_AT_CAPTURE,
    DECLINED_CARD,
    GOOD_CARD,
)
from tests.integration.orders.shop import Buyer, JsonObject, Shop
from tests.subgraphs import eventually


async def answered(buyer: Buyer, order_id: str, card: str = GOOD_CARD, key: str | None = None) -> JsonObject:
    """The whole answer to ``orderPay``."""
    return await buyer.act("orderPay", {"orderId": order_id, "paymentMethodId": card}, key=key)


async def pay(buyer: Buyer, order_id: str, card: str = GOOD_CARD, key: str | None = None) -> JsonObject:
    """The payload of ``orderPay``."""
    answer = await answered(buyer, order_id, card, key)
    assert "errors" not in answer, answer
    payload: JsonObject = answer["data"]["it"]
    return payload


async def refusal(buyer: Buyer, order_id: str) -> str:
    """The code of the one mistake in paying an order."""
    payload = await pay(buyer, order_id)
    (error,) = payload["errors"]
    assert (payload["order"], error["field"]) == (None, ["orderId"])
    code: str = error["code"]
    return code


async def declined(buyer: Buyer, *variants: str, card: str = DECLINED_CARD) -> tuple[str, str]:
    """An order that came to nothing, and its cart."""
    cart_id = await buyer.filled_cart(*variants)
    order_id = (await buyer.place(cart_id, paymentMethodId=card))["order"]["id"]
    await buyer.becomes(order_id, "CANCELLED")
    return order_id, cart_id


def captured(shop: Shop, order_id: str, attempts: int) -> list[int]:
    """How often the money of each attempt was taken."""
    paid = [order_id, *(f"{order_id}:{attempt}" for attempt in range(2, attempts + 1))]
    return [shop.payments.effects[each, "captured"] for each in paid]


async def history(buyer: Buyer, order_id: str) -> list[tuple[str, str, str]]:
    moves = (await buyer.asked(order_id, "history { to reason actor }"))["history"]
    return [(move["to"], move["reason"], move["actor"]) for move in moves]


async def test_a_declined_order_is_paid_again_at_its_own_prices_and_its_cart_is_ordered_again(shop: Shop) -> None:
    buyer, shirt = shop.buyer(), await shop.variant(stock=5)
    order_id, cart_id = await declined(buyer, shirt)
    await shop.catalogue.execute("UPDATE variants SET price_minor = 9999 WHERE id = $1", UUID(shirt))
    payload = await pay(buyer, order_id)
    assert (payload["errors"], payload["order"]) == ([], {"id": order_id, "status": "PENDING"})
    assert (await buyer.cart(cart_id) or {})["isOrdered"] is True
    order = await buyer.becomes(order_id, "CONFIRMED")
    assert (order["total"]["amount"], order["cancellation"]) == ("19.90", None)
    assert await history(buyer, order_id) == [
        ("PENDING", "placed", "BUYER"),
        ("CANCELLED", "PAYMENT_DECLINED", "SHOP"),
        ("PENDING", "paid again", "BUYER"),
        ("CONFIRMED", "paid and in stock", "SHOP"),
    ]
    assert captured(shop, order_id, 2) == [0, 1]
    assert await shop.stock(shirt) == (4, 0)
    assert (await buyer.cart(cart_id) or {})["isOrdered"] is True
    assert await my_carts(buyer) == []


async def test_what_others_are_told_of_a_second_attempt(shop: Shop) -> None:
    buyer = shop.buyer()
    order_id, _ = await declined(buyer, await shop.variant())
    await pay(buyer, order_id)
    await buyer.becomes(order_id, "CONFIRMED")
    rows = await shop.catalogue.fetch(
        "SELECT type, payload::jsonb ->> 'attempt' FROM outbox WHERE key = $1 ORDER BY id", order_id
    )
    assert [(row[0].rpartition(".")[2], row[1]) for row in rows] == [
        ("OrderPlaced", "1"),
        ("OrderCancelled", "1"),
        ("OrderReopened", "2"),
        ("OrderConfirmed", "2"),
    ]


async def test_the_same_key_pays_once_and_answers_as_before(shop: Shop) -> None:
    buyer, key = shop.buyer(), str(uuid4())
    order_id, _ = await declined(buyer, await shop.variant())
    for _ in range(3):
        assert (await pay(buyer, order_id, key=key))["errors"] == []
    await buyer.becomes(order_id, "CONFIRMED")
    assert (await pay(buyer, order_id, key=key))["order"]["status"] == "CONFIRMED"
    assert captured(shop, order_id, 4) == [0, 1, 0, 0]
    another = await answered(buyer, order_id, DECLINED_CARD, key)
    assert another["errors"][0]["extensions"]["code"] == "CONFLICT"


async def test_of_many_at_once_with_different_keys_one_pays(shop: Shop) -> None:
    buyer = shop.buyer()
    order_id, _ = await declined(buyer, await shop.variant())
    payloads = await asyncio.gather(*(pay(buyer, order_id) for _ in range(5)))
    assert Counter(error["code"] for payload in payloads for error in payload["errors"]) == {"WRONG_STATUS": 4}
    await buyer.becomes(order_id, "CONFIRMED")
    assert captured(shop, order_id, 6) == [0, 1, 0, 0, 0, 0]
    assert await refusal(buyer, order_id) == "WRONG_STATUS"


async def test_a_second_try_may_be_declined_too_and_the_fifth_one_pays(shop: Shop) -> None:
    buyer, shirt = shop.buyer(), await shop.variant(stock=2)
    order_id, cart_id = await declined(buyer, shirt)
    for card in (CARD_DECLINED_AT_CAPTURE, DECLINED_CARD, CARD_DECLINED_AT_CAPTURE):
        assert (await pay(buyer, order_id, card))["errors"] == []
        order = await buyer.becomes(order_id, "CANCELLED")
        assert order["cancellation"]["code"] == "PAYMENT_DECLINED"
        assert (await buyer.cart(cart_id) or {})["isOrdered"] is False
        assert await shop.stock(shirt) == (2, 0)
    await pay(buyer, order_id)
    await buyer.becomes(order_id, "CONFIRMED")
    assert captured(shop, order_id, 5) == [0, 0, 0, 0, 1]
    assert await shop.stock(shirt) == (1, 0)


async def test_stock_that_is_gone_meanwhile_and_back_again(shop: Shop) -> None:
    buyer, shirt = shop.buyer(), await shop.variant(stock=1)
    order_id, _ = await declined(buyer, shirt)
    other = await placed_once_free(shop.buyer(), shirt)
    await eventually(lambda: is_sold_out(shop, shirt), "the last one is sold")
    await pay(buyer, order_id)
    assert (await buyer.becomes(order_id, "CANCELLED"))["cancellation"]["code"] == "INSUFFICIENT_STOCK"
    await shop.stockroom.execute("UPDATE stock_levels SET on_hand = 1 WHERE variant_id = $1", UUID(shirt))
    await pay(buyer, order_id)
    await buyer.becomes(order_id, "CONFIRMED")
    assert other != order_id


async def placed_once_free(buyer: Buyer, variant: str) -> str:
    """The id of an order: orders may have heard of the units of another one, and not yet that they are free again."""
    cart = await buyer.filled_cart(variant)

    async def look() -> str | None:
        payload = await buyer.place(cart)
        assert {error["code"] for error in payload["errors"]} <= {"LINE_HAS_PROBLEMS"}, payload
        return payload["order"] and str(payload["order"]["id"])

    return await eventually(look, f"{variant} can be ordered again")


async def is_sold_out(shop: Shop, variant_id: str) -> bool:
    return await shop.stock(variant_id) == (0, 0)


async def test_a_second_try_may_wait_for_its_buyer_too(shop: Shop) -> None:
    buyer = shop.buyer()
    order_id, _ = await declined(buyer, await shop.variant())
    await pay(buyer, order_id, AUTHENTICATING_CARD)
    await buyer.becomes(order_id, "AWAITING_PAYMENT_ACTION")
    assert await refusal(buyer, order_id) == "WRONG_STATUS"
    shop.payments.authenticated[f"{order_id}:2"] = True
    await buyer.becomes(order_id, "CONFIRMED")
    assert captured(shop, order_id, 2) == [0, 1]


async def test_a_confirmed_second_try_is_cancelled_and_refunded_like_any_other(shop: Shop) -> None:
    buyer, shirt = shop.buyer(), await shop.variant(stock=3)
    order_id, cart_id = await declined(buyer, shirt)
    await pay(buyer, order_id)
    await buyer.becomes(order_id, "CONFIRMED")
    await buyer.done("orderCancel", {"orderId": order_id})
    await buyer.becomes(order_id, "CANCELLED")
    assert shop.payments.given_back[f"{order_id}:2"] == 1990
    assert await shop.stock(shirt) == (3, 0)
    assert (await buyer.cart(cart_id) or {})["isOrdered"] is True
    assert await refusal(buyer, order_id) == "CANCELLED_FOR_GOOD"


async def test_what_nobody_may_pay_again(shop: Shop) -> None:
    buyer, staff, shirt = shop.buyer(), shop.staff("orders:cancel", "orders:read"), await shop.variant()
    confirmed = await buyer.placed(shirt)
    waiting = await buyer.placed(shirt, paymentMethodId=AUTHENTICATING_CARD)
    ended = [await buyer.placed(shirt, paymentMethodId=AUTHENTICATING_CARD) for _ in range(2)]
    for order_id in (waiting, *ended):
        await buyer.becomes(order_id, "AWAITING_PAYMENT_ACTION")
    await buyer.becomes(confirmed, "CONFIRMED")
    assert (await refusal(buyer, confirmed), await refusal(buyer, waiting)) == ("WRONG_STATUS", "WRONG_STATUS")
    for who, order_id in zip((buyer, staff), ended, strict=True):
        await who.done("orderCancel", {"orderId": order_id})
        await buyer.becomes(order_id, "CANCELLED")
        assert await refusal(buyer, order_id) == "CANCELLED_FOR_GOOD"


async def test_an_order_that_is_being_undone_has_to_wait(shop: Shop) -> None:
    fault = Fault("RELEASE", When.AFTER, Kind.STALL)
    buyer, shirt = shop.buyer(), await shop.variant(fault)
    order_id = await buyer.placed(shirt, paymentMethodId=DECLINED_CARD)
    await eventually(lambda: shop.has_stalled(order_id, fault), "the release has stalled")
    assert await refusal(buyer, order_id) == "WRONG_STATUS"
    fault.go.set()
    await buyer.becomes(order_id, "CANCELLED")
    await pay(buyer, order_id)
    await buyer.becomes(order_id, "CONFIRMED")


async def test_somebody_elses_order_is_no_order(shop: Shop) -> None:
    buyer, shirt = shop.buyer(), await shop.variant()
    order_id, _ = await declined(buyer, shirt)
    staff = shop.staff("orders:read", "orders:cancel", "orders:refund", "orders:retry")
    for who, asked in ((shop.buyer(), order_id), (staff, order_id), (buyer, str(uuid4())), (buyer, "x")):
        assert await refusal(who, asked) == "ORDER_NOT_FOUND"
    answer = await answered(shop.guest(), order_id)
    assert answer["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


async def test_paying_is_offered_exactly_when_it_is_possible(shop: Shop) -> None:
    buyer = shop.buyer()
    order_id, cart_id = await declined(buyer, await shop.variant())
    assert await offers(buyer, order_id) == [{"action": "PAY", "by": "BUYER"}]
    other = (await buyer.place(cart_id))["order"]["id"]
    assert await offers(buyer, order_id) == []
    await buyer.becomes(other, "CONFIRMED")
    assert {"action": "PAY", "by": "BUYER"} not in await offers(buyer, other)


async def offers(buyer: Buyer, order_id: str) -> list[Any]:
    actions: list[Any] = (await buyer.asked(order_id, "availableActions { action by }"))["availableActions"]
    return actions


@pytest.mark.parametrize("step", ["RESERVE", "AUTHORIZE", "COMMIT", "CAPTURE"])
@pytest.mark.parametrize("when", list(When))
async def test_a_second_try_whose_answers_are_lost_charges_once(shop: Shop, step: str, when: When) -> None:
    buyer, shirt = shop.buyer(), await shop.variant(stock=3)
    order_id, _ = await declined(buyer, shirt)
    shop.faults.suffer(order_id, Fault(step, when, Kind.UNAVAILABLE, times=2))
    await pay(buyer, order_id)
    await buyer.becomes(order_id, "CONFIRMED")
    assert captured(shop, order_id, 2) == [0, 1]
    assert await shop.stock(shirt) == (2, 0)
