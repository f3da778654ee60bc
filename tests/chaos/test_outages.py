"""What orders lean on goes away and comes back: they recover unaided, and what does not need it goes on."""

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest

from tests.chaos.shop import Shop
from tests.subgraphs import eventually

RECOVERY_SECONDS = 30.0
_READ = "query ($id: ID!) { order(id: $id) { status } }"


async def test_orders_recover_from_a_restart_of_postgres(shop: Shop) -> None:
    variant = await shop.variant(50)
    first = [await shop.buyer().placed({variant: 1}) for _ in range(5)]
    postgres = await shop.backends.postgres()
    await postgres.stop()
    meanwhile = [asyncio.create_task(shop.buyer().placed({variant: 1})) for _ in range(5)]
    await postgres.start()
    await postgres.wait_healthy()
    orders = [*first, *await asyncio.gather(*meanwhile)]
    statuses = await shop.settled(RECOVERY_SECONDS)
    assert {statuses[order_id] for order_id in orders} == {"CONFIRMED"}
    assert await shop.available(variant) == 40
    await shop.assert_reconciled()


@pytest.mark.parametrize("seconds", [5, pytest.param(60, marks=pytest.mark.slow)])
async def test_orders_are_confirmed_while_kafka_is_down_and_no_event_is_lost(shop: Shop, seconds: int) -> None:
    variant = await shop.variant(50)
    kafka = await shop.backends.kafka()
    await kafka.stop()
    try:
        buyer = shop.buyer()
        orders = [await buyer.placed({variant: 1}) for _ in range(5)]
        statuses = await shop.settled()
        assert {statuses[order_id] for order_id in orders} == {"CONFIRMED"}
        assert (await buyer.ask(_READ, {"id": orders[0]}))["order"] == {"status": "CONFIRMED"}
        await asyncio.sleep(seconds)  # how long Kafka is away is what is tested
    finally:
        await kafka.start()
        await kafka.wait_healthy()
    await eventually(lambda: _is_told(shop, variant, 45), "inventory's events reached orders", RECOVERY_SECONDS)
    await eventually(lambda: _nothing_unsent(shop), "all events were sent", RECOVERY_SECONDS)
    await shop.assert_reconciled()


async def _is_told(shop: Shop, variant: str, available: int) -> bool:
    return await shop.known_stock(variant) == available


async def _nothing_unsent(shop: Shop) -> bool:
    return not any(await asyncio.gather(*(shop.unsent_events(name) for name in shop.processes)))


# What the provider is asked for on the way of an order.
PATHS = {"beginning": "/v1/payment_intents", "capture": "/v1/payment_intents/*/capture"}
TROUBLES: Mapping[str, Mapping[str, Any]] = {
    "answers 500": {"action": "fail", "status": 500, "times": 3},
    "is overloaded": {"action": "fail", "status": 429, "times": 3},
    "hangs": {"action": "hang", "times": 1},
    "drops the connection": {"action": "drop", "when": "before", "times": 3},
    "drops the connection after its work": {"action": "drop", "when": "after", "times": 3},
}
QUICK = ("answers 500", "drops the connection after its work")
SOME_TROUBLES = [pytest.param(name, marks=[] if name in QUICK else pytest.mark.slow) for name in TROUBLES]


@pytest.mark.parametrize("operation", ["beginning", "capture"])
@pytest.mark.parametrize("trouble", SOME_TROUBLES)
async def test_a_provider_in_trouble_charges_once(shop: Shop, trouble: str, operation: str) -> None:
    variant = await shop.variant(5)
    await shop.stripe.on_requests(path=PATHS[operation], method="POST", **TROUBLES[trouble])
    try:
        buyer = shop.buyer()
        order_id = await buyer.placed({variant: 1})
        await shop.stripe.met()
        assert (await buyer.ask(_READ, {"id": order_id}))["order"]["status"] in ("PENDING", "CONFIRMED")
        statuses = await shop.settled(RECOVERY_SECONDS)
    finally:
        await shop.stripe.reset()
    assert statuses[order_id] == "CONFIRMED"
    (payment,) = [payment for payment in await shop.stripe.ledger() if payment["ours"]["order_id"] == order_id]
    assert payment["counts"] == payment["counts"] | {"authorization": 1, "capture": 1}
    await shop.assert_reconciled()


@pytest.mark.parametrize("operation", ["/v1/payment_intents/*/cancel", "/v1/refunds"])
@pytest.mark.parametrize("trouble", SOME_TROUBLES)
async def test_a_provider_in_trouble_gives_back_once(shop: Shop, trouble: str, operation: str) -> None:
    variant = await shop.variant(5)
    buyer = shop.buyer()
    order_id = await buyer.placed({variant: 1})
    await shop.settled()
    await shop.stripe.on_requests(path=operation, method="POST", **TROUBLES[trouble])
    try:
        assert (await buyer.cancel(order_id))["errors"] == []
        statuses = await shop.settled(RECOVERY_SECONDS)
    finally:
        await shop.stripe.reset()
    assert statuses[order_id] == "CANCELLED"
    assert await shop.available(variant) == 5
    assert order_id not in await shop.charges()
    await shop.assert_reconciled()
