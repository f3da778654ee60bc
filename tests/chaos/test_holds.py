"""A shop that captures the money with the first shipment, and what is done with the hold at the provider before.

Nothing leaves unpaid.

With the processes of the mesh, a double of Stripe, and ``kill -9`` where orders books it.
"""

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

from tests.chaos.elsewhere import becomes, reference_of
from tests.chaos.shop import Shop
from tests.chaos.test_unheard import assert_nothing_leaves, deaf
from tests.subgraphs import eventually

POINTS = ("orders.HOLD.before", "orders.HOLD.after")


@contextlib.asynccontextmanager
async def capturing_later(shop: Shop, **settings: str) -> AsyncIterator[None]:
    """The shop takes the money with the first shipment."""
    await shop.processes["orders"].restart(ORDERS_CAPTURE="shipment", **settings)
    try:
        yield
    finally:
        await shop.processes["orders"].restart()


async def bought(shop: Shop, variant: str) -> tuple[str, str]:
    """A confirmed order, and the provider's payment of it."""
    order_id = await shop.buyer().placed({variant: 2})
    assert (await shop.settled())[order_id] == "CONFIRMED"
    return order_id, await reference_of(shop, order_id)


async def test_an_order_whose_hold_lapses_is_undone_though_orders_is_killed_at_each_boundary(
    shop: Shop, tmp_path: Path
) -> None:
    faults = {"FAULT_POINTS": ",".join(f"{point}=kill" for point in POINTS), "FAULT_ONCE_DIRECTORY": str(tmp_path)}
    variant = await shop.variant(10)
    async with capturing_later(shop, **faults):
        order_id, reference = await bought(shop, variant)
        await shop.stripe.expire(reference)
        await becomes(shop.staff(), order_id, "CANCELLED")
        assert {point for point in POINTS if (tmp_path / point).exists()} == set(POINTS)
        await assert_nothing_leaves(shop.staff(), order_id)
    await shop.assert_reconciled()
    assert await shop.available(variant) == 10


async def test_a_hold_that_lapses_without_a_webhook_is_noticed(shop: Shop) -> None:
    variant = await shop.variant(10)
    async with capturing_later(shop):
        order_id, reference = await bought(shop, variant)
        async with deaf(shop):
            await shop.stripe.expire(reference)
            await becomes(shop.staff(), order_id, "CANCELLED")
        await eventually(shop.nothing_is_under_way, "the units are back")
    await shop.assert_reconciled()
    assert await shop.available(variant) == 10
