"""The overlays pass checkov at the committed policy, and manifests that break it do not."""

from collections.abc import Callable

import pytest

from tests.deployment.checkov import needs_checkov, refused
from tests.deployment.manifests import OVERLAYS, Manifest, container, named, overlay, pod

FailedChecks = dict[str, set[tuple[str, str]]]


def run_as_root(workload: Manifest) -> None:
    pod(workload)["securityContext"] |= {"runAsNonRoot": False, "runAsUser": 0}


def gain_privileges(workload: Manifest) -> None:
    container(workload)["securityContext"]["allowPrivilegeEscalation"] = True


def keep_capabilities(workload: Manifest) -> None:
    del container(workload)["securityContext"]["capabilities"]


def write_anywhere(workload: Manifest) -> None:
    container(workload)["securityContext"]["readOnlyRootFilesystem"] = False


def call_anything(workload: Manifest) -> None:
    del pod(workload)["securityContext"]["seccompProfile"]


def share_the_node(workload: Manifest) -> None:
    pod(workload)["hostNetwork"] = True


def mount_the_default_token(workload: Manifest) -> None:
    pod(workload)["automountServiceAccountToken"] = True


def have_no_readiness(workload: Manifest) -> None:
    del container(workload)["readinessProbe"]


def have_no_liveness(workload: Manifest) -> None:
    del container(workload)["livenessProbe"]


def have_no_memory_limit(workload: Manifest) -> None:
    del container(workload)["resources"]["limits"]


def run_the_latest(workload: Manifest) -> None:
    container(workload)["image"] = "mercato/orders:latest"


def read_secrets_from_the_environment(workload: Manifest) -> None:
    reference = {"secretKeyRef": {"name": "mesh", "key": "RPC_SECRET"}}
    container(workload)["env"].append({"name": "RPC_SECRET", "valueFrom": reference})


BROKEN: dict[Callable[[Manifest], None], str] = {
    run_as_root: "CKV_K8S_23",
    gain_privileges: "CKV_K8S_20",
    keep_capabilities: "CKV_K8S_37",
    write_anywhere: "CKV_K8S_22",
    call_anything: "CKV_K8S_31",
    share_the_node: "CKV_K8S_19",
    mount_the_default_token: "CKV_K8S_38",
    have_no_readiness: "CKV_K8S_9",
    have_no_liveness: "CKV_K8S_8",
    have_no_memory_limit: "CKV_K8S_13",
    run_the_latest: "CKV_K8S_14",
    read_secrets_from_the_environment: "CKV_K8S_35",
}


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> FailedChecks:
    """What checkov refuses of the overlays and of the broken manifests."""
    manifests = {name: overlay(name) for name in OVERLAYS}
    for damage in BROKEN:
        workload = named(overlay("production"), "Deployment", "orders-serve")
        damage(workload)
        manifests[damage.__name__] = [workload]
    return refused(manifests, tmp_path_factory.mktemp("checkov"))


@needs_checkov
@pytest.mark.parametrize("name", OVERLAYS)
def test_an_overlay_keeps_the_policy(name: str, found: FailedChecks) -> None:
    assert not found.get(name)


@needs_checkov
@pytest.mark.parametrize(("damage", "check"), BROKEN.items(), ids=lambda each: getattr(each, "__name__", each))
def test_a_manifest_that_breaks_the_policy_is_refused(
    damage: Callable[[Manifest], None], check: str, found: FailedChecks
) -> None:
    assert check in {refusal for refusal, _ in found[damage.__name__]}
