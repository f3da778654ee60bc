"""The offline overlay on a cluster: everything comes up, and the shop is open."""

import pytest

from tests.cluster.kubectl import Kubectl
from tests.cluster.mesh import Mesh
from tests.cluster.overlay import SERVING, WORKING

pytestmark = pytest.mark.cluster

# A probe that fails while its process starts is what it is for; a Job that has to wait for its server is tried again.
_HARMLESS_REASONS = ("Unhealthy", "FailedScheduling", "BackOff")
_JOBS = ("migrate", "seed", "databases", "topics")


async def test_offline_overlay_is_ready_on_every_node(mesh: Mesh) -> None:
    nodes = {
        node["metadata"]["name"] for node in await mesh.kubectl.items("nodes") if not node["spec"].get("unschedulable")
    }
    for workload in (*SERVING, *WORKING, "router"):
        pods = await mesh.ready_pods(workload)
        assert len(pods) == 2, f"{workload}: {[pod.name for pod in pods]}"
        assert len({pod.node for pod in pods}) == min(2, len(nodes)), f"{workload} is on {[pod.node for pod in pods]}"


async def test_no_container_had_to_be_started_again(mesh: Mesh) -> None:
    restarted = [f"{pod.name}: {pod.restarts}" for pod in await mesh.pods() if pod.restarts]
    assert restarted == [], await mesh.what_is_not_ready()


async def test_no_warning_matters(mesh: Mesh) -> None:
    warnings = await _warnings(mesh.kubectl)
    assert [warning for warning in warnings if not _is_harmless(*warning)] == []


async def test_demonstration_passes_through_the_services(mesh: Mesh) -> None:
    async with mesh.demonstration() as demonstrate:
        assert "All of it happened." in await demonstrate()
    await mesh.reconcile()


async def _warnings(kubectl: Kubectl) -> list[tuple[str, str, str]]:
    events = await kubectl.items("events", "--field-selector", "type=Warning")
    return [(event["involvedObject"]["name"], event["reason"], event.get("message", "")) for event in events]


def _is_harmless(name: str, reason: str, message: str) -> bool:
    if reason == "FailedMount":
        return (
            "not found" not in message
        )  # a busy node's, or one that was told of the pod before its volume; it tries again
    if reason == "Unhealthy":
        return not message.startswith("Liveness")
    if reason in ("Failed", "BackOff") and "mage" in message:
        return True  # a pull that did not succeed at once
    if reason == "ClusterIPNotAllocated":
        return message.endswith(
            "repairing"
        )  # the API server's own table of addresses, behind for a moment, which it mends itself
    if reason == "BackOff":
        return any(f"-{kind}-" in f"-{name}" for kind in _JOBS)
    return reason in _HARMLESS_REASONS
