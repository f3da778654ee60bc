"""Every overlay renders, and holds what it is for."""

import re
import shutil
from pathlib import Path

import pytest
import yaml

from tests.deployment.manifests import (
    KUBERNETES,
    LIVE,
    OVERLAYS,
    Manifest,
    RenderError,
    component,
    container,
    containers,
    named,
    of_kind,
    overlay,
    rendered,
    workloads,
)
from tilt.embedded.manifest import callers
from tilt.embedded.subgraphs import MANIFESTS, SUBGRAPHS

IMAGES = {f"mercato/{name}" for name in (*SUBGRAPHS, "router", "backends")}
PINNED = re.compile(r"[a-z0-9./-]+:([0-9]+(\.[0-9]+)+|dev)")


def names(objects: list[Manifest], kind: str) -> set[str]:
    return {each["metadata"]["name"] for each in of_kind(objects, kind)}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A copy of all manifests, to change them."""
    for folder in ("base", "components", "overlays"):
        shutil.copytree(KUBERNETES / folder, tmp_path / folder)
    return tmp_path


@pytest.mark.parametrize("name", OVERLAYS)
def test_every_subgraph_serves_works_and_migrates_in_every_overlay(name: str) -> None:
    objects = overlay(name)
    found = {(component(each), each["metadata"]["labels"]["app.kubernetes.io/name"]) for each in workloads(objects)}
    assert found >= {(what, subgraph) for subgraph in SUBGRAPHS for what in ("serve", "work", "migrate")}
    assert ("router", "router") in found
    assert names(objects, "Service") >= {*SUBGRAPHS, "router", "kafka", "valkey"}


@pytest.mark.parametrize("name", OVERLAYS)
def test_a_service_finds_the_pods_that_it_is_for(name: str) -> None:
    objects = overlay(name)
    for service in of_kind(objects, "Service"):
        wanted = service["spec"]["selector"].items()
        pods = [each["spec"]["template"]["metadata"]["labels"] for each in workloads(objects)]
        assert len([each for each in pods if wanted <= each.items()]) == 1, service["metadata"]["name"]


@pytest.mark.parametrize("name", OVERLAYS)
def test_the_port_of_a_service_is_a_port_of_its_pods(name: str) -> None:
    objects = overlay(name)
    for service in of_kind(objects, "Service"):
        wanted = service["spec"]["selector"].items()
        (workload,) = (
            each for each in workloads(objects) if wanted <= each["spec"]["template"]["metadata"]["labels"].items()
        )
        assert {each["targetPort"] for each in service["spec"]["ports"]} <= {
            each["name"] for each in container(workload)["ports"]
        }


def test_only_those_that_others_call_have_grpc_in_their_service() -> None:
    services = of_kind(overlay("offline"), "Service")
    assert {
        each["metadata"]["name"] for each in services if any(port["name"] == "grpc" for port in each["spec"]["ports"])
    } == {name for name in SUBGRAPHS if callers(MANIFESTS, name)}


@pytest.mark.parametrize("name", OVERLAYS)
def test_images_have_an_exact_version(name: str) -> None:
    for each in containers(overlay(name)):
        assert PINNED.fullmatch(each["image"]), each["image"]


def test_the_offline_overlay_needs_no_image_but_ours() -> None:
    for each in containers(overlay("offline")):
        assert each["image"].partition(":")[0] in IMAGES
        assert each["imagePullPolicy"] == "IfNotPresent"


@pytest.mark.parametrize("name", LIVE)
def test_what_customers_use_holds_no_demonstration(name: str) -> None:
    objects = overlay(name)
    everything = {each["metadata"]["name"] for each in objects}
    assert not everything & {"localstripe", "mailbox", "postgres"}
    assert not [each for each in workloads(objects) if component(each) == "seed"]
    assert "STRIPE_API_BASE" not in named(objects, "ConfigMap", "mercato")["data"]
    assert everything >= {f"{subgraph}-postgres" for subgraph in SUBGRAPHS}


def test_production_has_two_of_everything_and_three_brokers() -> None:
    objects = overlay("production")
    least = {
        each["spec"]["scaleTargetRef"]["name"]: each["spec"]["minReplicas"]
        for each in of_kind(objects, "HorizontalPodAutoscaler")
    }
    least |= {
        each["spec"]["scaleTargetRef"]["name"]: each["spec"]["minReplicaCount"]
        for each in of_kind(objects, "ScaledObject")
    }
    ours = [each for each in of_kind(objects, "Deployment") if component(each) in ("serve", "work", "router")]
    assert len(ours) == 2 * len(SUBGRAPHS) + 1
    for each in ours:
        assert "replicas" not in each["spec"], "kubectl apply would undo what an autoscaler did"
        assert least[each["metadata"]["name"]] >= 2
    assert named(objects, "StatefulSet", "kafka")["spec"]["replicas"] == 3


def test_staging_has_two_of_everything_without_an_autoscaler() -> None:
    objects = overlay("staging")
    assert not of_kind(objects, "HorizontalPodAutoscaler", "ScaledObject")
    ours = [each for each in of_kind(objects, "Deployment") if component(each) in ("serve", "work", "router")]
    assert {each["spec"]["replicas"] for each in ours} == {2}


def test_a_new_version_of_one_subgraph_makes_a_new_job_and_changes_nobody_else(tree: Path) -> None:
    before = {(each["kind"], each["metadata"]["name"]): each for each in rendered(tree / "overlays" / "production")}
    file = tree / "overlays" / "production" / "versions.yaml"
    versions = yaml.safe_load(file.read_text())
    old = versions["data"]["orders"]
    versions["data"]["orders"] = "0.2.0"
    file.write_text(yaml.safe_dump(versions))
    after = {(each["kind"], each["metadata"]["name"]): each for each in rendered(tree / "overlays" / "production")}

    changed = {key for key in before if after.get(key) != before[key]}
    assert changed == {("Job", f"orders-migrate-{old}"), ("Deployment", "orders-serve"), ("Deployment", "orders-work")}
    assert container(after["Job", "orders-migrate-0.2.0"])["image"] == "mercato/orders:0.2.0"
    assert container(after["Deployment", "orders-serve"])["image"] == "mercato/orders:0.2.0"
    assert after["Deployment", "orders-work"]["metadata"]["labels"]["app.kubernetes.io/version"] == "0.2.0"


def test_images_of_any_registry_can_be_taken_with_the_same_jobs(tree: Path) -> None:
    folder = tree / "overlays" / "ours"
    folder.mkdir()
    images = [{"name": image, "newName": f"registry.example.com:5000/{image}"} for image in sorted(IMAGES)]
    (folder / "kustomization.yaml").write_text(yaml.safe_dump({"resources": ["../offline"], "images": images}))
    objects = rendered(folder)
    assert all(each["image"].startswith("registry.example.com:5000/mercato/") for each in containers(objects))
    assert (
        container(named(objects, "Job", "orders-migrate-dev"))["image"]
        == "registry.example.com:5000/mercato/orders:dev"
    )


def test_another_namespace_takes_everything_along(tree: Path) -> None:
    folder = tree / "overlays" / "ours"
    folder.mkdir()
    (folder / "kustomization.yaml").write_text(yaml.safe_dump({"resources": ["../offline"], "namespace": "elsewhere"}))
    objects = rendered(folder)
    assert (
        named(objects, "Namespace", "elsewhere")["metadata"]["labels"]["pod-security.kubernetes.io/enforce"]
        == "restricted"
    )
    assert {each["metadata"]["namespace"] for each in objects if each["kind"] != "Namespace"} == {"elsewhere"}


def test_a_mistake_in_a_kustomization_is_named(tree: Path) -> None:
    (tree / "base" / "orders" / "kustomization.yaml").write_text("resources: [nothing.yaml]\n")
    with pytest.raises(RenderError, match=r"nothing\.yaml"):
        rendered(tree / "overlays" / "offline")
