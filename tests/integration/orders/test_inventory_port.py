"""What orders relies on in inventory: one suite for the fake and for the real one over gRPC."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Protocol
from uuid import UUID, uuid4

import asyncpg
import pytest
import pytest_asyncio

from schema.proto.mercato.inventory.v1 import inventory_pb2_grpc
from shared.errors import FailedPrecondition, NotFound
from shared.ids import new_id
from shared.rpc.peer import Peer
from shared.security.secrets import Secret
from subgraphs.orders.domain.cancellation import Shortage
from subgraphs.orders.domain.order import OrderedLine, PlacedOrder
from subgraphs.orders.domain.peers import Inventory
from subgraphs.orders.domain.units import Units
from subgraphs.orders.domain.waiting import Reserved
from subgraphs.orders.infrastructure.rpc_inventory import RpcInventory
from tests.fakes.inventory import FakeInventory
from tests.subgraphs import Running, eventually


class Stockroom(Protocol):
    """An inventory, and what a test does behind its back."""

    port: Inventory

    async def stocked(self, quantity: int) -> UUID:
        """A new variant in stock."""

    async def available(self, variant_id: UUID) -> int:
        """How many can be bought."""

    async def expire(self, order_id: UUID) -> None:
        """Ends an order's hold."""


class FakeStockroom:
    """The fake."""

    def __init__(self) -> None:
        self._fake = FakeInventory()
        self.port: Inventory = self._fake

    async def stocked(self, quantity: int) -> UUID:
        variant_id = new_id()
        self._fake.put_in_stock(variant_id, quantity)
        return variant_id

    async def available(self, variant_id: UUID) -> int:
        return self._fake.available(variant_id)

    async def expire(self, order_id: UUID) -> None:
        self._fake.expire(order_id)


class RealStockroom:
    """The process, and its database."""

    def __init__(self, port: Inventory, database: asyncpg.Connection) -> None:
        self.port = port
        self._database = database

    async def stocked(self, quantity: int) -> UUID:
        variant_id, warehouse_id = new_id(), new_id()
        await self._database.execute(
            "INSERT INTO warehouses (id, code, name, country) VALUES ($1, $2, 'Test', 'DE')",
            warehouse_id,
            warehouse_id.hex[-12:],
        )
        await self._database.execute("INSERT INTO stock_items (variant_id, version) VALUES ($1, 1)", variant_id)
        await self._database.execute(
            "INSERT INTO stock_levels (variant_id, warehouse_id, on_hand) VALUES ($1, $2, $3)",
            variant_id,
            warehouse_id,
            quantity,
        )
        return variant_id

    async def available(self, variant_id: UUID) -> int:
        quantity: int = await self._database.fetchval(
            "SELECT on_hand - held FROM stock_levels WHERE variant_id = $1", variant_id
        )
        return quantity

    async def expire(self, order_id: UUID) -> None:
        await self._database.execute("UPDATE reservations SET expires_at = now() WHERE order_id = $1", order_id)


@pytest_asyncio.fixture
async def real_stockroom(inventory_server: Running) -> AsyncIterator[RealStockroom]:
    environment = inventory_server.environment
    address = f"127.0.0.1:{environment['INVENTORY_GRPC_PORT']}"
    database = await asyncpg.connect(environment["INVENTORY_DATABASE_URL"])
    async with Peer(address, Secret(environment["RPC_SECRET"]), inventory_pb2_grpc.InventoryStub) as peer:
        yield RealStockroom(RpcInventory(peer, hold_seconds=900), database)
    await database.close()


@pytest.fixture(params=["fake", "real"])
def stockroom(request: pytest.FixtureRequest) -> Stockroom:
    """Each of the two in turn; the process is started only for the real one."""
    if request.param == "fake":
        return FakeStockroom()
    real: RealStockroom = request.getfixturevalue("real_stockroom")
    return real


def order_of(*lines: tuple[UUID, int]) -> PlacedOrder:
    ordered = [OrderedLine(new_id(), variant_id, "SKU", "Title", quantity, 100) for variant_id, quantity in lines]
    return PlacedOrder(new_id(), "M-0000-0000", uuid4(), "ada@example.com", "EUR", 100, ordered)


