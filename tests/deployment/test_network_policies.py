"""The whole list of who may talk to whom where network policies are enforced."""

import pytest

from tests.deployment.manifests import LIVE, Manifest, named, overlay
from tests.deployment.network import GUEST, MESH, OTHERS, STRANGER, allowed, peers
from tilt.embedded.subgraphs import MANIFESTS, SUBGRAPHS

SERVE = [f"{name}-serve" for name in SUBGRAPHS]
WORK = [f"{name}-work" for name in SUBGRAPHS]


def asking_for_names() -> set[tuple[str, str, int]]:
    return {(each.name, "names", 53) for each in peers(overlay("production")) if each.namespace == MESH}


def meant() -> set[tuple[str, str, int]]:
    pairs = asking_for_names() | {("router", each, 8080) for each in SERVE}
    pairs |= {(each, "users-serve", 8081) for each in ["router", *SERVE, *WORK] if each != "users-serve"}
    for caller, manifest in MANIFESTS.items():
        pairs |= {(f"{caller}-{what}", f"{name}-serve", 9090) for what in ("serve", "work") for name in manifest.calls}
    for name in SUBGRAPHS:
        pairs |= {(f"{name}-{what}", f"{name}-postgres", 5432) for what in ("serve", "work", "migrate")}
        pairs |= {(f"{each}-databases", f"{name}-postgres", 5432) for each in SUBGRAPHS}
    pairs |= {
        (each, backend, port) for each in [*SERVE, *WORK] for backend, port in (("kafka", 9092), ("valkey", 6379))
    }
    pairs |= {("topics", "kafka", 9092), ("keda", "kafka", 9092)}
    pairs |= {("ingress controller", "router", 4000), ("prometheus", "router", 4001)}
    pairs |= {("ingress controller", each, 8081) for each in ("payments-serve", "products-serve")}
    pairs |= {("prometheus", each, 8081) for each in [*SERVE, *WORK]}
    pairs |= {(each, "prometheus", 4318) for each in ["router", *SERVE, *WORK]}
    pairs |= {("payments-serve", "the internet", 443), ("payments-work", "the internet", 443)}
    pairs |= {("notifications-work", "the internet", 587)}
    return pairs


def of_ours(pairs: set[tuple[str, str, int]]) -> set[tuple[str, str, int]]:
    """Without what others do among themselves."""
    others = {each.name for each in OTHERS} - {GUEST.name}
    return {pair for pair in pairs if not {pair[0], pair[1]} <= others}


@pytest.mark.parametrize("name", LIVE)
def test_exactly_the_pairs_of_the_list_may_talk(name: str) -> None:
    assert of_ours(allowed(overlay(name))) == meant()


def policy(name: str, **spec: object) -> Manifest:
    return {"kind": "NetworkPolicy", "metadata": {"name": name, "namespace": MESH}, "spec": spec}


def test_a_policy_too_many_is_seen() -> None:
    guest = {"matchLabels": dict(GUEST.labels)}
    wide = [
        policy("everybody-in", podSelector={}, policyTypes=["Ingress"], ingress=[{}]),
        policy("guest-out", podSelector=guest, policyTypes=["Egress"], egress=[{}]),
    ]
    found = of_ours(allowed([*overlay("production"), *wide])) - meant()
    assert (GUEST.name, "orders-serve", 8080) in found
    assert (STRANGER.name, "orders-serve", 8080) in found


@pytest.mark.parametrize("missing", ["default-deny", "rpc-to-payments", "orders-postgres", "names"])
def test_a_policy_too_few_is_seen(missing: str) -> None:
    objects = overlay("production")
    objects.remove(named(objects, "NetworkPolicy", missing))
    assert of_ours(allowed(objects)) != meant()
