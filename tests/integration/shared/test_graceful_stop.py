"""SIGTERM: what is in flight is finished, then the process leaves with status 0."""

import asyncio
import signal

import asyncpg

from schema.proto.mercato.inventory.v1 import inventory_pb2 as pb
from schema.proto.mercato.inventory.v1 import inventory_pb2_grpc as pb_grpc
from shared.ids import new_id
from shared.rpc.client import RpcClient
from shared.security.secrets import Secret
from tests.backends import Backends
from tests.subgraphs import Running, eventually, fresh_environment, running


async def stock(connection: asyncpg.Connection) -> str:
    variant, warehouse = new_id(), new_id()
    await connection.execute(
        "INSERT INTO warehouses (id, code, name, country) VALUES ($1, 'HAM', 'Hamburg', 'DE')", warehouse
    )
    await connection.execute("INSERT INTO stock_items (variant_id, version) VALUES ($1, 1)", variant)
    await connection.execute(
        "INSERT INTO stock_levels (variant_id, warehouse_id, on_hand) VALUES ($1, $2, 9)", variant, warehouse
    )
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
        await eventually(lambda: waits_for_a_lock(blocker), "the command is under way")
        process.process.send_signal(signal.SIGTERM)
        await transaction.rollback()
        assert (await call).WhichOneof("outcome") == "reserved"
        assert await asyncio.wait_for(process.process.wait(), 30) == 0
    assert await blocker.fetchval("SELECT sum(held) FROM stock_levels") == 1
    await blocker.close()


async def waits_for_a_lock(connection: asyncpg.Connection) -> bool:
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    return bool(await connection.fetchval(waiting))


async def reserve(environment: dict[str, str], variant_id: str) -> pb.ReserveResponse:
    rpc = RpcClient(environment["INVENTORY_RPC_ADDRESS"], Secret(environment["RPC_SECRET"]))
    return await rpc.call(pb_grpc.InventoryStub(rpc.channel).Reserve, reserve_request(variant_id))


def reserve_request(variant_id: str) -> pb.ReserveRequest:
    order_id = str(new_id())
    line = pb.ReservationLine(line_id=str(new_id()), variant_id=variant_id, quantity=1)
    return pb.ReserveRequest(idempotency_key=order_id, order_id=order_id, lines=[line], ttl_seconds=60)


async def test_connections_end_with_an_answer_before_the_process_leaves(backends: Backends) -> None:
    environment = await fresh_environment(backends, "inventory", "kafka")
    async with running("inventory", {**environment, "DRAIN_SECONDS": "2"}, "serve") as process:
        assert "connection" not in (await process.http.post("/graphql", json={})).headers
        process.process.send_signal(signal.SIGTERM)
        await eventually(lambda: is_stopping(process), "the process is stopping")
        kept, fresh = await process.http.post("/graphql", json={}), await process.http.post("/graphql", json={})
        assert [response.headers["connection"] for response in (kept, fresh)] == ["close", "close"]
        assert await asyncio.wait_for(process.process.wait(), 30) == 0


async def is_stopping(process: Running) -> bool:
    return (await process.http.get("/health/ready")).status_code == 503
