"""The chart makes what the overlays make, object by object, is valid, and refuses values that make no sense."""

import json
import shutil
from functools import cache
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

from tests.deployment.drift import drift
from tests.deployment.helm import CHARTS, KUBERNETES, RejectedError, helm, needs_helm, rendered
from tests.deployment.manifests import LIVE, OVERLAYS, Manifest, named, of_kind, overlay
from tilt.embedded.subgraphs import SUBGRAPHS

pytestmark = needs_helm

# Prometheus Operator, cert-manager and KEDA bring the schemas of these themselves.
OF_OPERATORS = {"monitoring.coreos.com/v1", "cert-manager.io/v1", "keda.sh/v1alpha1"}
OPTIONS = {name: ("--values", str(CHARTS / "mercato" / f"values-{name}.yaml")) for name in OVERLAYS}


@cache
def _text_of(name: str) -> str:
    return json.dumps(rendered("mercato", "--set", "namespace.create=true", *OPTIONS[name]))


def chart(name: str) -> list[Manifest]:
    """The chart's objects with the values of that name: the caller's own, to change as it likes."""
    found: list[Manifest] = json.loads(_text_of(name))
    return found


@pytest.mark.parametrize("name", OPTIONS)
def test_the_chart_makes_what_the_overlay_makes(name: str) -> None:
    found = drift(overlay(name), chart(name))
    assert not found, "\n\n".join(
        [f"{len(found)} objects differ between k8s/overlays/{name} and k8s/helm/mercato", *found]
    )


def test_whatever_is_changed_in_an_overlay_is_told() -> None:
    changed = chart("production")
    named(changed, "Deployment", "orders-serve")["spec"]["template"]["spec"]["containers"][0]["resources"]["limits"][
        "memory"
    ] = "1Gi"
    changed.remove(named(changed, "PodDisruptionBudget", "router"))
    text = "\n".join(drift(changed, chart("production")))
    assert "--- Deployment orders-serve of the overlay" in text
    assert "-            memory: 1Gi" in text
    assert "+            memory: 320Mi" in text
    assert "+++ PodDisruptionBudget router of the chart" in text


def test_whatever_the_chart_alone_has_or_lacks_is_told() -> None:
    objects = [each for each in chart("production") if each["metadata"]["name"] != "default-deny"]
    named(objects, "Service", "orders")["spec"]["selector"]["tier"] = "gold"
    found = drift(chart("production"), objects)
    assert len(found) == 2
    assert found[0].startswith("--- NetworkPolicy default-deny of the overlay")
    assert "+    tier: gold" in found[1]


@pytest.mark.parametrize("name", ["mercato", "monitoring"])
@pytest.mark.parametrize(
    "values", ["", "values-development.yaml", "values-offline.yaml", "values-staging.yaml", "values-production.yaml"]
)
def test_helm_finds_nothing_to_complain_about(name: str, values: str) -> None:
    file = CHARTS / name / values
    options = ["--values", str(file)] if values and file.exists() else []
    assert "0 chart(s) failed" in helm("lint", "--strict", "--kube-version", KUBERNETES, str(CHARTS / name), *options)


@pytest.mark.parametrize("name", OPTIONS)
def test_every_object_is_valid_by_the_schema_of_kubernetes(name: str) -> None:
    own = [each for each in chart(name) if each["apiVersion"] not in OF_OPERATORS]
    assert len(own) > 50
    for each in own:
        kubernetes_validate.validate(each, "1.34", strict=True)


def test_an_unknown_field_is_not_valid() -> None:
    service = named(chart("development"), "Service", "orders")
    service["spec"]["prots"] = []
    with pytest.raises(kubernetes_validate.ValidationError, match="prots"):
        kubernetes_validate.validate(service, "1.34", strict=True)


