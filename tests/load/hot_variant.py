"""How many sales of one variant a second inventory makes, and how many of as many variants as there are buyers.

``python -m tests.load.hot_variant``: a sale is Reserve and Commit, as orders ask for them, by buyers who all come
at once. The difference of both is what the lock of one row costs. Postgres does not wait for its disk here: add
two commits for one that does.
"""

import asyncio
import os
import sys
import tempfile
from pathlib import Path

from schema.proto.mercato.inventory.v1 import inventory_pb2 as pb
from schema.proto.mercato.inventory.v1.inventory_pb2_grpc import InventoryStub
from seeds.catalogue import catalogue
from shared.ids import new_id
from shared.persistence import db
from shared.persistence.migration import tortoise_config
from shared.rpc.client import RpcClient
from shared.security.secrets import Secret
from tests.backends import Backends
from tests.load.client import measure
from tests.load.report import Row, show
from tests.stock import set_available
from tests.subgraphs import built, fresh_environment, running

BUYERS = 32
SECONDS = 10.0
UNITS = 1_000_000


async def main() -> None:
    """Measures an inventory of its own and prints."""
    with tempfile.TemporaryDirectory(prefix="mercato-load-") as folder:
        backends = Backends(Path(folder))
        try:
            environment = await fresh_environment(backends, "inventory", "kafka")
            async with running("inventory", environment):
                variants = await _stocked(environment)
                rpc = RpcClient(environment["INVENTORY_RPC_ADDRESS"], Secret(environment["RPC_SECRET"]))
                one, many = await _sales(rpc, variants[:1]), await _sales(rpc, variants)
                await rpc.close()
        finally:
            await backends.stop()
    show(
        [
            Row(f"sales of one variant a second, {BUYERS} buyers", f"{one:.0f}", ""),
            Row(f"sales of {BUYERS} variants a second", f"{many:.0f}", ""),
        ]
    )


async def _stocked(environment: dict[str, str]) -> list[str]:
    """Variants with more units than can be sold."""
    inventory = built("inventory", environment)
    seed = (sys.executable, "-m", "subgraphs.inventory", "seed", "--products", str(BUYERS))
    seeding = await asyncio.create_subprocess_exec(*seed, env={**os.environ, **environment})
    if await seeding.wait():
        raise RuntimeError("inventory was not seeded")
    variants = [variant.id for product in catalogue(BUYERS) for variant in product.variants][:BUYERS]
    async with db.connected(tortoise_config(inventory)):
        for variant_id in variants:
            await set_available(variant_id, UNITS, "for a measurement")
    return [str(variant_id) for variant_id in variants]


async def _sales(rpc: RpcClient, variants: list[str]) -> float:
    stub = InventoryStub(rpc.channel)

    async def sell(number: int) -> None:
        order_id = str(new_id())
        line = pb.ReservationLine(line_id=str(new_id()), variant_id=variants[number % len(variants)], quantity=1)
        request = pb.ReserveRequest(
            idempotency_key=f"{order_id}:RESERVE", order_id=order_id, lines=[line], ttl_seconds=600
        )
        await rpc.call(stub.Reserve, request)
        await rpc.call(stub.Commit, pb.CommitRequest(idempotency_key=f"{order_id}:COMMIT", order_id=order_id))

    return (await measure(sell, BUYERS, SECONDS)).per_second


if __name__ == "__main__":
    asyncio.run(main())
