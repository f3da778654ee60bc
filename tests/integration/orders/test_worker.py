"""The worker's loop on a real Postgres: it is woken when there is something to do. None of these tests lets it poll."""

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AbstractContextManager
from dataclasses import replace
from uuid import UUID, uuid4

import asyncpg
import pytest

from shared.errors import Unavailable
from shared.persistence import db
from shared.runtime.subgraph import Subgraph
from subgraphs.orders.commands.fulfil_order import OrderSteps
from subgraphs.orders.commands.place_order import place_order
from subgraphs.orders.commands.run_saga import SagaRunner
from subgraphs.orders.domain.checkout import Address, Checkout
from subgraphs.orders.domain.fulfilment import CaptureTime, Kind, Step, Times
from subgraphs.orders.domain.order import OrderStatus, PlacedOrder
from subgraphs.orders.domain.ports import Authorized, Declined, Inventory, Payments, RequiresAction
from subgraphs.orders.entrypoints.workers import FulfilmentWorker
from subgraphs.orders.infrastructure.moves import Move, move
from subgraphs.orders.infrastructure.sagas import advance, claim_due, park, postpone
from tests.carts import filled_cart, sold_variant
from tests.fakes.inventory import FakeInventory
from tests.fakes.payments import FakePayments
from tests.subgraphs import eventually

ADDRESS = Address("Ada Lovelace", "1 Analytical Way", None, None, "London", "GB", None)
NEVER = 3600.0
CONFIRMATION = Move(Step.CONFIRMED, OrderStatus.CONFIRMED, "no", is_end=True)


async def placed(variant_id: UUID) -> UUID:
    user_id = uuid4()
    cart_id = await filled_cart(variant_id, user_id)
    return await place_order(Checkout(cart_id, "ada@example.com", ADDRESS, "pm_card_visa"), user_id, str(uuid4()), 120)


def runner(inventory: Inventory, payments: Payments) -> SagaRunner:
    steps = OrderSteps(inventory, payments, Times(NEVER, NEVER), CaptureTime.CONFIRMATION)
    return SagaRunner({Kind.ORDER: steps})


@contextlib.asynccontextmanager
async def working(orders: Subgraph, inventory: Inventory, payments: Payments, parallel: int) -> AsyncIterator[None]:
    """A worker in this process that never polls."""
    url = orders.settings.database_url
    worker = FulfilmentWorker(url, runner(inventory, payments), parallel, NEVER, poll_seconds=NEVER)
    stop = asyncio.Event()
    running = asyncio.create_task(worker.run(stop))
    try:
        yield
    finally:
        stop.set()
        await running


async def all_ended() -> bool:
    return bool(await db.fetch_value("SELECT bool_and(due_at IS NULL) FROM sagas"))


async def test_a_worker_goes_on_until_nothing_waits(orders: Subgraph) -> None:
    inventory, variant_id = FakeInventory(), await sold_variant()
    inventory.put_in_stock(variant_id, 1000)
    for _ in range(40):
        await placed(variant_id)
    async with working(orders, inventory, FakePayments(), parallel=4):
        await eventually(all_ended, "all orders ended")
    assert await db.fetch_value("SELECT count(*) FROM orders WHERE status = 'CONFIRMED'") == 40
    assert inventory.available(variant_id) == 960


async def test_an_order_wakes_the_worker_that_waits(orders: Subgraph) -> None:
    inventory, variant_id = FakeInventory(), await sold_variant()
    inventory.put_in_stock(variant_id, 1000)
    async with working(orders, inventory, FakePayments(), parallel=4):
        for _ in range(3):
            await placed(variant_id)
            await eventually(all_ended, "the order ended")


class FailingPayments(FakePayments):
    """Cannot be reached the first few times."""

    def __init__(self, failures: int) -> None:
        super().__init__()
        self.failures = failures

    async def authorize(self, order: PlacedOrder, payment_method_id: str) -> Authorized | Declined | RequiresAction:
        if self.failures:
            self.failures -= 1
            raise Unavailable("away")
        return await super().authorize(order, payment_method_id)


async def test_the_end_of_a_pause_wakes_the_worker(orders: Subgraph) -> None:
    inventory, variant_id, payments = FakeInventory(), await sold_variant(), FailingPayments(3)
    inventory.put_in_stock(variant_id, 1)
    await placed(variant_id)
    async with working(orders, inventory, payments, parallel=4):
        await eventually(all_ended, "the order ended")
    assert payments.asked == ["authorize 1000 EUR by pm_card_visa", "capture"]


