"""What we ask of our manifests beyond checkov: each policy names every object that breaks it."""

import re
from collections.abc import Callable, Iterator, Sequence

from tests.deployment.manifests import Manifest, component, container, containers, labels, of_kind, pod, workloads

OURS = ("serve", "work", "router")
GRAPHQL_PORTS = ("graphql", 8080)
_SECRET_NAME = re.compile(r"SECRET|PASSWORD|TOKEN|API_KEY|SIGNING_KEY|DATABASE_URL|CREDENTIAL")
_NO_SECRET = re.compile(r"_(FILE|DIR|ISSUER|AUDIENCE)$")
_ARMS = re.compile(r"FAULT_|MERCATO_ENVIRONMENT$")
_CREDENTIALS_IN_URL = re.compile(r"://[^/\s:@]*:[^/\s@]+@")

Policy = Callable[[Sequence[Manifest]], Iterator[str]]


def three_probes_of_different_meaning(objects: Sequence[Manifest]) -> Iterator[str]:
    """Started, ready and alive are asked of subgraphs at three different addresses; liveness asks no backend."""
    for each in _ours(objects):
        asked = [
            container(each).get(f"{kind}Probe", {}).get("httpGet", {}).get("path")
            for kind in ("startup", "readiness", "liveness")
        ]
        meanings = 2 if component(each) == "router" else 3
        if None in asked or len(set(asked)) < meanings or asked[1] == asked[2]:
            yield f"{_name(each)}: probes {asked}"


def requests_and_a_memory_limit(objects: Sequence[Manifest]) -> Iterator[str]:
    """The scheduler knows what each needs, and nobody takes the memory of all."""
    for each in workloads(objects):
        resources = container(each).get("resources", {})
        if set(resources.get("requests", ())) != {"cpu", "memory"} or set(resources.get("limits", ())) != {"memory"}:
            yield f"{_name(each)}: resources {resources}"


def a_disruption_budget(objects: Sequence[Manifest]) -> Iterator[str]:
    """A drained node leaves one pod of each of ours."""
    budgets = [
        each["spec"] for each in of_kind(objects, "PodDisruptionBudget") if each["spec"].get("minAvailable") == 1
    ]
    selected = [each["selector"]["matchLabels"] for each in budgets]
    for each in _ours(objects):
        if selected.count(each["spec"]["selector"]["matchLabels"]) != 1:
            yield f"{_name(each)}: no PodDisruptionBudget of its own"


def pods_on_many_nodes(objects: Sequence[Manifest]) -> Iterator[str]:
    """A lost node takes as few pods of one kind as can be."""
    for each in _ours(objects):
        spread = pod(each).get("topologySpreadConstraints", ())
        if [rule["labelSelector"]["matchLabels"] for rule in spread] != [each["spec"]["selector"]["matchLabels"]]:
            yield f"{_name(each)}: not spread over nodes"


def an_update_without_a_gap(objects: Sequence[Manifest]) -> Iterator[str]:
    """A new pod is ready before an old one goes, and an old one goes on answering until it is out of every Service."""
    for each in _ours(objects):
        strategy = each["spec"].get("strategy", {}).get("rollingUpdate")
        pause = container(each).get("lifecycle", {}).get("preStop", {}).get("sleep", {}).get("seconds", 0)
        if strategy != {"maxSurge": 1, "maxUnavailable": 0} or not 0 < pause < pod(each).get(
            "terminationGracePeriodSeconds", 0
        ):
            yield f"{_name(each)}: strategy {strategy}, preStop {pause} s"


def no_service_account_token(objects: Sequence[Manifest]) -> Iterator[str]:
    """Nothing of ours asks the API server: neither account nor pod gets a token, and nobody uses the account of all."""
    accounts = {
        each["metadata"]["name"]: each.get("automountServiceAccountToken")
        for each in of_kind(objects, "ServiceAccount")
    }
    yield from (f"ServiceAccount {name}: token mounted" for name, mounted in accounts.items() if mounted is not False)
    for each in workloads(objects):
        if (
            pod(each).get("serviceAccountName") not in accounts
            or pod(each).get("automountServiceAccountToken") is not False
        ):
            yield f"{_name(each)}: service account"


def no_variables_for_services(objects: Sequence[Manifest]) -> Iterator[str]:
    """Kubernetes would set ORDERS_PORT to an address, and orders would read it as its port."""
    yield from (
        f"{_name(each)}: enableServiceLinks"
        for each in workloads(objects)
        if pod(each).get("enableServiceLinks") is not False
    )


