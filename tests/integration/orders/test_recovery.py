"""Workers that die, stall and share: an order is fulfilled once, whoever does it."""

import asyncio
import contextlib
import signal
from collections.abc import AsyncIterator
from uuid import UUID

import asyncpg
import pytest_asyncio

from tests.identity import Issuer
from tests.integration.orders.conftest import Peers, on_ports
from tests.integration.orders.faults import Fault, Kind, When
from tests.integration.orders.peers import CARD_DECLINED_AT_CAPTURE, DECLINED_CARD, GOOD_CARD
from tests.integration.orders.shop import Buyer, JsonObject, Shop
from tests.subgraphs import Running, eventually, running

LEASE_SECONDS = "2"
STEPS = ("RESERVE", "AUTHORIZE", "COMMIT", "CAPTURE")


@pytest_asyncio.fixture(scope="module")
async def counter(peers: Peers, issuer: Issuer) -> AsyncIterator[Shop]:
    """A shop that takes orders and leaves it to the tests who fulfils them. Its database has no other workers."""
    database = await peers.databases.create("orders")
    environment = on_ports("orders", peers.environment | {"ORDERS_DATABASE_URL": database})
    async with running("orders", environment, "serve") as process:
        catalogue = await asyncpg.connect(database)
        stockroom = await asyncpg.connect(peers.inventory.environment["INVENTORY_DATABASE_URL"])
        yield Shop(process, issuer, catalogue, stockroom, peers.payments, peers.faults)
        await catalogue.close()
        await stockroom.close()


@contextlib.asynccontextmanager
async def worker(shop: Shop, **settings: str) -> AsyncIterator[Running]:
    """A process that fulfils the shop's orders."""
    settings = {"ORDERS_FULFILMENT_LEASE_SECONDS": LEASE_SECONDS, **settings}
    async with running("orders", on_ports("orders", dict(shop.orders.environment)) | settings, "work") as process:
        yield process


async def all_stalled(shop: Shop, stalls: dict[str, Fault]) -> None:
    async def look() -> bool:
        return all([await shop.has_stalled(order_id, stall) for order_id, stall in stalls.items()])

    await eventually(look, "every order stalls where it should")


async def assert_fulfilled_once(shop: Shop, order: JsonObject) -> None:
    moves = await shop.catalogue.fetch(
        "SELECT to_status FROM order_status_history WHERE order_id = $1", UUID(order["id"])
    )
    events = await shop.catalogue.fetch("SELECT type FROM outbox WHERE key = $1", order["id"])
    assert len(moves) == len(events) == 2
    effects = shop.payments.effects
    assert effects[order["id"], "authorized"] <= 1
    assert effects[order["id"], "captured"] == (1 if order["status"] == "CONFIRMED" else 0)


async def test_orders_killed_before_and_after_every_effect_are_taken_up_again(counter: Shop) -> None:
    buyer = counter.buyer()
    stalls: dict[str, Fault] = {}
    variants: list[tuple[str, str]] = []
    for card, steps, status in (
        (GOOD_CARD, STEPS, "CONFIRMED"),
        (CARD_DECLINED_AT_CAPTURE, ("VOID", "RESTOCK"), "CANCELLED"),
        (DECLINED_CARD, ("RELEASE",), "CANCELLED"),
    ):
        for step in steps:
            for when in When:
                stall = Fault(step, when, Kind.STALL)
                variant = await counter.variant(stall, stock=5)
                stalls[await buyer.placed(variant, paymentMethodId=card)] = stall
                variants.append((variant, status))
    async with worker(counter) as first:
        await all_stalled(counter, stalls)
        first.process.kill()
        await first.process.wait()
    async with worker(counter):
        ended = [await buyer.ended(order_id) for order_id in stalls]
    assert [order["status"] for order in ended] == [status for _, status in variants]
    for order, (variant, status) in zip(ended, variants, strict=True):
        await assert_fulfilled_once(counter, order)
        assert await counter.stock(variant) == ((4, 0) if status == "CONFIRMED" else (5, 0))


async def test_a_worker_that_stalled_and_wakes_up_does_no_harm(counter: Shop) -> None:
    buyer, stall = counter.buyer(), Fault("AUTHORIZE", When.AFTER, Kind.STALL)
    variant = await counter.variant(stall, stock=5)
    order_id = await buyer.placed(variant)
    async with worker(counter) as stalled:
        await all_stalled(counter, {order_id: stall})
        stalled.process.send_signal(signal.SIGSTOP)
        async with worker(counter) as other:
            order = await buyer.ended(order_id)
            assert await other.metric("mercato_orders_fulfilment_seconds_count", end="CONFIRMED") == 1
            stall.go.set()
            stalled.process.send_signal(signal.SIGCONT)

            async def is_fenced() -> bool:
                return await stalled.metric("mercato_orders_fulfilments_fenced_total") == 1

            await eventually(is_fenced, "the worker that woke up finds its order taken over")
    await assert_fulfilled_once(counter, order)
    assert await counter.stock(variant) == (4, 0)
    assert await counter.catalogue.fetchval("SELECT fence FROM sagas WHERE id = $1", UUID(order_id)) == 2


