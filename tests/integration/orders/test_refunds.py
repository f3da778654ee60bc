"""Refunds: never more than was paid, each once, with the units or without."""

import asyncio
from typing import Any
from uuid import uuid4

import pytest

from tests.integration.orders.faults import Fault, Kind, When
from tests.integration.orders.peers import CARD_THAT_TAKES_NOTHING_BACK
from tests.integration.orders.shop import Buyer, JsonObject, Shop
from tests.integration.orders.test_recovery import all_stalled, counter, worker
from tests.subgraphs import eventually

__all__ = ["counter"]  # a fixture

REFUND = "refund { id status amount { amount currency } reason restock lines { lineId quantity } }"
SEEN = (
    "status refunded { amount } refunds { id status amount { amount } lines { lineId quantity } }"
    " lines { id quantity refundedQuantity } history { from to reason actor }"
)


def clerk(shop: Shop) -> Buyer:
    """Somebody of the shop who may do all that these tests do."""
    return shop.staff("orders:read", "orders:refund", "orders:retry", "orders:cancel")


async def paid(shop: Shop, *variants: str, quantity: int = 1, **changes: Any) -> JsonObject:
    """A confirmed order."""
    buyer = shop.buyer()
    order = await buyer.ended(await buyer.placed(*variants, quantity=quantity, **changes))
    assert order["status"] == "CONFIRMED"
    return order


async def asked_for(staff: Buyer, order_id: str, key: str | None = None, **given: Any) -> JsonObject:
    """A refund, PENDING."""
    refund: JsonObject = (
        await staff.done("orderRefund", {"orderId": order_id, "reason": "broken", **given}, REFUND, key)
    )["refund"]
    return refund


async def settled(staff: Buyer, order_id: str, refund_id: str, status: str = "DONE") -> JsonObject:
    """The order as staff sees it, once a refund has a status.

    Refunds are read after their order, so that it is asked for again.
    """

    async def look() -> bool:
        order = await staff.asked(order_id, SEEN)
        return {"id": refund_id, "status": status}.items() <= _refund(order, refund_id).items()

    await eventually(look, f"refund {refund_id} is {status}")
    return await staff.asked(order_id, SEEN)


def _refund(order: JsonObject, refund_id: str) -> JsonObject:
    found: list[JsonObject] = [refund for refund in order["refunds"] if refund["id"] == refund_id]
    return found[0]


async def events_of(shop: Shop, order_id: str) -> list[str]:
    rows = await shop.catalogue.fetch("SELECT type FROM outbox WHERE key = $1 ORDER BY id", order_id)
    return [row["type"].rpartition(".")[2] for row in rows]


async def has_ended(shop: Shop, refund_id: str) -> None:
    """Waits for a refund's saga, which may still have units to put back when the money is given."""

    async def look() -> bool:
        return bool(
            await shop.catalogue.fetchval("SELECT step = 'DONE' FROM sagas WHERE id = $1::text::uuid", refund_id)
        )

    await eventually(look, f"refund {refund_id} has ended")


async def test_lines_are_refunded_at_the_orders_prices_and_put_back_into_stock(shop: Shop) -> None:
    lamp, bowl = await shop.variant(stock=5, price=1999), await shop.variant(stock=5, price=500)
    order, staff = await paid(shop, lamp, bowl, quantity=3), clerk(shop)
    lamps = next(line for line in order["lines"] if line["variant"]["id"] == lamp)
    await shop.catalogue.execute("UPDATE variants SET price_minor = 9999")  # what is refunded is what was paid
    refund = await asked_for(staff, order["id"], lines=[{"lineId": lamps["id"], "quantity": 2}], restock=True)
    assert refund["amount"] == {"amount": "39.98", "currency": "EUR"}
    assert (refund["lines"], refund["restock"]) == ([{"lineId": lamps["id"], "quantity": 2}], True)
    seen = await settled(staff, order["id"], refund["id"])
    await has_ended(shop, refund["id"])
    assert (seen["status"], seen["refunded"]["amount"]) == ("CONFIRMED", "39.98")
    assert {line["id"]: line["refundedQuantity"] for line in seen["lines"]}[lamps["id"]] == 2
    assert (await shop.stock(lamp), await shop.stock(bowl)) == ((4, 0), (2, 0))
    assert shop.payments.given_back[order["id"]] == 3998
    assert await events_of(shop, order["id"]) == ["OrderPlaced", "OrderConfirmed", "OrderRefunded"]


