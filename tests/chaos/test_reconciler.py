"""One difference of each kind is planted, seen, and taken back; what is safe is repaired."""

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from urllib.parse import urlsplit
from uuid import UUID

import asyncpg
import httpx

from shared.ids import new_id
from subgraphs.payments.domain.reconciliation import Kind
from tests.chaos.shop import Shop
from tests.reconciliation import reconciled


@dataclass(frozen=True)
class Plant:
    """A change of a database behind the subgraph's back, and the way back.

    ``:order`` is an order, ``:nobody`` the id of none.
    """

    kinds: tuple[Kind, ...]
    database: str
    change: str
    undo: str


CANCELLED = """status = 'CANCELLED', cancellation = '{"code": "TIMED_OUT", "message": "planted", "lineIds": []}'"""
ITS_LEVELS = "(variant_id, warehouse_id) IN (SELECT variant_id, warehouse_id FROM holds WHERE order_id = ':order')"
PLANTS = [
    Plant(
        (Kind.MISSING_AT_PROVIDER, Kind.CHARGED_UNKNOWN),
        "payments",
        "UPDATE payments SET provider_reference = provider_reference || '_lost' WHERE order_id = ':order'",
        "UPDATE payments SET provider_reference = replace(provider_reference, '_lost', '') WHERE order_id = ':order'",
    ),
    Plant(
        (Kind.PROVIDER_AMOUNT, Kind.LEDGER, Kind.ORDER_AMOUNT),
        "payments",
        "UPDATE payments SET captured_minor = captured_minor - 1 WHERE order_id = ':order'",
        "UPDATE payments SET captured_minor = captured_minor + 1 WHERE order_id = ':order'",
    ),
    Plant(
        (Kind.PROVIDER_STATUS,),
        "payments",
        "UPDATE payments SET status = 'AUTHORIZED', held_minor = amount_minor, captured_minor = 0"
        " WHERE order_id = ':order'",
        "UPDATE payments SET status = 'CAPTURED', held_minor = 0, captured_minor = amount_minor"
        " WHERE order_id = ':order'",
    ),
    Plant(
        (Kind.PROVIDER_MISSING, Kind.CHARGED_UNKNOWN),
        "payments",
        "UPDATE payments SET provider = 'gone' WHERE order_id = ':order'",
        "UPDATE payments SET provider = 'stripe' WHERE order_id = ':order'",
    ),
    Plant(
        (Kind.PAID_WITHOUT_ORDER, Kind.ORDER_UNPAID),
        "payments",
        "UPDATE payments SET order_id = ':nobody' WHERE order_id = ':order'",
        "UPDATE payments SET order_id = ':order' WHERE order_id = ':nobody'",
    ),
    Plant(
        (Kind.CANCELLED_PAID,),
        "orders",
        f"UPDATE orders SET {CANCELLED} WHERE id = ':order'",
        "UPDATE orders SET status = 'CONFIRMED', cancellation = NULL WHERE id = ':order'",
    ),
    Plant(
        (Kind.ORDER_STOCK,),
        "orders",
        "UPDATE order_lines SET quantity = quantity + 1 WHERE order_id = ':order'",
        "UPDATE order_lines SET quantity = quantity - 1 WHERE order_id = ':order'",
    ),
    Plant(
        (Kind.STUCK,),
        "orders",
        "UPDATE sagas SET step = 'STUCK' WHERE order_id = ':order'",
        "UPDATE sagas SET step = 'CONFIRMED' WHERE order_id = ':order'",
    ),
    Plant(
        (Kind.STOCK_WITHOUT_ORDER,),
        "inventory",
        "WITH held AS (UPDATE holds SET order_id = ':nobody' WHERE order_id = ':order'),"
        " lines AS (UPDATE reservation_lines SET order_id = ':nobody' WHERE order_id = ':order')"
        " UPDATE reservations SET order_id = ':nobody' WHERE order_id = ':order'",
        "WITH held AS (UPDATE holds SET order_id = ':order' WHERE order_id = ':nobody'),"
        " lines AS (UPDATE reservation_lines SET order_id = ':order' WHERE order_id = ':nobody')"
        " UPDATE reservations SET order_id = ':order' WHERE order_id = ':nobody'",
    ),
    Plant(
        (Kind.STOCK,),
        "inventory",
        f"UPDATE stock_levels SET on_hand = on_hand + 1 WHERE {ITS_LEVELS}",
        f"UPDATE stock_levels SET on_hand = on_hand - 1 WHERE {ITS_LEVELS}",
    ),
]
PLANTED = set(Kind) - {Kind.PROVIDER_DISPUTE}  # which only the provider can plant: see below