@pytest.mark.parametrize(
    ("setting", "complaint"),
    [
        ("subgraphs.ordesr.image=mercato/orders", "ordesr"),
        ("subgraphs.orders.serve.replicas=0", r"/subgraphs/orders/serve/replicas.*\n?.*minimum"),
        ("work.replicas=2.5", "/work/replicas"),
        ("image.version=latest", "/image/version.*latest"),
        ("subgraphs.orders.version=latest", "/subgraphs/orders/version.*latest"),
        ("postgres.image=postgres:latest", "/postgres/image"),
        ("postgres.image=postgres", "/postgres/image"),
        ("subgraphs.orders.image=null", r"/subgraphs/orders.*image"),
        ("router.image=", "/router/image"),
        ("subgraphs.orders=null", "missing property 'orders'"),
        ("tls=yes-please", "/tls"),
        ("settings.log_level=INFO", "log_level"),
        ("publicUrl=shop.example.com", "/publicUrl"),
        ("serve.resources.limits.memory=much", "/serve/resources/limits/memory"),
        ("kafka.storage=5", "/kafka/storage"),
        ("replicas=3", "replicas"),
    ],
)
def test_values_that_make_no_sense_are_refused_by_name(setting: str, complaint: str) -> None:
    with pytest.raises(RejectedError, match=complaint):
        rendered("mercato", "--set", setting)


def test_a_subgraph_can_be_released_alone() -> None:
    objects = rendered("mercato", *OPTIONS["production"], "--set", "subgraphs.orders.version=0.2.0")
    images = {name: _image(named(objects, "Deployment", f"{name}-serve")) for name in SUBGRAPHS}
    assert {name for name, image in images.items() if image.endswith(":0.2.0")} == {"orders"}
    assert named(objects, "Job", "orders-migrate-0.2.0")
    assert named(objects, "Job", "users-migrate-0.1.0")


def test_replicas_and_registry_go_where_they_belong() -> None:
    objects = rendered(
        "mercato", "--set", "serve.replicas=2,subgraphs.orders.serve.replicas=5,image.registry=registry.example.com/"
    )
    replicas = {name: named(objects, "Deployment", f"{name}-serve")["spec"].get("replicas") for name in SUBGRAPHS}
    assert replicas == {name: 5 if name == "orders" else 2 for name in SUBGRAPHS}
    assert "replicas" not in named(objects, "Deployment", "orders-work")["spec"]
    assert _image(named(objects, "Deployment", "router")) == "registry.example.com/mercato/router:dev"
    assert _image(named(objects, "StatefulSet", "postgres")) == "postgres:18.6"


def test_everything_goes_into_the_namespace_of_the_release() -> None:
    objects = rendered("mercato", *OPTIONS["production"], namespace="elsewhere")
    assert {each["metadata"]["namespace"] for each in objects} == {"elsewhere"}
    certificate = named(objects, "Certificate", "orders")
    assert "orders.elsewhere.svc.cluster.local" in certificate["spec"]["dnsNames"]


@pytest.mark.parametrize("name", OPTIONS)
def test_the_test_of_a_release_may_ask_the_router_where_policies_are(name: str) -> None:
    hooks = [each for each in chart(name) if (each["metadata"].get("annotations") or {}).get("helm.sh/hook") == "test"]
    assert [each["metadata"]["name"] for each in of_kind(hooks, "Pod")] == ["test-query"]
    policies = {each["metadata"]["name"] for each in of_kind(hooks, "NetworkPolicy")}
    assert policies == ({"test-to-router", "router-from-test"} if name in LIVE else set())


@pytest.mark.parametrize(
    ("name", "said"), [("development", "--development"), ("production", "--postgres-per-subgraph")]
)
def test_the_notes_say_how_to_make_secrets_and_how_to_reach_it(name: str, said: str, tmp_path: Path) -> None:
    notes = _notes(tmp_path, *OPTIONS[name])
    assert f"scripts/secrets --namespace mercato {said}" in notes
    assert ("service/router 4000:4000" if name == "development" else "https://shop.example.com/graphql") in notes


def _notes(folder: Path, *options: str) -> str:
    """NOTES.txt as a person would read it.

    Helm shows it only once it has talked to a cluster: here it is rendered as an object.
    """
    shutil.copytree(CHARTS / "mercato", folder / "mercato")
    templates = folder / "mercato" / "templates"
    (templates / "NOTES.txt").rename(folder / "mercato" / "notes.txt")
    (templates / "notes.yaml").write_text(
        '{ kind: Notes, text: {{ tpl (.Files.Get "notes.txt") . | quote }} }', encoding="utf-8"
    )
    named = ("--namespace", "mercato", "--kube-version", KUBERNETES, "--show-only", "templates/notes.yaml")
    return str(yaml.safe_load(helm("template", "mercato", str(folder / "mercato"), *named, *options))["text"])


def _image(workload: dict[str, Any]) -> str:
    return str(workload["spec"]["template"]["spec"]["containers"][0]["image"])
