"""Nodes that are taken away from a running mesh."""

import contextlib
from collections.abc import AsyncIterator

import pytest

from tests.cluster.kubectl import kubectl_program, output_of
from tests.cluster.mesh import Mesh
from tests.cluster.overlay import INSTANCE
from tests.cluster.traffic import traffic

pytestmark = pytest.mark.cluster

_BACKENDS = ("postgres", "kafka", "valkey", "localstripe", "mailbox")


async def test_node_without_backends_is_drained_and_nobody_notices(mesh: Mesh) -> None:
    home, *others = await _nodes(mesh)
    if not others:
        pytest.skip("the cluster has one node: where it is drained, nothing is left")
    assert {pod.node for pod in await mesh.ready_pods(*_BACKENDS)} == {home}
    async with traffic(mesh.kubectl) as shopped, _drained(mesh, others[0]):
        assert not [pod for pod in await mesh.pods() if pod.node == others[0] and INSTANCE in pod.labels]
        await mesh.ready()
    shopped.assert_nobody_noticed()
    await mesh.reconcile()


async def test_node_with_every_backend_is_drained_and_nothing_is_lost(mesh: Mesh) -> None:
    home, *others = await _nodes(mesh)
    if not others or await _volumes_stay(mesh):
        pytest.skip("one node, or volumes that stay on theirs: backends have nowhere to go")
    async with traffic(mesh.kubectl) as shopped, _drained(mesh, home):
        await mesh.ready()
    shopped.assert_nothing_was_lost()
    await mesh.reconcile()


async def _nodes(mesh: Mesh) -> list[str]:
    return sorted(str(node["metadata"]["name"]) for node in await mesh.kubectl.items("nodes"))


async def _volumes_stay(mesh: Mesh) -> bool:
    claims = {found["spec"]["volumeName"] for found in await mesh.kubectl.items("persistentvolumeclaims")}
    volumes = await mesh.kubectl.items("persistentvolumes")
    return any("nodeAffinity" in found["spec"] for found in volumes if found["metadata"]["name"] in claims)


@contextlib.asynccontextmanager
async def _drained(mesh: Mesh, node: str) -> AsyncIterator[None]:
    """Evicts what is ours, within what the PodDisruptionBudgets allow; takes the node back in any case."""
    ours = f"{INSTANCE}={mesh.release.namespace}"
    try:
        options = ("--ignore-daemonsets", "--delete-emptydir-data", "--pod-selector", ours, "--timeout", "240s")
        await output_of(kubectl_program(), "drain", node, *options, seconds=250)
        yield
    finally:
        await output_of(kubectl_program(), "uncordon", node)