@contextlib.asynccontextmanager
async def behind_its_back(shop: Shop, subgraph: str) -> AsyncIterator[asyncpg.Connection]:
    """A database without its triggers and foreign keys, as only the superuser has it."""
    postgres = await shop.backends.postgres()
    name = urlsplit(shop.environment[f"{subgraph.upper()}_DATABASE_URL"]).path.strip("/")
    connection = await asyncpg.connect(postgres.url(database=name))
    try:
        await connection.execute("SET session_replication_role = replica")
        yield connection
    finally:
        await connection.close()


async def confirmed_order(shop: Shop) -> UUID:
    order_id = await shop.buyer().placed({await shop.variant(5): 2})
    assert (await shop.settled())[order_id] == "CONFIRMED"
    return UUID(order_id)


async def alter(shop: Shop, plant: Plant, statement: str, order_id: UUID, no_order: UUID) -> None:
    async with behind_its_back(shop, plant.database) as connection:
        altered = statement.replace(":order", str(order_id)).replace(":nobody", str(no_order))
        assert await connection.execute(altered) == "UPDATE 1"


async def test_every_kind_of_planted_difference_is_reported(shop: Shop) -> None:
    """Each about an order of its own, all found in one comparison."""
    assert {kind for plant in PLANTS for kind in plant.kinds} == PLANTED
    planted = [(plant, await confirmed_order(shop), new_id()) for plant in PLANTS]
    await shop.assert_reconciled()
    for plant, order_id, no_order in planted:
        await alter(shop, plant, plant.change, order_id, no_order)
    status, output = await reconciled(shop.environment)
    for plant, order_id, no_order in planted:
        await alter(shop, plant, plant.undo, order_id, no_order)
    assert status == 1
    assert {line.split()[0] for line in output.splitlines()} >= PLANTED, output
    for plant, order_id, no_order in planted:
        if plant.database == "orders":
            assert str(order_id) in output, output
        assert plant.kinds != (Kind.STOCK_WITHOUT_ORDER,) or str(no_order) in output, output
    await shop.assert_reconciled()


FORGET_THE_CAPTURE = """
DELETE FROM postings USING movements, payments
  WHERE movement_id = movements.id AND kind = 'CAPTURE' AND payment_id = payments.id AND order_id = ':order';
DELETE FROM movements USING payments WHERE kind = 'CAPTURE' AND payment_id = payments.id AND order_id = ':order';
UPDATE payments SET status = 'AUTHORIZED', held_minor = amount_minor, captured_minor = 0 WHERE order_id = ':order';
"""


async def test_a_payment_that_is_behind_its_provider_is_reported_and_brought_up(shop: Shop) -> None:
    """As after a database was restored from a backup of a moment ago."""
    order_id = await confirmed_order(shop)
    async with behind_its_back(shop, "payments") as connection:
        await connection.execute(FORGET_THE_CAPTURE.replace(":order", str(order_id)))
    status, output = await reconciled(shop.environment)
    assert status == 1
    assert any(line.startswith(Kind.PROVIDER_STATUS) for line in output.splitlines()), output
    _, repaired = await reconciled(shop.environment, "--repair")
    assert "the provider is asked again" in repaired
    await shop.assert_reconciled()


async def test_what_was_done_at_the_provider_without_a_word_is_reported_and_brought_up(shop: Shop) -> None:
    refunded, disputed = await confirmed_order(shop), await confirmed_order(shop)
    references = {payment["ours"]["order_id"]: payment["reference"] for payment in await shop.stripe.ledger()}
    await shop.stripe.on_webhooks("lose", times=None)
    try:
        await shop.stripe.refund(references[str(refunded)], 100)
        await shop.stripe.dispute(references[str(disputed)])
    finally:
        await shop.stripe.reset()
    status, output = await reconciled(shop.environment)
    assert status == 1
    assert {Kind.PROVIDER_AMOUNT, Kind.PROVIDER_DISPUTE} <= {line.split()[0] for line in output.splitlines()}, output
    await reconciled(shop.environment, "--repair")
    await shop.assert_reconciled()


async def test_a_metric_tells_what_differs(shop: Shop) -> None:
    """The scheduled comparison is the same one; its metric is there from the start."""
    async with httpx.AsyncClient(base_url=shop.environment["PAYMENTS_URL"]) as http:
        text = (await http.get("/metrics")).text
    assert 'mercato_reconciliation_differences{kind="LEDGER"}' in text
    assert "mercato_reconciliation_timestamp_seconds" in text
