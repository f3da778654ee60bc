"""An order through every outcome, with real inventory and a payments server that keeps to the contract."""

import asyncio
from uuid import UUID

import pytest

from schema.proto.mercato.payments.v1 import payments_pb2
from tests.integration.orders.faults import Fault, Kind, When
from tests.integration.orders.peers import CARD_DECLINED_AT_CAPTURE, DECLINED_CARD
from tests.integration.orders.shop import Shop
from tests.subgraphs import eventually


async def test_an_order_is_pending_at_once_and_confirmed_when_paid_and_in_stock(shop: Shop) -> None:
    buyer, variant = shop.buyer(), await shop.variant(stock=5)
    payload = await buyer.place(await buyer.filled_cart(variant, quantity=2))
    assert payload["order"]["status"] == "PENDING"
    order = await buyer.ended(payload["order"]["id"])
    assert (order["status"], order["cancellation"]) == ("CONFIRMED", None)
    assert await shop.stock(variant) == (3, 0)
    assert shop.payments.effects[order["id"], "authorized"] == 1
    assert shop.payments.effects[order["id"], "captured"] == 1


async def test_ten_units_are_sold_to_ten_of_twenty_buyers_at_once(shop: Shop) -> None:
    variant = await shop.variant(stock=10, title="Last Lamp")
    buyers = [shop.buyer() for _ in range(20)]
    carts = [await buyer.filled_cart(variant) for buyer in buyers]
    payloads = await asyncio.gather(*(buyer.place(cart) for buyer, cart in zip(buyers, carts, strict=True)))
    # Whoever comes when orders has heard already that the last one is gone is told before there is an order.
    assert all(payload["order"] or payload["errors"][0]["code"] == "LINE_HAS_PROBLEMS" for payload in payloads)
    placed = [
        (buyer, payload["order"]["id"]) for buyer, payload in zip(buyers, payloads, strict=True) if payload["order"]
    ]
    ended = await asyncio.gather(*(buyer.ended(order_id) for buyer, order_id in placed))
    confirmed = [order for order in ended if order["status"] == "CONFIRMED"]
    cancelled = [order for order in ended if order["status"] == "CANCELLED"]
    assert (len(confirmed), len(confirmed) + len(cancelled)) == (10, len(placed))
    for order in cancelled:
        assert order["cancellation"] == {
            "code": "INSUFFICIENT_STOCK",
            "message": "Last Lamp is sold out.",
            "lineIds": [order["lines"][0]["id"]],
        }
    assert await shop.stock(variant) == (0, 0)
    assert sum(shop.payments.effects[order["id"], "captured"] for order in ended) == 10
    assert not any(shop.payments.effects[order["id"], "authorized"] for order in cancelled)


async def test_a_shortage_names_the_line_at_fault_and_what_is_left(shop: Shop) -> None:
    buyer, plenty, scarce = shop.buyer(), await shop.variant(), await shop.variant(stock=2, title="Blue Bowl, Large")
    await shop.known_stock(scarce, 100)  # orders has not heard yet that they are nearly gone
    order = await buyer.ended(await buyer.placed(plenty, scarce, quantity=3))
    at_fault = [line["id"] for line in order["lines"] if line["variant"]["id"] == scarce]
    assert order["cancellation"] == {
        "code": "INSUFFICIENT_STOCK",
        "message": "Only 2 of Blue Bowl, Large are left, and 3 were ordered.",
        "lineIds": at_fault,
    }
    assert await shop.stock(plenty) == (100, 0)
    assert await shop.stock(scarce) == (2, 0)


async def test_a_declined_card_cancels_the_order_and_gives_the_stock_back(shop: Shop) -> None:
    buyer, variant = shop.buyer(), await shop.variant(stock=5)
    order = await buyer.ended(await buyer.placed(variant, paymentMethodId=DECLINED_CARD))
    assert order["cancellation"] == {"code": "PAYMENT_DECLINED", "message": "Your card was declined.", "lineIds": []}
    assert await shop.stock(variant) == (5, 0)
    assert not shop.payments.effects[order["id"], "captured"]


async def test_a_hold_whose_units_are_gone_when_it_expired_cancels_the_order_and_lets_the_money_go(shop: Shop) -> None:
    stall = Fault("AUTHORIZE", When.AFTER, Kind.STALL)
    buyer, variant = shop.buyer(), await shop.variant(stall, stock=5)
    order_id = await buyer.placed(variant)
    await eventually(lambda: shop.has_stalled(order_id, stall), "the payment is authorized")
    await shop.stockroom.execute("UPDATE reservations SET expires_at = now() WHERE order_id = $1", UUID(order_id))

    async def has_expired() -> bool:
        return await shop.stock(variant) == (5, 0)

    await eventually(has_expired, "inventory has let the units go")
    await shop.stockroom.execute("UPDATE stock_levels SET on_hand = 0 WHERE variant_id = $1", UUID(variant))
    stall.go.set()
    order = await buyer.ended(order_id)
    assert order["cancellation"]["code"] == "TIMED_OUT"
    assert await shop.stock(variant) == (0, 0)
    assert shop.payments.effects[order_id, "voided"] == 1
    assert not shop.payments.effects[order_id, "captured"]


