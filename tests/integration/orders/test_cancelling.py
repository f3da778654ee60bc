"""Cancelling an order whatever is under way with it: all is undone, once, and nothing is done afterwards."""

import asyncio
import signal
from typing import Any
from uuid import UUID, uuid4

import pytest

from tests.integration.orders.faults import Fault, Kind, When
from tests.integration.orders.peers import AUTHENTICATING_CARD, CARD_THAT_TAKES_NOTHING_BACK, DECLINED_CARD
from tests.integration.orders.shop import Buyer, JsonObject, Shop
from tests.integration.orders.test_recovery import all_stalled, counter, worker
from tests.subgraphs import eventually

__all__ = ["counter"]  # a fixture

STEPS = ("RESERVE", "AUTHORIZE", "COMMIT", "CAPTURE")
BACKWARDS = ("VOID", "REFUND", "RELEASE", "RESTOCK")


async def cancelled(buyer: Buyer, order_id: str) -> JsonObject:
    await buyer.done("orderCancel", {"orderId": order_id, "reason": "changed my mind"})
    return await buyer.becomes(order_id, "CANCELLED")


async def assert_undone(shop: Shop, order_id: str, variant: str, stock: int) -> None:
    """Units and money are where they were, and the world was told once."""
    effects = shop.payments.effects
    taken = effects[order_id, "captured"]
    assert effects[order_id, "authorized"] <= 1
    assert effects[order_id, "refunded"] == taken <= 1
    assert await shop.stock(variant) == (stock, 0)
    types = [
        row["type"]
        for row in await shop.catalogue.fetch("SELECT type FROM outbox WHERE key = $1 ORDER BY id", order_id)
    ]
    assert types.count("mercato.orders.OrderCancelled") == 1
    assert types[-1] == "mercato.orders.OrderCancelled"


async def test_a_confirmed_order_is_cancelled_its_money_given_back_and_its_units_put_back(shop: Shop) -> None:
    buyer, variant = shop.buyer(), await shop.variant(stock=5, price=1990)
    order = await buyer.ended(await buyer.placed(variant, quantity=2))
    assert await shop.stock(variant) == (3, 0)
    cancelled_order = await cancelled(buyer, order["id"])
    assert cancelled_order["cancellation"]["code"] == "BUYER_REQUEST"
    await assert_undone(shop, order["id"], variant, 5)
    assert shop.payments.given_back[order["id"]] == 3980
    seen = await buyer.asked(
        order["id"], "refunded { amount } refunds { status amount { amount } } history { from to reason actor }"
    )
    assert seen["refunded"]["amount"] == "39.80"
    assert seen["refunds"] == [{"status": "DONE", "amount": {"amount": "39.80"}}]
    assert [(move["to"], move["reason"], move["actor"]) for move in seen["history"][2:]] == [
        ("CANCELLING", "changed my mind", "BUYER"),
        ("CANCELLED", "BUYER_REQUEST", "SHOP"),
    ]


@pytest.mark.parametrize("when", list(When))
@pytest.mark.parametrize("step", STEPS)
async def test_an_order_is_cancelled_while_a_worker_is_in_the_middle_of_a_step(
    shop: Shop, step: str, when: When
) -> None:
    stall = Fault(step, when, Kind.STALL)
    buyer, variant = shop.buyer(), await shop.variant(stall, stock=5)
    order_id = await buyer.placed(variant)
    await eventually(lambda: shop.has_stalled(order_id, stall), "the worker is in the step")
    payload = await buyer.done("orderCancel", {"orderId": order_id})
    assert payload["order"]["status"] == "CANCELLING"
    stall.go.set()
    await buyer.becomes(order_id, "CANCELLED")
    await assert_undone(shop, order_id, variant, 5)
    assert shop.payments.effects[order_id, "captured"] == (1 if step == "CAPTURE" else 0)


@pytest.mark.parametrize("when", list(When))
@pytest.mark.parametrize("step", BACKWARDS)
async def test_cancelling_that_fails_before_or_after_its_effect_is_tried_again(
    shop: Shop, step: str, when: When
) -> None:
    buyer = shop.buyer()
    variant = await shop.variant(Fault(step, when, Kind.UNAVAILABLE, times=3), stock=5)
    order = await buyer.ended(await buyer.placed(variant))
    await cancelled(buyer, order["id"])
    await assert_undone(shop, order["id"], variant, 5)


