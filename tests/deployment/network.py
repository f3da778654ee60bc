"""Who may talk to whom by the NetworkPolicies of an overlay, read as the API documents them.

The cluster of the tests accepts policies and enforces none, so they are held against what they were meant to say.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tests.deployment.manifests import Manifest, component, of_kind, workloads

MESH = "mercato"
PORTS = (53, 443, 587, 4000, 4001, 4318, 5432, 6379, 8080, 8081, 9090, 9092, 9093)


@dataclass(frozen=True)
class Peer:
    """Pods of one kind, or of a namespace that is not ours; with neither it is an address of the internet."""

    name: str
    labels: tuple[tuple[str, str], ...] = ()
    namespace: str | None = MESH


PROMETHEUS = Peer("prometheus", namespace="monitoring")
INGRESS_CONTROLLER = Peer("ingress controller", namespace="ingress-nginx")
KEDA = Peer("keda", namespace="keda")
NAMES = Peer("names", (("k8s-app", "kube-dns"),), "kube-system")
STRANGER = Peer("a stranger", namespace="default")
GUEST = Peer("a pod of nobody", (("app", "guest"),))
INTERNET = Peer("the internet", namespace=None)
OTHERS = (PROMETHEUS, INGRESS_CONTROLLER, KEDA, NAMES, STRANGER, GUEST, INTERNET)


def peers(objects: Sequence[Manifest]) -> list[Peer]:
    """Who there is: a peer for each workload, and all others."""
    ours = []
    for each in workloads(objects):
        name = each["metadata"]["name"]
        short = name.rpartition("-")[0] if each["kind"] == "Job" else name
        ours.append(Peer(short, tuple(each["spec"]["template"]["metadata"]["labels"].items())))
    return [*ours, *OTHERS]


def allowed(objects: Sequence[Manifest]) -> set[tuple[str, str, int]]:
    """Every pair of peers, and the port at which the first may reach the second."""
    policies = of_kind(objects, "NetworkPolicy")
    everybody = peers(objects)
    return {
        (source.name, target.name, port)
        for source in everybody
        for target in everybody
        for port in PORTS
        if source != target and _may_send(policies, source, target, port) and _may_take(policies, source, target, port)
    }


def _may_send(policies: Sequence[Manifest], source: Peer, target: Peer, port: int) -> bool:
    return _lets(policies, "Egress", source, target, port)


def _may_take(policies: Sequence[Manifest], source: Peer, target: Peer, port: int) -> bool:
    return _lets(policies, "Ingress", target, source, port)


def _lets(policies: Sequence[Manifest], direction: str, subject: Peer, other: Peer, port: int) -> bool:
    """Whether a peer's own policies let it talk with another in one direction; without any it may."""
    own = [
        each["spec"] for each in policies if direction in each["spec"]["policyTypes"] and _is_of(each["spec"], subject)
    ]
    return not own or any(
        _rule_lets(rule, direction, other, port) for each in own for rule in each.get(direction.lower(), ())
    )


def _is_of(spec: Manifest, subject: Peer) -> bool:
    return subject.namespace == MESH and _selects(spec["podSelector"], dict(subject.labels))


def _rule_lets(rule: Manifest, direction: str, other: Peer, port: int) -> bool:
    ends = rule.get("from" if direction == "Ingress" else "to")
    return _has_port(rule, port) and (not ends or any(_is_end(end, other) for end in ends))


def _has_port(rule: Manifest, port: int) -> bool:
    return "ports" not in rule or any(each["port"] == port for each in rule["ports"])


def _is_end(end: Manifest, other: Peer) -> bool:
    if "ipBlock" in end:
        return other.namespace is None
    if other.namespace is None:
        return False
    namespace = end.get("namespaceSelector", {"matchLabels": {"kubernetes.io/metadata.name": MESH}})
    return _selects(namespace, {"kubernetes.io/metadata.name": other.namespace}) and _selects(
        end.get("podSelector", {}), dict(other.labels)
    )


def _selects(selector: Manifest, labels: dict[str, str]) -> bool:
    return all(labels.get(key) == value for key, value in selector.get("matchLabels", {}).items()) and all(
        labels.get(each["key"]) in each["values"] for each in _expressions(selector)
    )


def _expressions(selector: Manifest) -> Iterator[Manifest]:
    for each in selector.get("matchExpressions", ()):
        assert each["operator"] == "In", f"this reader does not know the operator {each['operator']}"
        yield each


def serving(objects: Sequence[Manifest]) -> set[str]:
    """The peers that answer GraphQL."""
    return {each["metadata"]["name"] for each in workloads(objects) if component(each) == "serve"}