async def test_a_claimed_order_is_nobody_elses_until_its_lease_ends(orders: Subgraph) -> None:
    await placed(await sold_variant())
    (first,) = await claim_due("one", 10, NEVER)
    assert await claim_due("two", 10, NEVER) == []
    await db.execute("UPDATE sagas SET due_at = now()")  # the lease is over
    (second,) = await claim_due("two", 10, NEVER)
    assert (second.fence, second.attempts) == (first.fence + 1, first.attempts + 1)


async def test_nothing_of_a_worker_counts_whose_order_was_taken_over(orders: Subgraph) -> None:
    order_id = await placed(await sold_variant())
    (stalled,) = await claim_due("one", 10, 0)
    (current,) = await claim_due("two", 10, NEVER)
    assert await advance(stalled, Step.CAPTURE, None, NEVER) is None
    assert not await park(stalled, "no")
    assert not await postpone(stalled, NEVER, "no")
    assert await move(stalled, CONFIRMATION, NEVER) is None
    row = await db.fetch_row("SELECT step, fence, leased_by, last_error FROM sagas WHERE order_id = $1", order_id)
    assert row is not None
    assert tuple(row) == ("RESERVE", current.fence, "two", None)
    assert await db.fetch_value("SELECT status FROM orders") == "PENDING"
    assert await advance(current, Step.AUTHORIZE, None, NEVER) == replace(current, step=Step.AUTHORIZE, attempts=1)


async def test_an_order_moves_only_as_the_table_of_moves_says(orders: Subgraph) -> None:
    await placed(await sold_variant())
    (saga,) = await claim_due("one", 10, NEVER)
    await db.execute("UPDATE orders SET status = 'CANCELLED', cancellation = '{}'")
    with pytest.raises(RuntimeError, match="can't become CONFIRMED"):
        await move(saga, CONFIRMATION, NEVER)
    assert await db.fetch_value("SELECT step FROM sagas") == "RESERVE"


async def test_an_order_is_cancelled_for_a_reason_or_not_at_all(orders: Subgraph) -> None:
    await placed(await sold_variant())
    with pytest.raises(asyncpg.CheckViolationError):
        await db.execute("UPDATE orders SET status = 'CANCELLED'")


async def test_a_taken_number_is_replaced_by_another_one(orders: Subgraph, monkeypatch: pytest.MonkeyPatch) -> None:
    variant_id = await sold_variant()
    numbers = iter(["M-0000-0000", "M-0000-0000", "M-0000-0001"])
    monkeypatch.setattr("subgraphs.orders.commands.place_order.new_order_number", lambda: next(numbers))
    for _ in range(2):
        await placed(variant_id)
    rows = await db.fetch("SELECT number FROM orders ORDER BY number")
    assert [row["number"] for row in rows] == ["M-0000-0000", "M-0000-0001"]
    assert await db.fetch_value("SELECT count(*) FROM sagas") == 2


@pytest.fixture
def statements(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """The statements that this process sends from now on, by their first words and table."""
    counted: Counter[str] = Counter()
    original = db._statement

    def count(query: str) -> AbstractContextManager[None]:
        counted[" ".join(query.split()[:4])] += 1
        return original(query)

    monkeypatch.setattr(db, "_statement", count)
    return counted


async def test_an_order_is_placed_and_confirmed_in_twelve_statements(
    orders: Subgraph, statements: Counter[str]
) -> None:
    inventory, variant_id, user_id = FakeInventory(), await sold_variant(), uuid4()
    inventory.put_in_stock(variant_id, 1)
    cart_id = await filled_cart(variant_id, user_id)
    statements.clear()
    await place_order(Checkout(cart_id, "ada@example.com", ADDRESS, "pm_card_visa"), user_id, str(uuid4()), 120)
    assert statements.total() == 7, statements  # BEGIN, key, cart's lock, cart, order, key's answer, COMMIT
    (saga,) = await claim_due("one", 10, NEVER)
    await runner(inventory, FakePayments()).run(saga, asyncio.Event())
    assert statements.total() == 12, statements  # the claim, three steps, the end
    assert await db.fetch_value("SELECT status FROM orders") == "CONFIRMED"