async def test_an_amount_is_refunded_without_units(shop: Shop) -> None:
    variant = await shop.variant(stock=5, price=1999)
    order, staff = await paid(shop, variant), clerk(shop)
    refund = await asked_for(staff, order["id"], amount={"amount": "5.5", "currency": "EUR"})
    seen = await settled(staff, order["id"], refund["id"])
    assert (seen["refunded"]["amount"], _refund(seen, refund["id"])["lines"]) == ("5.50", [])
    assert await shop.stock(variant) == (4, 0)


async def test_an_order_of_which_all_was_given_back_is_refunded(shop: Shop) -> None:
    variant = await shop.variant(stock=5, price=1999)
    order, staff = await paid(shop, variant, quantity=2), clerk(shop)
    first = await asked_for(
        staff, order["id"], lines=[{"lineId": order["lines"][0]["id"], "quantity": 1}], restock=True
    )
    await settled(staff, order["id"], first["id"])
    rest = await asked_for(staff, order["id"], restock=True)
    assert rest["amount"]["amount"] == "19.99"
    seen = await settled(staff, order["id"], rest["id"])
    await has_ended(shop, rest["id"])
    assert seen["status"] == "REFUNDED"
    assert seen["history"][-1] == {
        "from": "CONFIRMED",
        "to": "REFUNDED",
        "reason": "all of its money was given back",
        "actor": "SHOP",
    }
    assert await shop.stock(variant) == (5, 0)
    answer = await staff.act("orderRefund", {"orderId": order["id"], "reason": "again"})
    assert answer["data"]["it"]["errors"][0]["code"] == "WRONG_STATUS"


@pytest.mark.parametrize("amounts", [["59.97"], ["20.00", "39.97"]], ids=["at once", "in parts"])
async def test_the_units_of_an_order_whose_money_is_all_given_back_by_amounts_go_back_into_stock(
    shop: Shop, amounts: list[str]
) -> None:
    variant = await shop.variant(stock=5, price=1999)
    order, staff = await paid(shop, variant, quantity=3), clerk(shop)
    for amount in amounts:
        refund = await asked_for(staff, order["id"], amount={"amount": amount, "currency": "EUR"})
        await settled(staff, order["id"], refund["id"])
        await has_ended(shop, refund["id"])
    seen = await settled(staff, order["id"], refund["id"])
    assert (seen["status"], seen["lines"][0]["refundedQuantity"], await shop.stock(variant)) == ("REFUNDED", 3, (5, 0))


async def test_units_that_no_refund_was_for_go_back_when_an_amount_and_lines_make_up_all(shop: Shop) -> None:
    variant = await shop.variant(stock=5, price=1000)
    order, staff = await paid(shop, variant, quantity=3), clerk(shop)
    amount = await asked_for(staff, order["id"], amount={"amount": "10.00", "currency": "EUR"})
    await settled(staff, order["id"], amount["id"])
    broken = [{"lineId": order["lines"][0]["id"], "quantity": 2}]
    last = await asked_for(staff, order["id"], lines=broken)
    await settled(staff, order["id"], last["id"])
    await has_ended(shop, last["id"])
    await has_ended(shop, amount["id"])
    assert await shop.stock(variant) == (3, 0)