def nothing_secret_in_the_manifests(objects: Sequence[Manifest]) -> Iterator[str]:
    """Secrets are made in the cluster: no object of that kind, and no value that looks like one."""
    yield from (f"{_name(each)}: a Secret" for each in of_kind(objects, "Secret"))
    settings = [(each["metadata"]["name"], each.get("data", {})) for each in of_kind(objects, "ConfigMap")]
    for each in containers(objects):
        settings.append((each["image"], {entry["name"]: entry.get("value", "") for entry in each.get("env", ())}))
    for where, values in settings:
        yield from (f"{where}: {name}" for name, value in values.items() if value and _is_secret(name, value))


def no_fault_can_be_armed(objects: Sequence[Manifest]) -> Iterator[str]:
    """Whatever we deploy is in production, and nothing sets a fault point (shared/runtime/faults.py)."""
    for each in of_kind(objects, "ConfigMap"):
        yield from (f"{_name(each)}: {name}" for name in each.get("data", {}) if _ARMS.match(name))
    for each in containers(objects):
        yield from (f"{each['image']}: {entry['name']}" for entry in each.get("env", ()) if _ARMS.match(entry["name"]))


def only_the_router_is_shown_graphql(objects: Sequence[Manifest]) -> Iterator[str]:
    """No Service of a subgraph is open to the world, and no Ingress leads to a port with /graphql of one."""
    for each in of_kind(objects, "Service"):
        if each["spec"].get("type", "ClusterIP") != "ClusterIP" or each["spec"].get("externalIPs"):
            yield f"{_name(each)}: open to the world"
    for each in of_kind(objects, "Ingress"):
        services = [path["backend"]["service"] for rule in each["spec"]["rules"] for path in rule["http"]["paths"]]
        for service in services:
            if set(service["port"].values()) & set(GRAPHQL_PORTS):
                yield f"{_name(each)}: leads to {service['name']}'s GraphQL"


def metrics_for_prometheus_alone(objects: Sequence[Manifest]) -> Iterator[str]:
    """Customers reach no port with metrics: the router has one of its own, which monitors ask, and no Service."""
    router = next(each for each in workloads(objects) if component(each) == "router")
    ports = {port["name"]: port["containerPort"] for port in container(router)["ports"]}
    if "metrics" not in ports or ports["metrics"] == ports["http"]:
        yield f"{_name(router)}: no port of its own for metrics"
    for each in of_kind(objects, "Service"):
        if {port.get("targetPort") for port in each["spec"]["ports"]} & {"metrics", ports.get("metrics")}:
            yield f"{_name(each)}: leads to metrics"
    for each in of_kind(objects, "PodMonitor"):
        wanted = "metrics" if each["metadata"]["name"] == "router" else "open"
        if [endpoint["port"] for endpoint in each["spec"]["podMetricsEndpoints"]] != [wanted]:
            yield f"{_name(each)}: asks another port than {wanted}"


def jobs_that_end(objects: Sequence[Manifest]) -> Iterator[str]:
    """A Job is named by its version, tried some times, and goes away by itself."""
    for each in of_kind(objects, "Job"):
        version = container(each)["image"].rpartition(":")[2]
        limits = {"backoffLimit", "ttlSecondsAfterFinished", "activeDeadlineSeconds"}
        if not each["metadata"]["name"].endswith(f"-{version}") or not limits <= set(each["spec"]):
            yield f"{_name(each)}: version {version}"


POLICIES: tuple[Policy, ...] = (
    three_probes_of_different_meaning,
    requests_and_a_memory_limit,
    a_disruption_budget,
    pods_on_many_nodes,
    an_update_without_a_gap,
    no_service_account_token,
    no_variables_for_services,
    nothing_secret_in_the_manifests,
    no_fault_can_be_armed,
    only_the_router_is_shown_graphql,
    metrics_for_prometheus_alone,
    jobs_that_end,
)


def _ours(objects: Sequence[Manifest]) -> list[Manifest]:
    return [each for each in of_kind(objects, "Deployment") if component(each) in OURS]


def _name(manifest: Manifest) -> str:
    return f"{manifest['kind']} {labels(manifest).get('app.kubernetes.io/name', '')}/{manifest['metadata']['name']}"


def _is_secret(name: str, value: str) -> bool:
    named_so = _SECRET_NAME.search(name) and not _NO_SECRET.search(name)
    return bool(named_so or _CREDENTIALS_IN_URL.search(value) or "PRIVATE KEY" in value)
