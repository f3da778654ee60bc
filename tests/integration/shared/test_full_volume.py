"""A database whose volume is full.

Callers are told to come back, probes are told why, and it passes when there is room again.
"""

import contextlib
import os
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import pytest
import pytest_asyncio

from schema.proto.mercato.inventory.v1 import inventory_pb2 as pb
from schema.proto.mercato.inventory.v1 import inventory_pb2_grpc as pb_grpc
from shared.errors import Unavailable
from shared.persistence.migration import migrate
from shared.rpc.client import RpcClient
from shared.security.secrets import Secret
from tests.backends import Backends
from tests.integration.shared.test_graceful_stop import reserve_request, stock
from tests.subgraphs import Running, built, eventually, fresh_environment, running
from tilt.embedded.unprivileged import give_away

_MEGABYTES = 32
_NOTHING_LEFT = "No space left on device"


@dataclass(frozen=True)
class Volume:
    """A small file system with a database on it, and a file that takes what room there is."""

    folder: Path

    def fill(self) -> None:
        """Leaves no room."""
        with contextlib.suppress(OSError), (self.folder / "ballast").open("wb", buffering=0) as file:
            while file.write(bytes(64 * 1024)):
                pass
        with contextlib.suppress(OSError), (self.folder / "ballast").open("ab", buffering=0) as file:
            while file.write(b"\0"):
                pass

    def make_room(self) -> None:
        """What was taken is free again."""
        (self.folder / "ballast").unlink()


@pytest.fixture(scope="module")
def volume() -> Iterator[Volume]:
    """Needs the right to mount one."""
    if os.geteuid() != 0 or not shutil.which("mount"):
        pytest.skip("only root can mount a volume that is small enough to fill")
    folder = Path(tempfile.mkdtemp(prefix="mercato-volume-"))
    mounted = _run("mount", "-t", "tmpfs", "-o", f"size={_MEGABYTES}m,mode=755", "tmpfs", str(folder))
    if mounted.returncode:
        pytest.skip(f"no volume can be mounted here: {mounted.stderr.strip()}")
    try:
        yield Volume(folder)
    finally:
        _run("umount", "--lazy", str(folder))
        folder.rmdir()


def _run(*command: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest_asyncio.fixture
async def inventory(backends: Backends, volume: Volume) -> AsyncIterator[Running]:
    """Inventory with its database on that volume."""
    environment = await fresh_environment(backends, "inventory", "kafka")
    name = f"inventory_{secrets.token_hex(4)}"
    give_away(volume.folder)
    administrator = await asyncpg.connect((await backends.postgres()).url())
    try:
        await administrator.execute(f"CREATE TABLESPACE {name} LOCATION '{volume.folder}'")
        await administrator.execute(f"CREATE DATABASE {name} OWNER inventory TABLESPACE {name}")
        url = environment["INVENTORY_DATABASE_URL"].rpartition("/")[0] + f"/{name}"
        environment["INVENTORY_DATABASE_URL"] = url
        await migrate(built("inventory", environment))
        async with running("inventory", environment, "serve") as subgraph:
            yield subgraph
    finally:
        await administrator.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        await administrator.execute(f"DROP TABLESPACE IF EXISTS {name}")
        await administrator.close()


async def test_a_full_volume_is_an_outage_that_is_told_and_passes(inventory: Running, volume: Volume) -> None:
    variant_id = await with_stock(inventory)
    await reserve(inventory, variant_id)
    volume.fill()
    with pytest.raises(Unavailable):
        await reserve_often(inventory, variant_id)
    failures = (await inventory.http.get("/health/ready")).json()["failures"]
    assert _NOTHING_LEFT in failures["room"]
    assert (await inventory.http.get("/health/live")).status_code == 200
    volume.make_room()

    async def is_ready() -> bool:
        return (await inventory.http.get("/health/ready")).status_code == 200

    await eventually(is_ready, "it is ready when there is room")
    await reserve(inventory, variant_id)


async def with_stock(inventory: Running) -> str:
    connection = await asyncpg.connect(inventory.environment["INVENTORY_DATABASE_URL"])
    try:
        variant_id = await stock(connection)
        await connection.execute("UPDATE stock_levels SET on_hand = 100000")
        return variant_id
    finally:
        await connection.close()


async def reserve_often(inventory: Running, variant_id: str) -> None:
    """More often than there is room for in pages that exist."""
    for _ in range(1000):
        await reserve(inventory, variant_id)


async def reserve(inventory: Running, variant_id: str) -> None:
    rpc = RpcClient(inventory.environment["INVENTORY_RPC_ADDRESS"], Secret(inventory.environment["RPC_SECRET"]))
    try:
        answer: pb.ReserveResponse = await rpc.call(
            pb_grpc.InventoryStub(rpc.channel).Reserve, reserve_request(variant_id)
        )
        assert answer.WhichOneof("outcome") == "reserved"
    finally:
        await rpc.close()