async def test_of_many_who_refund_at_once_no_more_is_given_back_than_was_paid(shop: Shop) -> None:
    order, staff = await paid(shop, await shop.variant(price=1000)), clerk(shop)
    given = {"orderId": order["id"], "reason": "sorry", "amount": {"amount": "3.00", "currency": "EUR"}}
    answers = await asyncio.gather(*(staff.act("orderRefund", given, REFUND) for _ in range(12)))
    payloads = [answer["data"]["it"] for answer in answers]
    granted = [payload["refund"]["id"] for payload in payloads if payload["refund"]]
    refused = [payload["errors"][0] for payload in payloads if payload["errors"]]
    assert len(granted) == 3
    assert {(error["code"], tuple(error["field"])) for error in refused} == {
        ("EXCEEDS_REMAINING", ("amount", "amount"))
    }
    for refund_id in granted:
        await settled(staff, order["id"], refund_id)
    assert shop.payments.given_back[order["id"]] == 900
    assert shop.payments.effects[order["id"], "refunded"] == 3


async def test_the_same_key_refunds_once(shop: Shop) -> None:
    order, staff, key = await paid(shop, await shop.variant(price=1000)), clerk(shop), str(uuid4())
    amount = {"amount": "3.00", "currency": "EUR"}
    first, second = await asyncio.gather(*(asked_for(staff, order["id"], key, amount=amount) for _ in range(2)))
    assert first["id"] == second["id"]
    seen = await settled(staff, order["id"], first["id"])
    assert seen["refunded"]["amount"] == "3.00"
    given = {"orderId": order["id"], "reason": "broken", "amount": {"amount": "4.00", "currency": "EUR"}}
    other = await staff.act("orderRefund", given, key=key)
    assert other["errors"][0]["extensions"]["code"] == "CONFLICT"


@pytest.mark.parametrize("when", list(When))
@pytest.mark.parametrize("step", ["REFUND", "RESTOCK"])
async def test_a_refund_that_fails_before_or_after_its_effect_is_tried_again_with_one_effect(
    shop: Shop, step: str, when: When
) -> None:
    variant = await shop.variant(Fault(step, when, Kind.UNAVAILABLE, times=3), stock=5, price=1000)
    order, staff = await paid(shop, variant), clerk(shop)
    refund = await asked_for(staff, order["id"], restock=True)
    await settled(staff, order["id"], refund["id"])
    await has_ended(shop, refund["id"])
    assert shop.payments.effects[order["id"], "refunded"] == 1
    assert await shop.stock(variant) == (5, 0)


async def test_refunds_whose_workers_die_in_every_step_are_completed_by_the_next_one(counter: Shop) -> None:
    staff, buyer = clerk(counter), counter.buyer()
    stalls = {(step, when): Fault(step, when, Kind.STALL) for step in ("REFUND", "RESTOCK") for when in When}
    variants = {place: await counter.variant(stall, stock=5, price=1000) for place, stall in stalls.items()}
    orders = {place: await buyer.placed(variant) for place, variant in variants.items()}
    async with worker(counter) as first:
        for order_id in orders.values():
            await buyer.becomes(order_id, "CONFIRMED")
        refunds = {place: await asked_for(staff, order_id, restock=True) for place, order_id in orders.items()}
        await all_stalled(counter, {orders[place]: stall for place, stall in stalls.items()})
        first.process.kill()
        await first.process.wait()
    async with worker(counter):
        for place, refund in refunds.items():
            await settled(staff, orders[place], refund["id"])
            await has_ended(counter, refund["id"])
            assert counter.payments.effects[orders[place], "refunded"] == 1
            assert await counter.stock(variants[place]) == (5, 0)
            assert (await events_of(counter, orders[place])).count("OrderRefunded") == 1


async def test_a_refused_refund_says_so_and_its_amount_can_be_given_back_by_another_one(shop: Shop) -> None:
    order, staff = (
        await paid(shop, await shop.variant(price=1000), paymentMethodId=CARD_THAT_TAKES_NOTHING_BACK),
        clerk(shop),
    )
    shop.payments.takes_refunds = False
    refund = await asked_for(staff, order["id"])
    seen = await settled(staff, order["id"], refund["id"], "FAILED")
    assert (seen["status"], seen["refunded"]["amount"]) == ("CONFIRMED", "0.00")
    attention = (await staff.asked(order["id"], "attention"))["attention"]
    assert "REFUND was refused: the card takes nothing back" in attention
    shop.payments.takes_refunds = True
    another = await asked_for(staff, order["id"])
    assert (await settled(staff, order["id"], another["id"]))["status"] == "REFUNDED"
    assert (await staff.asked(order["id"], "attention"))["attention"] is None
    assert shop.payments.given_back[order["id"]] == 1000


