"""A refund that the buyer's bank sends back while processes die at each boundary of it.

What is owed is refunded once more.
"""

from pathlib import Path

import httpx
import pytest

from tests.chaos.elsewhere import becomes, reference_of
from tests.chaos.shop import RECOVERY_SECONDS, Shop
from tests.chaos.test_kills import armed
from tests.subgraphs import eventually
from tilt.embedded.backends.localstripe import API_KEY

POINTS = ("orders.CAME_BACK.before", "orders.CAME_BACK.after", "payments.REFUND_FAILED.recorded")
_RETRY = """mutation ($id: ID!, $key: String!) {
  orderRetry(input: {orderId: $id}, idempotencyKey: $key) { order { id } errors { message } }
}"""


async def send_back(shop: Shop, order_id: str) -> None:
    """The buyer's bank does not take the latest refund of an order."""
    async with httpx.AsyncClient(base_url=shop.stripe.url, auth=(API_KEY, "")) as api:
        answer = await api.get("/v1/refunds", params={"payment_intent": await reference_of(shop, order_id)})
    await shop.stripe.fail_refund(answer.raise_for_status().json()["data"][0]["id"])


@pytest.mark.parametrize("points", [(), POINTS], ids=["calm", "kills"])
async def test_what_comes_back_is_owed_and_given_once_more(shop: Shop, points: tuple[str, ...], tmp_path: Path) -> None:
    patience = RECOVERY_SECONDS + 15.0 * len(points)
    variant, staff = await shop.variant(5), shop.staff()
    order_id = await shop.buyer().placed({variant: 2})
    await shop.settled(patience)
    assert (await staff.refund(order_id, restock=True))["errors"] == []
    await becomes(staff, order_id, "REFUNDED", seconds=patience)
    async with armed(shop, points, tmp_path):
        await send_back(shop, order_id)
        owed = await becomes(staff, order_id, "CONFIRMED", refunds=0, seconds=patience)
        await eventually(lambda: have_fired(points, tmp_path), "all points were reached", patience)
    assert "owed" in owed["attention"]
    assert (await staff.ask(_RETRY, {"id": order_id, "key": f"retry-{order_id}"}))["orderRetry"]["errors"] == []
    await becomes(staff, order_id, "REFUNDED", refunds=1, seconds=patience)
    await shop.settled(patience)
    assert await shop.available(variant) == 5
    await shop.assert_reconciled()


async def have_fired(points: tuple[str, ...], fired: Path) -> bool:
    """Whether a process has died at each of the points."""
    return all((fired / point).exists() for point in points)
