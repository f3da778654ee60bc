"""A real API server accepts each object of each overlay, field by field, where Pod Security is enforced."""

import json
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.cluster.kubectl import CommandError, Kubectl
from tests.deployment import helm
from tests.deployment.custom_resources import definitions
from tests.deployment.manifests import OVERLAYS, Manifest, container, named, of_kind, overlay, pod, rendered_in

pytestmark = pytest.mark.cluster

NAMESPACE = "mercato-accepted"
_DRY = ("--dry-run=server", "--validate=strict", "--output=name", "--filename=-")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def fresh() -> AsyncIterator[Kubectl]:
    """An empty namespace, and definitions of those custom resources that the cluster has no operator for."""
    kubectl = Kubectl(NAMESPACE)
    missing = [each for each in definitions() if not await _is_there(kubectl, each["metadata"]["name"])]
    await kubectl.apply([*missing, *of_kind(rendered_in("offline", NAMESPACE), "Namespace")])
    for each in missing:
        await kubectl.run("wait", "--for=condition=Established", f"crd/{each['metadata']['name']}")
    yield kubectl
    await kubectl.run("delete", "namespace", NAMESPACE)
    for each in missing:
        await kubectl.run("delete", "crd", each["metadata"]["name"])


async def _is_there(kubectl: Kubectl, definition: str) -> bool:
    return bool(await kubectl.run("get", "crd", definition, "--ignore-not-found", "--output", "name"))


async def accepted(kubectl: Kubectl, objects: list[Manifest]) -> set[str]:
    """What the server takes, as kind/name, and keeps not."""
    given = json.dumps({"apiVersion": "v1", "kind": "List", "items": objects})
    return set((await kubectl.run("apply", *_DRY, given=given)).split())


@pytest.mark.parametrize("name", OVERLAYS)
async def test_every_object_of_an_overlay_is_accepted(fresh: Kubectl, name: str) -> None:
    objects = rendered_in(name, NAMESPACE)
    assert len(await accepted(fresh, objects)) == len(objects)


@pytest.mark.parametrize("name", OVERLAYS)
async def test_pods_of_an_overlay_keep_to_pod_security_restricted(fresh: Kubectl, name: str) -> None:
    """A Deployment is accepted whatever its pods are; so its pods are offered one by one."""
    objects = rendered_in(name, NAMESPACE)
    pods = [_pod_of(each) for each in of_kind(objects, "Deployment", "StatefulSet", "Job")]
    await fresh.apply(of_kind(objects, "ServiceAccount"))
    assert len(await accepted(fresh, pods)) == len(pods)


@helm.needs_helm
async def test_what_watches_the_mesh_in_development_is_accepted_and_restricted(fresh: Kubectl) -> None:
    values = str(helm.CHARTS / "monitoring" / "values-development.yaml")
    objects = helm.rendered(
        "monitoring", "--values", values, "--set", f"meshNamespace={NAMESPACE}", namespace=NAMESPACE
    )
    await fresh.apply(of_kind(objects, "ServiceAccount"))
    offered = [*objects, *(_pod_of(each) for each in of_kind(objects, "Deployment"))]
    assert len(await accepted(fresh, offered)) == len(offered)


async def test_a_pod_that_is_not_restricted_is_refused(fresh: Kubectl) -> None:
    objects = rendered_in("offline", NAMESPACE)
    await fresh.apply(of_kind(objects, "ServiceAccount"))
    workload = named(objects, "Deployment", "orders-serve")
    pod(workload)["securityContext"]["runAsNonRoot"] = False
    with pytest.raises(CommandError, match='violates PodSecurity "restricted'):
        await accepted(fresh, [_pod_of(workload)])


async def test_a_field_that_there_is_not_is_refused(fresh: Kubectl) -> None:
    workload = named(overlay("offline"), "Deployment", "orders-serve")
    workload["metadata"]["namespace"] = NAMESPACE
    container(workload)["readynessProbe"] = {}
    with pytest.raises(CommandError, match="readynessProbe"):
        await accepted(fresh, [workload])


def _pod_of(workload: Manifest) -> Manifest:
    template = workload["spec"]["template"]
    metadata = {
        "name": workload["metadata"]["name"].replace(".", "-"),
        "namespace": NAMESPACE,
        "labels": template["metadata"]["labels"],
    }
    claims = [each["metadata"]["name"] for each in workload["spec"].get("volumeClaimTemplates", ())]
    volumes = [{"name": each, "persistentVolumeClaim": {"claimName": each}} for each in claims]
    specification = {**template["spec"], "volumes": [*template["spec"].get("volumes", ()), *volumes]}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": specification}