async def test_a_refused_refund_is_retried_by_staff(shop: Shop) -> None:
    order, staff = (
        await paid(shop, await shop.variant(price=1000), paymentMethodId=CARD_THAT_TAKES_NOTHING_BACK),
        clerk(shop),
    )
    shop.payments.takes_refunds = False
    refund = await asked_for(staff, order["id"])
    await settled(staff, order["id"], refund["id"], "FAILED")
    shop.payments.takes_refunds = True
    await staff.done("orderRetry", {"orderId": order["id"]})
    seen = await settled(staff, order["id"], refund["id"])
    assert seen["status"] == "REFUNDED"
    assert {
        "from": "CONFIRMED",
        "to": "CONFIRMED",
        "reason": "taken up again: REFUND REFUND",
        "actor": "STAFF",
    } in seen["history"]


async def test_a_refund_that_can_not_put_its_units_back_is_never_dropped(shop: Shop) -> None:
    variant = await shop.variant(Fault("RESTOCK", When.BEFORE, Kind.REFUSED), stock=5, price=1000)
    order, staff = await paid(shop, variant, quantity=3), clerk(shop)
    one: JsonObject = {"lines": [{"lineId": order["lines"][0]["id"], "quantity": 1}], "restock": True}
    stuck = await asked_for(staff, order["id"], **one)

    async def is_stuck() -> bool:
        return bool(
            await shop.catalogue.fetchval("SELECT step = 'STUCK' FROM sagas WHERE id = $1::text::uuid", stuck["id"])
        )

    await eventually(is_stuck, "the refund is stuck")
    attention = (await staff.asked(order["id"], "attention"))["attention"]
    assert "The money was given back already; don't refund again." in attention
    assert "orderRetry" in attention
    another = await asked_for(staff, order["id"], **one)
    await has_ended(shop, another["id"])
    assert (await staff.asked(order["id"], "attention"))["attention"] == attention
    await staff.done("orderCancel", {"orderId": order["id"]})
    await staff.becomes(order["id"], "CANCELLED")
    assert (await staff.asked(order["id"], "attention"))["attention"] == attention
    assert await shop.stock(variant) == (4, 0)
    await staff.done("orderRetry", {"orderId": order["id"]})
    await has_ended(shop, stuck["id"])
    assert (await staff.asked(order["id"], "attention"))["attention"] is None
    assert (await shop.stock(variant), shop.payments.given_back[order["id"]]) == ((5, 0), 3000)


async def test_an_order_is_not_cancelled_while_a_refund_is_under_way_and_not_refunded_while_it_is_cancelled(
    shop: Shop,
) -> None:
    stall = Fault("REFUND", When.BEFORE, Kind.STALL)
    undoing = Fault("VOID", When.BEFORE, Kind.STALL)
    variant, other = await shop.variant(stall, stock=5), await shop.variant(undoing, stock=5)
    staff = clerk(shop)
    order, cancelling = await paid(shop, variant), await paid(shop, other)
    refund = await asked_for(staff, order["id"], amount={"amount": "1.00", "currency": "EUR"})
    (error,) = (await staff.act("orderCancel", {"orderId": order["id"]}))["data"]["it"]["errors"]
    assert (error["code"], error["field"]) == ("WRONG_STATUS", ["orderId"])
    assert "refund" in error["message"]
    stall.go.set()
    await settled(staff, order["id"], refund["id"])
    await staff.done("orderCancel", {"orderId": order["id"]})
    await staff.becomes(order["id"], "CANCELLED")
    assert shop.payments.given_back[order["id"]] == 1990  # the rest of it
    await staff.done("orderCancel", {"orderId": cancelling["id"]})
    (error,) = (await staff.act("orderRefund", {"orderId": cancelling["id"], "reason": "x"}))["data"]["it"]["errors"]
    assert error["code"] == "WRONG_STATUS"
    undoing.go.set()
    await staff.becomes(cancelling["id"], "CANCELLED")