async def test_what_is_there_is_held_once_however_often_it_is_asked_for(stockroom: Stockroom) -> None:
    variant_id = await stockroom.stocked(5)
    order = order_of((variant_id, 2))
    assert [await stockroom.port.reserve(order) for _ in range(3)] == [Reserved([])] * 3
    assert await stockroom.available(variant_id) == 3


async def test_what_is_not_there_is_named_and_nothing_is_held(stockroom: Stockroom) -> None:
    plenty, scarce = await stockroom.stocked(5), await stockroom.stocked(3)
    order = order_of((plenty, 1), (scarce, 2), (scarce, 2))
    assert await stockroom.port.reserve(order) == [Shortage(line.id, 4, 3) for line in order.lines[1:]]
    assert (await stockroom.available(plenty), await stockroom.available(scarce)) == (5, 3)


async def test_a_shortage_is_answered_again_even_when_there_is_more_now(stockroom: Stockroom) -> None:
    variant_id = await stockroom.stocked(1)
    first, order = order_of((variant_id, 1)), order_of((variant_id, 1))
    assert await stockroom.port.reserve(first) == Reserved([])
    shortages = await stockroom.port.reserve(order)
    await stockroom.port.release(first.id)
    assert await stockroom.port.reserve(order) == shortages


async def test_what_is_held_is_sold_once(stockroom: Stockroom) -> None:
    variant_id = await stockroom.stocked(5)
    order = order_of((variant_id, 2))
    await stockroom.port.reserve(order)
    assert [await stockroom.port.commit(order.id) for _ in range(2)] == [[], []]
    assert await stockroom.available(variant_id) == 3


async def test_what_is_released_is_given_back_once_and_for_good(stockroom: Stockroom) -> None:
    variant_id = await stockroom.stocked(5)
    order = order_of((variant_id, 2))
    await stockroom.port.reserve(order)
    for _ in range(2):
        await stockroom.port.release(order.id)
    assert await stockroom.available(variant_id) == 5
    with pytest.raises(FailedPrecondition):
        await stockroom.port.commit(order.id)


async def test_a_release_that_comes_first_bars_the_reservation(stockroom: Stockroom) -> None:
    variant_id = await stockroom.stocked(5)
    order = order_of((variant_id, 2))
    await stockroom.port.release(order.id)
    with pytest.raises(FailedPrecondition):
        await stockroom.port.reserve(order)
    assert await stockroom.available(variant_id) == 5


async def test_what_is_sold_cannot_be_released(stockroom: Stockroom) -> None:
    order = order_of((await stockroom.stocked(5), 2))
    await stockroom.port.reserve(order)
    await stockroom.port.commit(order.id)
    with pytest.raises(FailedPrecondition):
        await stockroom.port.release(order.id)


async def test_a_hold_that_expired_sells_its_units_once_while_they_are_there(stockroom: Stockroom) -> None:
    variant_id = await stockroom.stocked(5)
    order = order_of((variant_id, 2))
    await stockroom.port.reserve(order)
    await stockroom.expire(order.id)
    assert [await stockroom.port.commit(order.id) for _ in range(2)] == [[], []]
    assert await stockroom.available(variant_id) == 3


async def test_a_hold_that_expired_and_whose_units_are_gone_sells_nothing(stockroom: Stockroom) -> None:
    variant_id = await stockroom.stocked(2)
    order, quicker = order_of((variant_id, 2)), order_of((variant_id, 1))
    await stockroom.port.reserve(order)
    await stockroom.expire(order.id)
    await eventually(lambda: is_available(stockroom, variant_id, 2), "the hold has ended")
    assert await stockroom.port.reserve(quicker) == Reserved([])
    assert [await stockroom.port.commit(order.id) for _ in range(2)] == [None, None]
    assert await stockroom.available(variant_id) == 1
    await stockroom.port.release(order.id)