async def test_two_workers_share_the_orders_and_do_each_step_once(counter: Shop) -> None:
    buyer, variant = counter.buyer(), await counter.variant(stock=60)
    orders = await asyncio.gather(*(buyer.placed(variant) for _ in range(60)))
    settings = {"ORDERS_FULFILMENT_PARALLEL": "4", "ORDERS_FULFILMENT_LEASE_SECONDS": "60"}  # no lease ends here
    async with (
        worker(counter, **settings) as one,
        worker(counter, **settings) as two,
    ):
        late = [await counter.variant() for _ in range(60)]
        orders += await asyncio.gather(*(buyer.placed(other) for other in late))
        ended = [await buyer.ended(order_id) for order_id in orders]
        shares = [await each.metric("mercato_orders_fulfilment_seconds_count", end="CONFIRMED") for each in (one, two)]
    assert [order["status"] for order in ended] == ["CONFIRMED"] * 120
    assert sum(shares) == 120
    assert await counter.stock(variant) == (0, 0)
    for order in ended:
        await assert_fulfilled_once(counter, order)
    fences = await counter.catalogue.fetch("SELECT DISTINCT fence FROM sagas WHERE order_id = ANY($1::uuid[])", orders)
    assert [row["fence"] for row in fences] == [1]


async def test_a_worker_that_is_told_to_stop_gives_its_orders_back_at_once(counter: Shop) -> None:
    buyer, stall = counter.buyer(), Fault("RESERVE", When.BEFORE, Kind.STALL)
    order_id = await buyer.placed(await counter.variant(stall))
    async with worker(counter, ORDERS_FULFILMENT_LEASE_SECONDS="3600") as first:
        await all_stalled(counter, {order_id: stall})
        first.process.terminate()
        stall.go.set()
        assert await first.process.wait() == 0
    async with worker(counter, ORDERS_FULFILMENT_LEASE_SECONDS="3600"):
        assert (await buyer.ended(order_id))["status"] == "CONFIRMED"


async def test_an_order_that_payments_does_not_answer_in_time_is_undone(counter: Shop) -> None:
    hopeless = Fault("AUTHORIZE", When.AFTER, Kind.UNAVAILABLE, times=1_000)
    buyer, variant = counter.buyer(), await counter.variant(hopeless, stock=5)
    async with worker(counter):
        order_id = await place_with_deadline(counter, buyer, variant)
        order = await buyer.ended(order_id)
    assert order["cancellation"]["code"] == "TIMED_OUT"
    assert counter.payments.effects[order_id, "authorized"] == 1
    assert counter.payments.effects[order_id, "voided"] == 1
    assert await counter.stock(variant) == (5, 0)


async def place_with_deadline(shop: Shop, buyer: Buyer, variant: str) -> str:
    """An order whose deadline is near."""
    order_id = await buyer.placed(variant)
    await shop.catalogue.execute(
        "UPDATE sagas SET deadline_at = now() + interval '4 seconds' WHERE order_id = $1", UUID(order_id)
    )
    return order_id


async def test_an_order_whose_sale_is_under_way_is_completed_however_late(counter: Shop) -> None:
    stall = Fault("COMMIT", When.AFTER, Kind.STALL)
    buyer, variant = counter.buyer(), await counter.variant(stall, stock=5)
    order_id = await buyer.placed(variant)
    async with worker(counter) as first:
        await all_stalled(counter, {order_id: stall})
        first.process.kill()
        await first.process.wait()
    await counter.catalogue.execute("UPDATE sagas SET deadline_at = now() WHERE order_id = $1", UUID(order_id))
    async with worker(counter):
        order = await buyer.ended(order_id)
    assert order["status"] == "CONFIRMED"
    assert await counter.stock(variant) == (4, 0)
    await assert_fulfilled_once(counter, order)


async def test_an_order_that_nobody_took_up_in_time_is_cancelled_untried(counter: Shop) -> None:
    buyer, variant = counter.buyer(), await counter.variant(stock=5)
    order_id = await buyer.placed(variant)
    await counter.catalogue.execute("UPDATE sagas SET deadline_at = now() WHERE order_id = $1", UUID(order_id))
    async with worker(counter):
        order = await buyer.ended(order_id)
    assert order["cancellation"]["code"] == "TIMED_OUT"
    assert await counter.stock(variant) == (5, 0)
    assert not counter.payments.effects[order_id, "authorized"]
