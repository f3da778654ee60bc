"""Pods that die in the middle of an order: somebody else goes on, and the books agree."""

import pytest

from tests.cluster.mesh import PAUSE_SECONDS, Mesh
from tests.cluster.overlay import of_environment
from tests.cluster.traffic import traffic
from tests.subgraphs import eventually

pytestmark = pytest.mark.cluster

# Each kills the process once, before its effect is recorded, after it, or between the two.
FAULTS = {
    "orders-work": "orders.RESERVE.after=kill,orders.CAPTURE.before=kill",
    "payments-serve": "payments.AUTHORIZE.after=kill,payments.CAPTURE.recorded=kill",
    "inventory-serve": "inventory.COMMIT.after=kill",
}


async def test_pods_deleted_without_grace_leave_no_order_behind(mesh: Mesh) -> None:
    async with traffic(mesh.kubectl, orders=3) as shopped:
        for workload in ("orders-work", "payments-serve", "inventory-serve", "notifications-work"):
            (victim, *_) = await mesh.ready_pods(workload)
            await mesh.kubectl.run("delete", "pod", victim.name, "--grace-period=0", "--force")
        await mesh.ready()
    shopped.assert_nothing_was_lost()
    await mesh.reconcile()


async def test_processes_killed_at_each_step_leave_no_order_behind(mesh: Mesh) -> None:
    armed = {"MERCATO_ENVIRONMENT": "test", "FAULT_ONCE_DIRECTORY": "/tmp"}
    faults = (of_environment(name, {**armed, "FAULT_POINTS": points}) for name, points in FAULTS.items())
    await mesh.apply(mesh.release.with_patches(*faults))
    await mesh.rolled_out(FAULTS)
    async with traffic(mesh.kubectl, orders=3) as shopped:
        await eventually(lambda: _have_died(mesh), "a process of each was killed", 60, PAUSE_SECONDS)
        await mesh.ready()
    shopped.assert_nothing_was_lost()
    await mesh.reconcile()
    await mesh.restore()


async def _have_died(mesh: Mesh) -> bool:
    return {pod.workload for pod in await mesh.pods(*FAULTS) if pod.restarts} == set(FAULTS)