async def test_orders_whose_workers_die_in_every_step_are_cancelled_by_the_next_one(counter: Shop) -> None:
    buyer = counter.buyer()
    stalls: dict[str, Fault] = {}
    variants: list[str] = []
    for step in STEPS:
        for when in When:
            stall = Fault(step, when, Kind.STALL)
            variants.append(await counter.variant(stall, stock=5))
            stalls[await buyer.placed(variants[-1])] = stall
    async with worker(counter) as first:
        await all_stalled(counter, stalls)
        first.process.kill()
        await first.process.wait()
    for order_id in stalls:
        await buyer.done("orderCancel", {"orderId": order_id})
    async with worker(counter):
        for order_id, variant in zip(stalls, variants, strict=True):
            await buyer.becomes(order_id, "CANCELLED")
            await assert_undone(counter, order_id, variant, 5)


async def test_a_worker_dies_in_every_step_of_undoing_and_the_next_one_completes_it(counter: Shop) -> None:
    buyer = counter.buyer()
    stalls: dict[str, Fault] = {}
    variants: list[str] = []
    for step in BACKWARDS:
        for when in When:
            if (step, when) in {("VOID", When.AFTER), ("RELEASE", When.AFTER)}:
                continue  # refused, because the money was taken and the units sold: there is no effect to die after
            stall = Fault(step, when, Kind.STALL)
            variants.append(await counter.variant(stall, stock=5))
            stalls[await buyer.placed(variants[-1])] = stall
    async with worker(counter) as first:
        for order_id in stalls:
            await buyer.becomes(order_id, "CONFIRMED")
            await buyer.done("orderCancel", {"orderId": order_id})
        await all_stalled(counter, stalls)
        first.process.kill()
        await first.process.wait()
    async with worker(counter):
        for order_id, variant in zip(stalls, variants, strict=True):
            await buyer.becomes(order_id, "CANCELLED")
            await assert_undone(counter, order_id, variant, 5)


@pytest.mark.parametrize("step", STEPS)
async def test_a_worker_that_stalled_and_wakes_up_after_the_cancellation_does_no_harm(counter: Shop, step: str) -> None:
    buyer, stall = counter.buyer(), Fault(step, When.AFTER, Kind.STALL)
    variant = await counter.variant(stall, stock=5)
    order_id = await buyer.placed(variant)
    async with worker(counter) as stalled:
        await all_stalled(counter, {order_id: stall})
        stalled.process.send_signal(signal.SIGSTOP)
        await buyer.done("orderCancel", {"orderId": order_id})
        async with worker(counter):
            await buyer.becomes(order_id, "CANCELLED")
            stall.go.set()
            stalled.process.send_signal(signal.SIGCONT)

            async def is_fenced() -> bool:
                return await stalled.metric("mercato_orders_fulfilments_fenced_total") == 1

            await eventually(is_fenced, "the worker that woke up finds its order taken over")
    await assert_undone(counter, order_id, variant, 5)


async def test_a_crowd_that_cancels_at_any_moment_leaves_nothing_behind(shop: Shop) -> None:
    variant = await shop.variant(stock=40)

    async def order_and_regret(turn: int) -> str:
        buyer = shop.buyer()
        order_id = await buyer.placed(variant)
        for _ in range(turn % 10):
            await buyer.order(order_id)  # lets the saga get on by a while that differs from order to order
        await cancelled(buyer, order_id)
        return order_id

    order_ids = await asyncio.gather(*(order_and_regret(turn) for turn in range(40)))
    for order_id in order_ids:
        await assert_undone(shop, order_id, variant, 40)


async def test_of_two_who_cancel_at_once_one_is_told_that_it_is_done_already(shop: Shop) -> None:
    buyer, variant = shop.buyer(), await shop.variant(stock=5)
    order = await buyer.ended(await buyer.placed(variant))
    answers = await asyncio.gather(*(buyer.act("orderCancel", {"orderId": order["id"]}) for _ in range(8)))
    errors = [answer["data"]["it"]["errors"] for answer in answers]
    assert sum(not error for error in errors) == 1
    assert {error[0]["code"] for error in errors if error} == {"WRONG_STATUS"}
    await buyer.becomes(order["id"], "CANCELLED")
    await assert_undone(shop, order["id"], variant, 5)


async def test_the_same_key_cancels_once_and_answers_with_the_order_as_it_is(shop: Shop) -> None:
    buyer, variant, key = shop.buyer(), await shop.variant(stock=5), str(uuid4())
    order = await buyer.ended(await buyer.placed(variant))
    await buyer.done("orderCancel", {"orderId": order["id"]}, key=key)
    await buyer.becomes(order["id"], "CANCELLED")
    again = await buyer.done("orderCancel", {"orderId": order["id"]}, key=key)
    assert again["order"]["status"] == "CANCELLED"
    other = await buyer.act("orderCancel", {"orderId": order["id"], "reason": "another one"}, key=key)
    assert other["errors"][0]["extensions"]["code"] == "CONFLICT"
    with_new_key = await buyer.act("orderCancel", {"orderId": order["id"]})
    (error,) = with_new_key["data"]["it"]["errors"]
    assert (error["code"], error["field"]) == ("WRONG_STATUS", ["orderId"])
    assert "CANCELLED" in error["message"]