async def test_the_next_attempt_at_an_order_holds_anew_what_was_released(stockroom: Stockroom) -> None:
    variant_id = await stockroom.stocked(5)
    first = order_of((variant_id, 2))
    second = replace(first, attempt=2)
    assert await stockroom.port.reserve(first) == Reserved([])
    with pytest.raises(FailedPrecondition):
        await stockroom.port.reserve(second)
    await stockroom.port.release(first.id)
    third = replace(first, attempt=3)
    assert await stockroom.port.reserve(third) == Reserved([])
    await stockroom.port.release(first.id)
    for late in (stockroom.port.commit(first.id), stockroom.port.commit(first.id, 2)):
        with pytest.raises(FailedPrecondition):
            await late
    with pytest.raises(NotFound):
        await stockroom.port.commit(first.id, 4)
    assert await stockroom.port.commit(first.id, 3) == []
    assert await stockroom.available(variant_id) == 3


async def test_the_next_attempt_at_an_order_buys_again_what_was_sold_and_came_back(stockroom: Stockroom) -> None:
    variant_id = await stockroom.stocked(2)
    first = await sold(stockroom, variant_id, 2)
    units = [Units(first.lines[0].id, 2)]
    await stockroom.port.return_cancelled(first.id, units)
    for attempt in (2, 3, 4):
        assert await stockroom.port.reserve(replace(first, attempt=attempt)) == Reserved([])
        assert await stockroom.port.commit(first.id, attempt) == []
        with pytest.raises(FailedPrecondition):
            await stockroom.port.reserve(replace(first, attempt=attempt + 1))
        await stockroom.port.return_cancelled(first.id, units, attempt)
        assert await stockroom.available(variant_id) == 2


async def is_available(stockroom: Stockroom, variant_id: UUID, quantity: int) -> bool:
    return await stockroom.available(variant_id) == quantity


async def sold(stockroom: Stockroom, variant_id: UUID, quantity: int) -> PlacedOrder:
    order = order_of((variant_id, quantity))
    await stockroom.port.reserve(order)
    assert await stockroom.port.commit(order.id) == []
    return order


async def test_sold_units_are_returned_once_for_each_refund(stockroom: Stockroom) -> None:
    variant_id, refund_id = await stockroom.stocked(5), new_id()
    order = await sold(stockroom, variant_id, 4)
    units = [Units(order.lines[0].id, 1)]
    for _ in range(2):
        await stockroom.port.return_units(refund_id, order.id, units)
    assert await stockroom.available(variant_id) == 2
    await stockroom.port.return_units(new_id(), order.id, units)
    assert await stockroom.available(variant_id) == 3


async def test_units_that_are_kept_out_do_not_come_back(stockroom: Stockroom) -> None:
    variant_id = await stockroom.stocked(5)
    order = await sold(stockroom, variant_id, 4)
    assert (
        await stockroom.port.return_units(new_id(), order.id, [Units(order.lines[0].id, 1)], is_restocking=False) == []
    )
    assert await stockroom.available(variant_id) == 1


async def test_the_units_of_a_cancelled_order_that_no_refund_was_for_are_returned_once(stockroom: Stockroom) -> None:
    variant_id = await stockroom.stocked(5)
    order = await sold(stockroom, variant_id, 4)
    line_id = order.lines[0].id
    await stockroom.port.return_units(new_id(), order.id, [Units(line_id, 1)])
    for _ in range(2):
        await stockroom.port.return_cancelled(order.id, [Units(line_id, 2)])
    assert await stockroom.available(variant_id) == 4


async def test_more_than_was_sold_cannot_be_returned(stockroom: Stockroom) -> None:
    variant_id = await stockroom.stocked(5)
    order = await sold(stockroom, variant_id, 4)
    with pytest.raises(FailedPrecondition):
        await stockroom.port.return_units(new_id(), order.id, [Units(order.lines[0].id, 5)])
    assert await stockroom.available(variant_id) == 1


async def test_what_was_never_held_cannot_be_sold(stockroom: Stockroom) -> None:
    with pytest.raises(NotFound):
        await stockroom.port.commit(new_id())
