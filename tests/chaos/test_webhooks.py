"""Webhooks three times each, shuffled, late, or not at all: the same end state."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

import pytest

from tests.chaos.buyers import DECLINED_CARD
from tests.chaos.shop import Shop
from tests.subgraphs import eventually

AUTHENTICATING_CARD = "pm_card_authenticationRequired"
POST: Mapping[str, list[dict[str, Any]]] = {
    "three times each": [{"action": "duplicate", "copies": 3}],
    "shuffled": [{"action": "shuffle", "seconds": 1, "seed": 7}],
    "three times each and shuffled": [
        {"action": "duplicate", "copies": 3},
        {"action": "shuffle", "seconds": 1, "seed": 11},
    ],
    "late": [{"action": "delay", "seconds": 2}],
    "missing": [{"action": "lose"}],
}


QUICK = ("three times each and shuffled", "missing")


@pytest.mark.parametrize("way", [pytest.param(way, marks=[] if way in QUICK else pytest.mark.slow) for way in POST])
async def test_orders_end_the_same_however_webhooks_come(shop: Shop, way: str) -> None:
    variant = await shop.variant(20)
    for rule in POST[way]:
        await shop.stripe.on_webhooks(**rule, times=None)
    try:
        buyer, staff = shop.buyer(), shop.staff()
        bought = [await buyer.placed({variant: 1}) for _ in range(3)]
        declined = await buyer.placed({variant: 1}, card=DECLINED_CARD)
        approved, rejected = [await buyer.placed({variant: 1}, card=AUTHENTICATING_CARD) for _ in range(2)]
        for order_id, approves in ((approved, True), (rejected, False)):
            await shop.stripe.buyer_acts(await _awaited_reference(shop, order_id), approves)
        await shop.settled()
        assert (await buyer.cancel(bought[0]))["errors"] == []
        assert (await staff.refund(bought[1]))["errors"] == []
        statuses = await eventually(lambda: _with_refund(shop, bought[1]), "the refund is done")
    finally:
        await shop.stripe.reset()
    ends = {order_id: statuses[order_id] for order_id in (*bought, declined, approved, rejected)}
    assert list(ends.values()) == ["CANCELLED", "REFUNDED", "CONFIRMED", "CANCELLED", "CONFIRMED", "CANCELLED"]
    counts = Counter((await shop.charges()).keys() & ends.keys())
    assert set(counts) == {bought[2], approved}
    await shop.assert_reconciled()


async def _awaited_reference(shop: Shop, order_id: str) -> str:
    async def look() -> str | None:
        if (await shop.statuses())[order_id] != "AWAITING_PAYMENT_ACTION":
            return None
        payments = await shop.stripe.ledger()
        return next(str(payment["reference"]) for payment in payments if payment["ours"]["order_id"] == order_id)

    return await eventually(look, f"order {order_id} awaits its buyer")


async def _with_refund(shop: Shop, order_id: str) -> Mapping[str, str] | None:
    statuses = await shop.settled()
    return statuses if statuses[order_id] == "REFUNDED" else None