@pytest.mark.parametrize("when", list(When))
@pytest.mark.parametrize("step", ["RESERVE", "AUTHORIZE", "COMMIT", "CAPTURE"])
async def test_a_step_that_fails_before_or_after_its_effect_is_tried_again_with_one_effect(
    shop: Shop, step: str, when: When
) -> None:
    buyer = shop.buyer()
    variant = await shop.variant(Fault(step, when, Kind.UNAVAILABLE, times=3), stock=5)
    retries = await shop.orders.metric("mercato_orders_fulfilment_retries_total", step=step)
    order = await buyer.ended(await buyer.placed(variant))
    assert order["status"] == "CONFIRMED"
    assert await shop.stock(variant) == (4, 0)
    assert shop.payments.effects[order["id"], "authorized"] == 1
    assert shop.payments.effects[order["id"], "captured"] == 1
    assert await shop.orders.metric("mercato_orders_fulfilment_retries_total", step=step) == retries + 3


@pytest.mark.parametrize("when", list(When))
@pytest.mark.parametrize(
    ("step", "card"),
    [("VOID", CARD_DECLINED_AT_CAPTURE), ("RESTOCK", CARD_DECLINED_AT_CAPTURE), ("RELEASE", DECLINED_CARD)],
)
async def test_undoing_that_fails_before_or_after_its_effect_is_tried_again(
    shop: Shop, step: str, card: str, when: When
) -> None:
    buyer = shop.buyer()
    variant = await shop.variant(Fault(step, when, Kind.UNAVAILABLE, times=3), stock=5)
    order = await buyer.ended(await buyer.placed(variant, paymentMethodId=card))
    assert order["cancellation"]["code"] == "PAYMENT_DECLINED"
    assert await shop.stock(variant) == (5, 0)
    assert shop.payments.effects[order["id"], "voided"] == (1 if card == CARD_DECLINED_AT_CAPTURE else 0)


async def test_a_capture_declined_after_the_sale_undoes_the_sale(shop: Shop) -> None:
    buyer, variant = shop.buyer(), await shop.variant(stock=5)
    order = await buyer.ended(await buyer.placed(variant, paymentMethodId=CARD_DECLINED_AT_CAPTURE))
    assert order["cancellation"] == {
        "code": "PAYMENT_DECLINED",
        "message": "Your authorization expired.",
        "lineIds": [],
    }
    assert await shop.stock(variant) == (5, 0)
    assert shop.payments.effects[order["id"], "voided"] == 1
    assert not shop.payments.effects[order["id"], "captured"]


async def test_an_order_that_costs_nothing_is_confirmed_without_a_payment(shop: Shop) -> None:
    buyer, variant = shop.buyer(), await shop.variant(price=0)
    order = await buyer.ended(await buyer.placed(variant))
    assert order["status"] == "CONFIRMED"
    assert not shop.payments.effects[order["id"], "authorized"]


async def test_each_move_leaves_a_line_of_history_that_nobody_can_change(shop: Shop) -> None:
    buyer, variant = shop.buyer(), await shop.variant()
    order_id = await buyer.placed(variant)
    await buyer.ended(order_id)
    rows = await shop.catalogue.fetch(
        "SELECT from_status, to_status, reason, actor, user_id FROM order_status_history"
        " WHERE order_id = $1 ORDER BY id",
        UUID(order_id),
    )
    assert [tuple(row) for row in rows] == [
        (None, "PENDING", "placed", "BUYER", buyer.id),
        ("PENDING", "CONFIRMED", "paid and in stock", "SHOP", None),
    ]
    history = (await buyer.asked(order_id, "history { from to reason actor at }"))["history"]
    assert [(move["from"], move["to"], move["actor"]) for move in history] == [
        (None, "PENDING", "BUYER"),
        ("PENDING", "CONFIRMED", "SHOP"),
    ]
    with pytest.raises(Exception, match="append-only"):
        await shop.catalogue.execute("DELETE FROM order_status_history")


async def test_payments_is_told_who_pays_what_and_how(shop: Shop) -> None:
    buyer, variant = shop.buyer(), await shop.variant(price=1990)
    order_id = await buyer.placed(variant, quantity=3)
    await buyer.ended(order_id)
    request = shop.payments.requests[f"{order_id}:authorize"]
    assert isinstance(request, payments_pb2.AuthorizeRequest)
    assert (request.amount_minor, request.currency, request.customer_id) == (5970, "EUR", str(buyer.id))
    assert request.payment_method_id == "pm_card_visa"
