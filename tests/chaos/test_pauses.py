"""A worker that stalls in a step, is replaced, and wakes up: one effect."""

import asyncio
import signal
from pathlib import Path

import pytest

from tests.chaos.shop import Shop
from tests.subgraphs import eventually

POINTS = [
    f"orders.{step}.{when}" for step in ("RESERVE", "AUTHORIZE", "COMMIT", "CAPTURE") for when in ("before", "after")
]
QUICK = ("orders.AUTHORIZE.after", "orders.CAPTURE.before")


@pytest.mark.parametrize(
    "point", [pytest.param(point, marks=[] if point in QUICK else pytest.mark.slow) for point in POINTS]
)
async def test_a_worker_that_wakes_up_does_no_harm(shop: Shop, point: str, tmp_path: Path) -> None:
    variant = await shop.variant(5)
    sleeper = shop.processes["orders"]
    await sleeper.restart(FAULT_POINTS=f"{point}=stop", FAULT_ONCE_DIRECTORY=str(tmp_path))
    try:
        placing = asyncio.create_task(shop.buyer().placed({variant: 2}))  # it may fall asleep before it has answered
        await eventually(lambda: asyncio.to_thread((tmp_path / point).exists), f"{point} was reached")
        async with shop.another_worker():
            statuses = await shop.settled()
            sleeper.send(signal.SIGCONT)
            await sleeper.ready()
            order_id = await placing
    finally:
        sleeper.send(signal.SIGCONT)
        await sleeper.restart()
    assert statuses[order_id] == "CONFIRMED"
    assert (await shop.settled())[order_id] == "CONFIRMED"
    (payment,) = [payment for payment in await shop.stripe.ledger() if payment["ours"]["order_id"] == order_id]
    assert payment["counts"] == payment["counts"] | {"authorization": 1, "capture": 1}
    assert await shop.available(variant) == 3
    await shop.assert_reconciled()
