"""Orders, inventory and payments as the processes that they are, with localstripe behind."""

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest_asyncio

from tests.backends import Backends
from tests.identity import Issuer
from tests.integration.orders.conftest import Peers, on_ports
from tests.integration.orders.shop import Shop
from tests.subgraphs import Running, fresh_environment, running


@pytest_asyncio.fixture(scope="module")
async def payments_server(backends: Backends, issuer: Issuer) -> AsyncIterator[Running]:
    """Payments as it runs in the mesh."""
    environment = on_ports("payments", await fresh_environment(backends, "payments", "kafka", "localstripe"))
    async with running("payments", {**environment, "JWKS_URL": issuer.jwks_url}) as process:
        yield process


@pytest_asyncio.fixture(scope="module")
async def till(payments_server: Running, peers: Peers, issuer: Issuer) -> AsyncIterator[Shop]:
    """A shop with no double in it."""
    database, inventory = await peers.databases.create("orders"), peers.inventory.environment
    environment = on_ports("orders", peers.environment) | {
        "ORDERS_DATABASE_URL": database,
        "INVENTORY_RPC_ADDRESS": f"127.0.0.1:{inventory['INVENTORY_GRPC_PORT']}",
        "PAYMENTS_RPC_ADDRESS": f"127.0.0.1:{payments_server.environment['PAYMENTS_GRPC_PORT']}",
    }
    async with running("orders", environment) as process:
        catalogue = await asyncpg.connect(database)
        stockroom = await asyncpg.connect(inventory["INVENTORY_DATABASE_URL"])
        yield Shop(process, issuer, catalogue, stockroom, peers.payments, peers.faults)
        await catalogue.close()
        await stockroom.close()


async def payments_of(payments_server: Running, *order_ids: str) -> list[tuple[str, int]]:
    """What became of the money: status and amount of each payment."""
    database = await asyncpg.connect(payments_server.environment["PAYMENTS_DATABASE_URL"])
    try:
        rows = await database.fetch(
            "SELECT status, captured_minor FROM payments WHERE order_id = ANY($1::uuid[]) ORDER BY status", order_ids
        )
    finally:
        await database.close()
    return [(row["status"], row["captured_minor"]) for row in rows]


async def test_a_good_card_is_charged_what_the_order_costs(till: Shop, payments_server: Running) -> None:
    buyer, variant = till.buyer(), await till.variant(stock=5, price=1999)
    order = await buyer.ended(await buyer.placed(variant, quantity=3))
    assert order["status"] == "CONFIRMED"
    assert await till.stock(variant) == (2, 0)
    assert await payments_of(payments_server, order["id"]) == [("CAPTURED", 5997)]


async def test_a_bad_card_cancels_the_order_with_the_providers_sentence(till: Shop, payments_server: Running) -> None:
    buyer, variant = till.buyer(), await till.variant(stock=5)
    order = await buyer.ended(await buyer.placed(variant, paymentMethodId="pm_card_chargeCustomerFail"))
    assert order["cancellation"]["code"] == "PAYMENT_DECLINED"
    assert order["cancellation"]["message"].endswith(".")
    assert await till.stock(variant) == (5, 0)
    assert await payments_of(payments_server, order["id"]) == [("DECLINED", 0)]


async def test_ten_units_are_sold_and_charged_ten_times(till: Shop, payments_server: Running) -> None:
    variant = await till.variant(stock=10, price=1000)
    buyers = [till.buyer() for _ in range(20)]
    carts = await asyncio.gather(*(buyer.filled_cart(variant) for buyer in buyers))
    payloads = await asyncio.gather(*(buyer.place(cart) for buyer, cart in zip(buyers, carts, strict=True)))
    refusals = [payload["errors"][0]["code"] for payload in payloads if payload["errors"]]
    assert refusals == ["LINE_HAS_PROBLEMS"] * len(refusals), "who comes late may hear at once that nothing is left"
    placed = {
        payload["order"]["id"]: buyer for buyer, payload in zip(buyers, payloads, strict=True) if not payload["errors"]
    }
    ended = await asyncio.gather(*(buyer.ended(order_id) for order_id, buyer in placed.items()))
    assert sorted(order["status"] for order in ended) == ["CANCELLED"] * (len(placed) - 10) + ["CONFIRMED"] * 10
    assert await till.stock(variant) == (0, 0)
    assert await payments_of(payments_server, *placed) == [("CAPTURED", 1000)] * 10
