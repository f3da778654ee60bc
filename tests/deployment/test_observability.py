"""The servers that the chart `monitoring` brings for development: valid, restricted, and complete."""

from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

from tests.deployment import policies
from tests.deployment.checkov import needs_checkov, refused
from tests.deployment.helm import CHARTS, RejectedError, needs_helm, rendered
from tests.deployment.manifests import Manifest, container, named, of_kind, pod, workloads

pytestmark = needs_helm

VALUES = ("--values", str(CHARTS / "monitoring" / "values-development.yaml"))
SERVERS = {"prometheus", "grafana", "jaeger"}


@pytest.fixture
def objects() -> list[Manifest]:
    return rendered("monitoring", *VALUES)


def test_they_are_there_only_when_they_are_wanted(objects: list[Manifest]) -> None:
    assert {each["metadata"]["name"] for each in workloads(objects)} == SERVERS
    assert workloads(rendered("monitoring")) == []


def test_every_object_is_valid_by_the_schema_of_kubernetes(objects: list[Manifest]) -> None:
    for each in objects:
        kubernetes_validate.validate(each, "1.34", strict=True)


@pytest.mark.parametrize(
    "policy",
    [
        policies.requests_and_a_memory_limit,
        policies.no_variables_for_services,
        policies.nothing_secret_in_the_manifests,
        policies.only_the_router_is_shown_graphql,
    ],
    ids=lambda each: each.__name__,
)
def test_they_keep_a_policy(policy: policies.Policy, objects: list[Manifest]) -> None:
    assert list(policy(objects)) == []


@needs_checkov
def test_they_keep_the_policy_of_checkov(objects: list[Manifest], tmp_path: Path) -> None:
    assert not refused({"monitoring": objects}, tmp_path).get("monitoring")


def test_prometheus_alone_asks_the_api_server_and_only_for_pods(objects: list[Manifest]) -> None:
    assert {each["metadata"]["name"] for each in workloads(objects) if pod(each)["automountServiceAccountToken"]} == {
        "prometheus"
    }
    [role] = of_kind(objects, "Role")
    assert role["rules"] == [{"apiGroups": [""], "resources": ["pods"], "verbs": ["get", "list", "watch"]}]


def test_prometheus_of_another_namespace_may_look_for_the_pods_of_the_mesh() -> None:
    objects = rendered("monitoring", *VALUES, "--set", "meshNamespace=shop", namespace="monitoring")
    assert named(objects, "RoleBinding", "prometheus")["metadata"]["namespace"] == "shop"
    [subject] = named(objects, "RoleBinding", "prometheus")["subjects"]
    assert subject == {"kind": "ServiceAccount", "name": "prometheus", "namespace": "monitoring"}


def test_every_volume_of_a_config_map_is_of_one_that_the_chart_makes(objects: list[Manifest]) -> None:
    made = {each["metadata"]["name"] for each in of_kind(objects, "ConfigMap")}
    asked = {name for each in workloads(objects) for name in _config_maps(each)}
    assert asked == made


def test_grafana_starts_with_a_dashboard_that_it_has_and_sources_that_are_there(objects: list[Manifest]) -> None:
    variables = {each["name"]: each["value"] for each in container(named(objects, "Deployment", "grafana"))["env"]}
    assert named(objects, "ConfigMap", Path(variables["GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"]).stem)
    sources = yaml.safe_load(named(objects, "ConfigMap", "grafana")["data"]["sources.yaml"])["datasources"]
    ports = {each["metadata"]["name"]: each["spec"]["ports"] for each in of_kind(objects, "Service")}
    for source in sources:
        name, port = source["url"].removeprefix("http://").split(":")
        assert int(port) in [each["port"] for each in ports[name]]


def test_other_settings_are_another_pod(objects: list[Manifest]) -> None:
    changed = rendered("monitoring", *VALUES, "--set", "alerts.thresholds.outboxLagSeconds=5")
    assert _settings(named(changed, "Deployment", "prometheus")) != _settings(
        named(objects, "Deployment", "prometheus")
    )
    assert _settings(named(changed, "Deployment", "jaeger")) == _settings(named(objects, "Deployment", "jaeger"))


@pytest.mark.parametrize(
    ("setting", "named_so"),
    [
        ("servers.grafana=grafana/grafana:latest", "grafana"),
        ("servers.tempo=grafana/tempo:2.9.0", "tempo"),
        ("delivery=operator", "servers.enabled: the Prometheus it brings reads ConfigMaps"),
    ],
)
def test_values_that_make_no_sense_are_refused(setting: str, named_so: str) -> None:
    with pytest.raises(RejectedError, match=named_so):
        rendered("monitoring", *VALUES, "--set", setting)


def _config_maps(workload: Manifest) -> set[str]:
    volumes = pod(workload)["volumes"]
    projected = [source for each in volumes for source in each.get("projected", {}).get("sources", [])]
    return {each["configMap"]["name"] for each in [*volumes, *projected] if "configMap" in each}


def _settings(workload: Manifest) -> Any:
    return workload["spec"]["template"]["metadata"]["annotations"]["mercato/settings"]
