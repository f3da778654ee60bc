"""SIGTERM: what is in flight is finished, then the process leaves with status 0."""

import asyncio
import signal

import asyncpg

from schema.proto.mercato.inventory.v1 import inventory_pb2 as pb
from schema.proto.mercato.inventory.v1 import inventory_pb2_grpc as pb_grpc
from shared.ids import new_id
from shared.rpc.client import RpcClient
from tests.backends import Backends
from tests.subgraphs import eventually, fresh_environment, running


async def stock(connection: asyncpg.Connection) -> str:
    variant, warehouse = new_id(), new_id()
    await connection.execute("INSERT INTO warehouses (id, code, name, country) VALUES ($1, 'HAM', 'Hamburg', 'DE')", warehouse)
    await connection.execute("INSERT INTO stock_items (variant_id, version) VALUES ($1, 1)", variant)
    await connection.execute("INSERT INTO stock_levels (variant_id, warehouse_id, on_hand) VALUES ($1, $2, 9)", variant, warehouse)
    return str(variant)


async def test_a_command_under_way_is_finished_before_the_process_leaves(backends: Backends) -> None:
    environment = await fresh_environment(backends, "inventory", "kafka")
    blocker = await asyncpg.connect(environment["INVENTORY_DATABASE_URL"])
    variant_id = await stock(blocker)
    async with running("inventory", environment, "run") as process:
        transaction = blocker.transaction()
        await transaction.start()
        await blocker.execute("SELECT 1 FROM stock_items FOR UPDATE")
        call = asyncio.create_task(reserve(environment, variant_id))

        async def waits_for_the_lock() -> bool:
            waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
            return bool(await blocker.fetchval(waiting))

        await eventually(waits_for_the_lock, "the command is under way")
        process.process.send_signal(signal.SIGTERM)
        await transaction.rollback()
        assert (await call).WhichOneof("outcome") == "reserved"
        assert await asyncio.wait_for(process.process.wait(), 15) == 0
    assert await blocker.fetchval("SELECT sum(held) FROM stock_levels") == 1
    await blocker.close()


async def reserve(environment: dict[str, str], variant_id: str) -> pb.ReserveResponse:
    rpc = RpcClient(environment["INVENTORY_RPC_ADDRESS"], environment["RPC_SECRET"])
    order_id = str(new_id())
    line = pb.ReservationLine(line_id=str(new_id()), variant_id=variant_id, quantity=1)
    request = pb.ReserveRequest(idempotency_key=order_id, order_id=order_id, lines=[line], ttl_seconds=60)
    return await rpc.call(pb_grpc.InventoryStub(rpc.channel).Reserve, request)