async def test_an_order_that_waits_for_its_buyer_is_cancelled_at_once(shop: Shop) -> None:
    buyer, variant = shop.buyer(), await shop.variant(stock=5)
    order_id = await buyer.placed(variant, paymentMethodId=AUTHENTICATING_CARD)
    await buyer.becomes(order_id, "AWAITING_PAYMENT_ACTION")
    order = await cancelled(buyer, order_id)
    assert order["cancellation"]["code"] == "BUYER_REQUEST"
    await assert_undone(shop, order_id, variant, 5)
    assert shop.payments.effects[order_id, "voided"] == 1


async def test_staff_cancels_anybodys_order_and_the_buyer_reads_that_it_was_the_shop(shop: Shop) -> None:
    buyer, variant, staff = shop.buyer(), await shop.variant(stock=5), shop.staff("orders:cancel")
    order = await buyer.ended(await buyer.placed(variant))
    await staff.done("orderCancel", {"orderId": order["id"], "reason": "broken in the warehouse"})
    await buyer.becomes(order["id"], "CANCELLED")
    seen: dict[str, Any] = await buyer.asked(order["id"], "cancellation { code } history { to reason actor }")
    assert seen["cancellation"]["code"] == "SHOP_DECISION"
    assert {"to": "CANCELLING", "reason": "broken in the warehouse", "actor": "STAFF"} in seen["history"]
    user_id = await shop.catalogue.fetchval(
        "SELECT user_id FROM order_status_history WHERE order_id = $1 AND to_status = 'CANCELLING'", UUID(order["id"])
    )
    assert user_id == staff.id


async def test_an_order_that_can_not_be_undone_waits_for_a_person_who_retries_it(shop: Shop) -> None:
    buyer, variant = shop.buyer(), await shop.variant(stock=5)
    staff = shop.staff("orders:read", "orders:retry")
    order = await buyer.ended(await buyer.placed(variant, paymentMethodId=CARD_THAT_TAKES_NOTHING_BACK))
    shop.payments.takes_refunds = False
    await buyer.done("orderCancel", {"orderId": order["id"]})
    await eventually(lambda: shop.has_step(order["id"], "STUCK"), "the order is stuck")
    attention = (await staff.asked(order["id"], "status attention"))["attention"]
    assert "REFUND was refused: the card takes nothing back" in attention
    assert "orderRetry" in attention
    listed = (await staff.ask("{ ordersNeedingAttention(first: 100) { nodes { id } } }"))["ordersNeedingAttention"][
        "nodes"
    ]
    assert {"id": order["id"]} in listed

    async def is_measured() -> bool:
        return await shop.orders.metric("mercato_orders_fulfilments_open", step="STUCK", kind="ORDER") >= 1

    await eventually(is_measured, "the metric counts it")
    shop.payments.takes_refunds = True
    await staff.done("orderRetry", {"orderId": order["id"]})
    await buyer.becomes(order["id"], "CANCELLED")
    await assert_undone(shop, order["id"], variant, 5)
    seen = await staff.asked(order["id"], "attention history { from to reason actor }")
    assert seen["attention"] is None
    assert {"from": "CANCELLING", "to": "CANCELLING", "reason": "taken up again: ORDER VOID", "actor": "STAFF"} in seen[
        "history"
    ]


async def test_a_buyer_who_cancels_what_is_being_undone_anyway_has_cancelled_it(shop: Shop) -> None:
    buyer, stall = shop.buyer(), Fault("RELEASE", When.BEFORE, Kind.STALL)
    order_id = await buyer.placed(await shop.variant(stall, stock=5), paymentMethodId=DECLINED_CARD)
    await eventually(lambda: shop.has_stalled(order_id, stall), "it is being undone")
    payload = await buyer.done("orderCancel", {"orderId": order_id}, "order { cancellation { code message } }")
    assert payload["order"]["status"] == "CANCELLING"
    stall.go.set()
    await buyer.becomes(order_id, "CANCELLED")
    seen = await buyer.asked(order_id, "cancellation { code message } availableActions { action }")
    assert seen["cancellation"] == {
        "code": "BUYER_REQUEST",
        "message": "You cancelled this order; you pay nothing for it.",
    }
    assert seen["availableActions"] == []
