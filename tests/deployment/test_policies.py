"""Every overlay keeps our policies, and a manifest that breaks one is refused with its name."""

import re
from collections.abc import Callable

import pytest

from tests.deployment import policies
from tests.deployment.manifests import KUBERNETES, OVERLAYS, Manifest, container, named, of_kind, overlay, pod
from tests.deployment.policies import POLICIES, Policy

Objects = list[Manifest]


@pytest.mark.parametrize("policy", POLICIES, ids=lambda each: each.__name__)
@pytest.mark.parametrize("name", OVERLAYS)
def test_an_overlay_keeps_a_policy(name: str, policy: Policy) -> None:
    assert list(policy(overlay(name))) == []


def serve(objects: Objects) -> Manifest:
    return named(objects, "Deployment", "orders-serve")


def no_startup_probe(objects: Objects) -> None:
    del container(serve(objects))["startupProbe"]


def ready_when_alive(objects: Objects) -> None:
    container(serve(objects))["readinessProbe"] = container(serve(objects))["livenessProbe"]


def alive_when_ready(objects: Objects) -> None:
    router = container(named(objects, "Deployment", "router"))
    router["livenessProbe"] = router["readinessProbe"]


def no_memory_limit(objects: Objects) -> None:
    del container(serve(objects))["resources"]["limits"]


def no_requests(objects: Objects) -> None:
    del container(named(objects, "StatefulSet", "kafka"))["resources"]["requests"]


def a_limit_of_cpu(objects: Objects) -> None:
    container(serve(objects))["resources"]["limits"]["cpu"] = "1"


def no_budget(objects: Objects) -> None:
    objects.remove(named(objects, "PodDisruptionBudget", "orders-serve"))


def a_budget_of_nothing(objects: Objects) -> None:
    named(objects, "PodDisruptionBudget", "orders-serve")["spec"]["minAvailable"] = 0


def all_on_one_node(objects: Objects) -> None:
    del pod(serve(objects))["topologySpreadConstraints"]


def an_old_pod_goes_first(objects: Objects) -> None:
    serve(objects)["spec"]["strategy"]["rollingUpdate"] = {"maxSurge": 0, "maxUnavailable": 1}


def an_end_without_warning(objects: Objects) -> None:
    del container(serve(objects))["lifecycle"]


def an_account_with_a_token(objects: Objects) -> None:
    del named(objects, "ServiceAccount", "orders")["automountServiceAccountToken"]


def a_pod_with_a_token(objects: Objects) -> None:
    del pod(serve(objects))["automountServiceAccountToken"]


def the_account_of_all(objects: Objects) -> None:
    del pod(serve(objects))["serviceAccountName"]


def variables_for_services(objects: Objects) -> None:
    del pod(serve(objects))["enableServiceLinks"]


def a_secret(objects: Objects) -> None:
    objects.append({"kind": "Secret", "metadata": {"name": "mesh"}, "stringData": {"RPC_SECRET": "guess"}})


def a_fault_in_a_container(objects: Objects) -> None:
    container(serve(objects)).setdefault("env", []).append(
        {"name": "FAULT_POINTS", "value": "orders.RESERVE.before=kill"}
    )


def a_test_for_all(objects: Objects) -> None:
    named(objects, "ConfigMap", "mercato")["data"]["MERCATO_ENVIRONMENT"] = "test"


def a_password_in_an_address(objects: Objects) -> None:
    named(objects, "ConfigMap", "mercato")["data"]["REDIS_URL"] = "redis://:guess@valkey:6379/0"


def a_key_in_the_environment(objects: Objects) -> None:
    container(serve(objects))["env"].append({"name": "STRIPE_API_KEY", "value": "sk_live_guess"})


def a_subgraph_for_the_world(objects: Objects) -> None:
    named(objects, "Service", "orders")["spec"]["type"] = "LoadBalancer"


def a_way_around_the_router(objects: Objects) -> None:
    (ingress,) = of_kind(objects, "Ingress")
    ingress["spec"]["rules"][0]["http"]["paths"][1]["backend"]["service"]["port"] = {"name": "graphql"}


def metrics_for_customers(objects: Objects) -> None:
    named(objects, "Service", "router")["spec"]["ports"].append(
        {"name": "metrics", "port": 4001, "targetPort": "metrics"}
    )


def metrics_on_the_public_port(objects: Objects) -> None:
    container(named(objects, "Deployment", "router"))["ports"].pop()


def a_monitor_of_the_public_port(objects: Objects) -> None:
    named(objects, "PodMonitor", "router")["spec"]["podMetricsEndpoints"][0]["port"] = "http"


def a_job_of_any_version(objects: Objects) -> None:
    for job in of_kind(objects, "Job"):
        job["metadata"]["name"] = job["metadata"]["name"].rpartition("-")[0]


def a_job_that_stays(objects: Objects) -> None:
    for job in of_kind(objects, "Job"):
        del job["spec"]["ttlSecondsAfterFinished"]


BREAKS: dict[Callable[[Objects], None], Policy] = {
    no_startup_probe: policies.three_probes_of_different_meaning,
    ready_when_alive: policies.three_probes_of_different_meaning,
    alive_when_ready: policies.three_probes_of_different_meaning,
    no_memory_limit: policies.requests_and_a_memory_limit,
    no_requests: policies.requests_and_a_memory_limit,
    a_limit_of_cpu: policies.requests_and_a_memory_limit,
    no_budget: policies.a_disruption_budget,
    a_budget_of_nothing: policies.a_disruption_budget,
    all_on_one_node: policies.pods_on_many_nodes,
    an_old_pod_goes_first: policies.an_update_without_a_gap,
    an_end_without_warning: policies.an_update_without_a_gap,
    an_account_with_a_token: policies.no_service_account_token,
    a_pod_with_a_token: policies.no_service_account_token,
    the_account_of_all: policies.no_service_account_token,
    variables_for_services: policies.no_variables_for_services,
    a_fault_in_a_container: policies.no_fault_can_be_armed,
    a_test_for_all: policies.no_fault_can_be_armed,
    a_secret: policies.nothing_secret_in_the_manifests,
    a_password_in_an_address: policies.nothing_secret_in_the_manifests,
    a_key_in_the_environment: policies.nothing_secret_in_the_manifests,
    a_subgraph_for_the_world: policies.only_the_router_is_shown_graphql,
    a_way_around_the_router: policies.only_the_router_is_shown_graphql,
    metrics_for_customers: policies.metrics_for_prometheus_alone,
    metrics_on_the_public_port: policies.metrics_for_prometheus_alone,
    a_monitor_of_the_public_port: policies.metrics_for_prometheus_alone,
    a_job_of_any_version: policies.jobs_that_end,
    a_job_that_stays: policies.jobs_that_end,
}


@pytest.mark.parametrize(("damage", "policy"), BREAKS.items(), ids=lambda each: each.__name__)
def test_a_manifest_that_breaks_a_policy_is_refused(damage: Callable[[Objects], None], policy: Policy) -> None:
    objects = overlay("production")
    damage(objects)
    assert list(policy(objects)), f"{policy.__name__} did not see it"


def test_every_policy_has_a_manifest_that_breaks_it() -> None:
    assert set(BREAKS.values()) == set(POLICIES)


def test_nothing_that_we_deploy_or_build_arms_a_fault() -> None:
    files = [each for each in KUBERNETES.rglob("*") if each.is_file() and each.suffix not in (".png", ".tgz")]
    found = [
        str(each) for each in files if re.search(r"FAULT_POINTS|MERCATO_ENVIRONMENT", each.read_text(errors="replace"))
    ]
    assert len(files) > 100
    assert found == []
