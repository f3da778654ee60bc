"""Buyers whose payment came to nothing pay again while processes die at each boundary of it.

Nobody is charged twice.
"""

import asyncio
import time
from pathlib import Path
from uuid import UUID, uuid4

import httpx
import pytest

from tests.chaos.buyers import DECLINED_CARD, GOOD_CARD, Buyer
from tests.chaos.shop import RECOVERY_SECONDS, Shop
from tests.chaos.test_kills import INVENTORY, armed
from tests.chaos.test_kills import ORDERS as OF_ORDERS
from tests.integration.payments.doubled import ACTING_CARD
from tests.subgraphs import eventually
from tilt.embedded.backends.localstripe import API_KEY

# Money that somebody else gives back is no part of it.
ORDERS = tuple(point for point in OF_ORDERS if point.split(".")[1] not in ("ELSEWHERE", "DISPUTE", "DECISION"))
PAYMENTS = tuple(
    f"payments.{operation}.{when}"
    for operation in ("BEGIN", "CAPTURE", "REFUND")
    for when in ("before", "after", "recorded")
)
SOME = (
    "orders.RESERVE.after",
    "orders.CAPTURE.before",
    "payments.BEGIN.after",
    "payments.CAPTURE.recorded",
    "inventory.RELEASE.after",
)
_A_DEATH_SECONDS = 15.0


async def came_to_nothing(shop: Shop, buyer: Buyer, variant: str, count: int, patience: float) -> list[str]:
    """Orders of one unit whose card was declined."""
    orders = [await buyer.placed({variant: 1}, card=DECLINED_CARD) for _ in range(count)]
    statuses = await shop.settled(patience)
    assert {statuses[order_id] for order_id in orders} == {"CANCELLED"}
    return orders


async def pay_all(shop: Shop, buyer: Buyer, orders: list[str], patience: float) -> None:
    """One is paid, one paid and cancelled, one declined once more and then paid.

    One is cancelled while the bank asks the buyer.
    """
    paid, regretted, unlucky, asked = orders
    cards = {paid: GOOD_CARD, regretted: GOOD_CARD, unlucky: DECLINED_CARD, asked: ACTING_CARD}
    await asyncio.gather(*(buyer.pay(order_id, card=card) for order_id, card in cards.items()))
    # On a busy machine with processes that die, an attempt may run out of time before.
    await eventually(
        lambda: _is(shop, asked, "AWAITING_PAYMENT_ACTION", "CANCELLED"), "the bank asks the buyer", patience
    )
    await buyer.cancel(asked)
    await shop.settled(patience)
    await asyncio.gather(buyer.cancel(regretted), buyer.pay(unlucky))
    await shop.settled(patience)


async def _is(shop: Shop, order_id: str, *statuses: str) -> bool:
    return (await shop.statuses())[order_id] in statuses


@pytest.mark.parametrize(
    "points",
    [SOME, *(pytest.param(points, marks=pytest.mark.slow) for points in (ORDERS, PAYMENTS, INVENTORY))],
    ids=["some", "orders", "payments", "inventory"],
)
async def test_a_second_try_survives_a_kill_at_every_boundary(
    shop: Shop, points: tuple[str, ...], tmp_path: Path
) -> None:
    patience = RECOVERY_SECONDS + _A_DEATH_SECONDS * (len(points) - 1)
    plenty, buyer = await shop.variant(100), shop.buyer()
    fired, ended, started = tmp_path, [], time.monotonic()
    while not all((fired / point).exists() for point in points) and time.monotonic() - started < patience:
        orders = await came_to_nothing(shop, buyer, plenty, 4, patience)
        left = [point for point in points if not (fired / point).exists()]
        async with armed(shop, left, fired):
            await pay_all(shop, buyer, orders, patience)
        ended += orders
    assert {point for point in points if not (fired / point).exists()} == set()
    await _assert_each_is_charged_once(shop, ended)


async def _assert_each_is_charged_once(shop: Shop, orders: list[str]) -> None:
    statuses, charges = await shop.statuses(), await shop.charges()
    assert {statuses[order_id] for order_id in orders} == {"CONFIRMED", "CANCELLED"}
    totals = await shop.totals(orders)
    for order_id in orders:
        assert charges.get(order_id, 0) == (totals[order_id] if statuses[order_id] == "CONFIRMED" else 0)
    await shop.assert_reconciled()


async def test_of_a_crowd_that_pays_again_as_many_get_a_unit_as_there_are(shop: Shop) -> None:
    scarce = await shop.variant(8)
    buyers = [shop.buyer() for _ in range(8)]
    orders = [await buyer.placed({scarce: 1}, card=DECLINED_CARD) for buyer in buyers]
    await shop.settled()
    await shop.set_stock(UUID(scarce), 3)
    keys = [str(uuid4()) for _ in range(3)]
    await asyncio.gather(
        *(buyer.pay(order_id, key) for buyer, order_id in zip(buyers, orders, strict=True) for key in (*keys, keys[0]))
    )
    statuses, charges, totals = await shop.settled(), await shop.charges(), await shop.totals(orders)
    bought = [order_id for order_id in orders if statuses[order_id] == "CONFIRMED"]
    assert len(bought) == 3
    assert {order_id: minor for order_id, minor in charges.items() if order_id in orders} == {
        each: totals[each] for each in bought
    }
    assert await shop.available(scarce) == 0
    await shop.assert_reconciled()


@pytest.mark.parametrize("taken", [False, True])
async def test_an_approval_of_the_first_try_after_the_second_is_paid_is_no_second_charge(
    shop: Shop, taken: bool
) -> None:
    plenty, buyer = await shop.variant(10), shop.buyer()
    order_id = await buyer.placed({plenty: 1}, card=ACTING_CARD)
    await eventually(lambda: _is(shop, order_id, "AWAITING_PAYMENT_ACTION"), "the bank asks the buyer")
    (first,) = [each["reference"] for each in await shop.stripe.ledger() if each["ours"].get("order_id") == order_id]
    await shop.stripe.buyer_acts(first, approves=False)
    await eventually(lambda: _is(shop, order_id, "CANCELLED"), "the first try is declined")
    async with httpx.AsyncClient(
        base_url=shop.stripe.url, auth=(API_KEY, "")
    ) as api:  # in another window, at the same moment
        _, late = await asyncio.gather(
            buyer.pay(order_id), api.post(f"/v1/payment_intents/{first}/confirm", data={"payment_method": GOOD_CARD})
        )
        if taken and late.is_success:
            await api.post(f"/v1/payment_intents/{first}/capture")
    await shop.settled()
    totals = await shop.totals([order_id])

    async def is_charged_once() -> bool:
        found = [each for each in await shop.stripe.ledger() if each["ours"].get("order_id") == order_id]
        return sum(each["held"] for each in found) == 0 and (await shop.charges()).get(order_id) == totals[order_id]

    await eventually(is_charged_once, "what came late went back", RECOVERY_SECONDS)
    assert (await shop.statuses())[order_id] == "CONFIRMED"
    await shop.assert_reconciled()
