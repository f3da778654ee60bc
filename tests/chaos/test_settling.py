"""What the provider never refunds is paid another way while processes die at each boundary.

It is booked once, and units move once.
"""

from pathlib import Path
from uuid import uuid4

import pytest

from tests.chaos.buyers import Buyer, JsonObject
from tests.chaos.elsewhere import becomes
from tests.chaos.shop import RECOVERY_SECONDS, Shop
from tests.chaos.test_failed_refunds import have_fired
from tests.chaos.test_kills import armed
from tests.subgraphs import eventually

POINTS = ("orders.REFUND.before", "orders.REFUND.after", "payments.PAID_OUTSIDE.recorded")
_SEEN = """query ($id: ID!) {
  order(id: $id) {
    status attention owed { amount currency } availableActions { action }
    refunds { status source paidOutside amount { amount } }
  }
}"""
_SETTLE = """mutation ($id: ID!, $amount: MoneyInput!, $key: String!) {
  orderSettle(input: {orderId: $id, amount: $amount, paidOutside: "bank transfer"}, idempotencyKey: $key) {
    errors { message }
  }
}"""
_CANCEL = """mutation ($id: ID!, $key: String!) {
  orderCancel(input: {orderId: $id}, idempotencyKey: $key) { errors { message } }
}"""


async def seen(staff: Buyer, order_id: str) -> JsonObject:
    order: JsonObject = (await staff.ask(_SEEN, {"id": order_id}))["order"]
    return order


async def stuck(shop: Shop, staff: Buyer, order_id: str, is_cancelled: bool) -> None:
    """All of it is to be given back, which the provider refuses."""
    await shop.stripe.on_requests("fail", "/v1/refunds", method="POST", status=400, times=None)
    if is_cancelled:
        assert (await staff.ask(_CANCEL, {"id": order_id, "key": str(uuid4())}))["orderCancel"]["errors"] == []
    else:
        assert (await staff.refund(order_id, restock=True))["errors"] == []
    await eventually(lambda: _is_offered(staff, order_id), "SETTLE is offered", RECOVERY_SECONDS)


async def _is_offered(staff: Buyer, order_id: str) -> bool:
    return "SETTLE" in [each["action"] for each in (await seen(staff, order_id))["availableActions"]]


@pytest.mark.parametrize("is_cancelled", [False, True], ids=["refund", "cancellation"])
@pytest.mark.parametrize("points", [(), POINTS], ids=["calm", "kills"])
async def test_what_is_paid_another_way_is_booked_once(
    shop: Shop, points: tuple[str, ...], is_cancelled: bool, tmp_path: Path
) -> None:
    patience = RECOVERY_SECONDS + 15.0 * len(points)
    variant, staff = await shop.variant(5), shop.staff()
    order_id = await shop.buyer().placed({variant: 2})
    await shop.settled(patience)
    try:
        await stuck(shop, staff, order_id, is_cancelled)
        async with armed(shop, points, tmp_path):
            paid = {"id": order_id, "amount": (await seen(staff, order_id))["owed"], "key": str(uuid4())}
            assert (await staff.ask(_SETTLE, paid))["orderSettle"]["errors"] == []
            await becomes(staff, order_id, "CANCELLED" if is_cancelled else "REFUNDED", seconds=patience)
            await eventually(lambda: have_fired(points, tmp_path), "all points were reached", patience)
    finally:
        await shop.stripe.reset()
    await shop.settled(patience)
    order = await seen(staff, order_id)
    assert order["attention"] is None
    (refund,) = order["refunds"]
    assert (refund["status"], refund["paidOutside"]) == ("DONE", "bank transfer")
    assert await shop.available(variant) == 5
    await shop.assert_reconciled()
