"""One mesh for all tests of this folder, in a namespace of its own that is gone afterwards."""

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
import yaml

from tests.cluster.kubectl import CommandError, Kubectl, kubectl_program, output_of
from tests.cluster.mesh import READY_SECONDS, Mesh
from tests.cluster.overlay import OVERLAY, REPOSITORY, SERVING, WORKING, Release, of_backends
from tests.cluster.traffic import shoppers

HERE = Path(__file__).parent
NAMESPACE = "mercato-test"
# First what a mesh is there for, last what takes most of it apart.
ORDER = (
    "manifests_accepted",
    "secrets",
    "tilt",
    "arrival",
    "callers",
    "restarts",
    "deaths",
    "sharing",
    "releases",
    "bad_rollouts",
    "drains",
    "mutual_tls",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Orders the modules of this folder; those that need no mesh come first."""
    items.sort(key=lambda item: ORDER.index(_subject(item)) if _subject(item) in ORDER else -1)


def _subject(item: pytest.Item) -> str:
    return item.path.stem.removeprefix("test_") if item.path.parent == HERE else ""


@pytest_asyncio.fixture(scope="session")
async def mesh() -> AsyncIterator[Mesh]:
    """The offline overlay, ready, with two of everything that can be two. Each test leaves it so."""
    kubectl = Kubectl(NAMESPACE)
    nodes = await _nodes()
    own = os.environ.get("MERCATO_VERSION")
    versions = {
        image: own or version
        for image, version in yaml.safe_load((OVERLAY / "versions.yaml").read_text())["data"].items()
    }
    replicas = dict.fromkeys((*SERVING, *WORKING, "router"), 2)
    mesh = Mesh(kubectl, Release(NAMESPACE, await _registry(), versions, replicas, of_backends(nodes[0])))
    try:
        await _install(mesh)
        yield mesh
    finally:
        if "MERCATO_KEEP_MESH" not in os.environ:
            await kubectl.run("delete", "namespace", NAMESPACE, "--ignore-not-found", "--wait=false")


async def _install(mesh: Mesh) -> None:
    await _make_namespace(mesh)
    await output_of(str(REPOSITORY / "scripts" / "secrets"), "--namespace", NAMESPACE, "--development")
    await mesh.apply(mesh.release)
    await mesh.kubectl.apply(shoppers(_image(mesh, "inventory")))
    await mesh.explained(lambda: _has_images(mesh), "pods have images", READY_SECONDS)
    await mesh.ready()


async def _make_namespace(mesh: Mesh) -> None:
    if "MERCATO_KEEP_MESH" not in os.environ:
        await mesh.kubectl.run("delete", "namespace", NAMESPACE, "--ignore-not-found")
    await mesh.kubectl.apply([found for found in await mesh.release.rendered() if found["kind"] == "Namespace"])


async def _has_images(mesh: Mesh) -> bool:
    """Whether every pod was begun; ends the tests when an image is nowhere to be had."""
    pods = await mesh.pods()
    missing = sorted({pod.image for pod in pods if pod.has_no_image})
    if missing:
        way_out = "run `make images`, push or load them, and say in MERCATO_IMAGE_REGISTRY where they are"
        pytest.exit(f"the cluster has no {', '.join(missing)}: {way_out}", 1)
    return all(pod.address and pod.trouble != "ContainerCreating" for pod in pods)


def _image(mesh: Mesh, name: str) -> str:
    prefix = f"{mesh.release.registry}/" if mesh.release.registry else ""
    return f"{prefix}mercato/{name}:{mesh.release.versions[name]}"


async def _registry() -> str:
    """From where nodes pull our images: what we are told, or the local registry that the cluster tells of.

    Empty for neither.
    """
    if "MERCATO_IMAGE_REGISTRY" in os.environ:
        return os.environ["MERCATO_IMAGE_REGISTRY"]
    told = await Kubectl("kube-public").items("configmaps")
    hosting = [
        found["data"]["localRegistryHosting.v1"]
        for found in told
        if found["metadata"]["name"] == "local-registry-hosting"
    ]
    return str(yaml.safe_load(hosting[0])["host"]) if hosting else ""


async def _nodes() -> list[str]:
    """The names of all nodes; ends the tests when there is no cluster."""
    try:
        return sorted(
            (await output_of(kubectl_program(), "get", "nodes", "--output", "name")).replace("node/", "").split()
        )
    except CommandError as failure:
        pytest.exit(f"no cluster answers; KUBECONFIG has to name one: {str(failure).splitlines()[-1]}", 1)
