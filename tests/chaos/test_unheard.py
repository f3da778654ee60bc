"""Money goes back at the provider and no webhook tells: orders learn of it all the same, and nothing leaves for it."""

import contextlib
from collections.abc import AsyncIterator
from typing import Any

import asyncpg

from tests.chaos.buyers import Buyer
from tests.chaos.shop import Shop
from tests.subgraphs import eventually

LOOK_SECONDS = "1"
_SHIP = """mutation ($input: ShipmentCreateInput!, $key: String!) {
  shipmentCreate(input: $input, idempotencyKey: $key) { shipment { id } errors { code message } }
}"""
_STATE = """query ($id: ID!) { order(id: $id) {
  status attention hold { reason evidenceDueAt disputed { amount } } refunds { source amount { amount } }
} }"""


@contextlib.asynccontextmanager
async def deaf(shop: Shop) -> AsyncIterator[None]:
    """No webhook arrives, and what the provider lists is looked at every second."""
    await shop.processes["payments"].restart(PAYMENTS_RECONCILE_SECONDS=LOOK_SECONDS)
    await shop.stripe.on_webhooks("lose", times=None)
    try:
        yield
    finally:
        await shop.stripe.reset()
        await shop.processes["payments"].restart()


async def bought(shop: Shop) -> tuple[str, str]:
    """A confirmed order, and the provider's payment of it."""
    order_id = await shop.buyer().placed({await shop.variant(5): 2})
    assert (await shop.settled())[order_id] == "CONFIRMED"
    (reference,) = [each["reference"] for each in await shop.stripe.ledger() if each["ours"]["order_id"] == order_id]
    return order_id, reference


async def state(staff: Buyer, order_id: str) -> dict[str, Any]:
    """What staff see of an order."""
    order: dict[str, Any] = (await staff.ask(_STATE, {"id": order_id}))["order"]
    return order


async def assert_nothing_leaves(staff: Buyer, order_id: str) -> None:
    """Fails unless a shipment is refused."""
    given = {"input": {"orderId": order_id, "carrier": "DHL"}, "key": order_id}
    payload = (await staff.ask(_SHIP, given))["shipmentCreate"]
    assert payload["shipment"] is None
    assert payload["errors"]


async def make_due(shop: Shop, *order_ids: str) -> None:
    """As if the quarter of an hour had passed after which a payment with an open dispute is asked about again."""
    database = await asyncpg.connect(shop.environment["PAYMENTS_DATABASE_URL"])
    try:
        await database.execute(
            "UPDATE payments SET follow_at = now() WHERE order_id = ANY($1::uuid[])", list(order_ids)
        )
    finally:
        await database.close()


async def test_a_refund_at_the_provider_is_booked_by_the_order(shop: Shop) -> None:
    order_id, reference = await bought(shop)
    staff = shop.staff()
    async with deaf(shop):
        await shop.stripe.refund(reference, 100)

        async def sources() -> list[tuple[str, str]] | None:
            refunds = (await state(staff, order_id))["refunds"]
            return [(refund["source"], refund["amount"]["amount"]) for refund in refunds] or None

        assert await eventually(sources, "the refund is booked", 60) == [("PROVIDER", "1.00")]
        await shop.stripe.refund(reference)

        async def is_refunded() -> bool:
            return bool((await state(staff, order_id))["status"] == "REFUNDED")

        await eventually(is_refunded, "the order is refunded", 60)
        await assert_nothing_leaves(staff, order_id)
        await eventually(shop.nothing_is_under_way, "the units are back", 60)
    await shop.assert_reconciled()


async def test_a_dispute_at_the_provider_holds_the_order_and_its_end_is_booked(shop: Shop) -> None:
    (won, kept), (lost, gone) = await bought(shop), await bought(shop)
    staff = shop.staff()
    async with deaf(shop):
        disputes = [await shop.stripe.dispute(reference) for reference in (kept, gone)]

        async def are_held() -> bool:
            return all([(await state(staff, order_id))["hold"] for order_id in (won, lost)])

        await eventually(are_held, "both orders are held", 60)
        assert (await state(staff, lost))["hold"]["evidenceDueAt"]
        await assert_nothing_leaves(staff, lost)
        for dispute, outcome in zip(disputes, ("won", "lost"), strict=True):
            await shop.stripe.decide(dispute, outcome)
        await make_due(shop, won, lost)

        async def are_decided() -> bool:
            released = (await state(staff, won))["hold"] is None
            return released and (await state(staff, lost))["status"] == "REFUNDED"

        await eventually(are_decided, "one is released, the other refunded", 60)
        assert [refund["source"] for refund in (await state(staff, lost))["refunds"]] == ["DISPUTE"]
        await eventually(shop.nothing_is_under_way, "the units are back", 60)
    await shop.assert_reconciled()
