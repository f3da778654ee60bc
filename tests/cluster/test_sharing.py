"""Workers of one subgraph share its work."""

import json

import pytest

from tests.cluster.inside import MEMBERS, RELAYS
from tests.cluster.mesh import PAUSE_SECONDS, Mesh
from tests.cluster.traffic import traffic
from tests.subgraphs import eventually

pytestmark = pytest.mark.cluster


async def test_three_workers_share_partitions_and_one_relays(mesh: Mesh) -> None:
    async with traffic(mesh.kubectl, orders=2) as shopped:
        await mesh.apply(mesh.release.with_replicas(orders_work=3))
        await mesh.rolled_out(["orders-work"])
        await eventually(lambda: _share_partitions(mesh), "three members with partitions each", 60, PAUSE_SECONDS)
        leader = await eventually(lambda: _leader_of_three(mesh), "one of three relays leads", 30, PAUSE_SECONDS)
        (victim,) = [pod for pod in await mesh.pods("orders-work") if pod.address == leader]
        await mesh.kubectl.run("delete", "pod", victim.name, "--grace-period=0", "--force")
        await eventually(lambda: _another_leads(mesh, leader), "another relay leads", 30, PAUSE_SECONDS)
        await mesh.restore()
    shopped.assert_nothing_was_lost()
    await mesh.reconcile()


async def _share_partitions(mesh: Mesh) -> bool:
    members: dict[str, int] = json.loads(await mesh.kubectl.run_program("deployment/orders-work", MEMBERS, "orders"))
    pods = {pod.address for pod in await mesh.ready_pods("orders-work")}
    return len(pods) == 3 and set(members) == pods and all(members.values())


async def _relays(mesh: Mesh) -> dict[str, bool]:
    relays: dict[str, bool] = json.loads(await mesh.kubectl.run_program("deployment/orders-serve", RELAYS))
    return relays


async def _leader_of_three(mesh: Mesh) -> str | None:
    relays = await _relays(mesh)
    leaders = [address for address, leads in relays.items() if leads]
    return leaders[0] if len(relays) == 3 and len(leaders) == 1 else None


async def _another_leads(mesh: Mesh, former: str) -> bool:
    relays = await _relays(mesh)
    return any(leads for address, leads in relays.items() if address != former)
