"""With components/vault an agent writes every file that a subgraph needs, and may read just what it writes."""

import re

import pytest

from tests.deployment.manifests import KUBERNETES, Manifest, component, container, of_kind, pod, rendered_with
from tests.deployment.test_schema import validate
from tilt.embedded.subgraphs import MANIFESTS, SUBGRAPHS

PREFIX = "vault.hashicorp.com/agent-inject-"


@pytest.fixture(scope="module")
def objects() -> list[Manifest]:
    return rendered_with("production", "vault")


def workloads_of(objects: list[Manifest], subgraph: str) -> list[Manifest]:
    found = [each for each in of_kind(objects, "Deployment", "Job") if pod(each)["serviceAccountName"] == subgraph]
    assert {component(each) for each in found} == {"serve", "work", "migrate"}
    return found


def annotated(workload: Manifest, what: str) -> dict[str, str]:
    """The annotations of the injector that begin so: by the name of the secret."""
    annotations: dict[str, str] = workload["spec"]["template"]["metadata"]["annotations"]
    start = f"{PREFIX}{what}-"
    return {key.removeprefix(start): value for key, value in annotations.items() if key.startswith(start)}


@pytest.mark.parametrize("subgraph", SUBGRAPHS)
def test_the_agent_writes_every_file_that_a_subgraph_needs(objects: list[Manifest], subgraph: str) -> None:
    needed = {"ROUTER_SECRET", "RPC_SECRET", f"{subgraph.upper()}_DATABASE_URL", *MANIFESTS[subgraph].secrets}
    for each in workloads_of(objects, subgraph):
        files, paths, templates = (annotated(each, what) for what in ("file", "secret", "template"))
        assert set(files.values()) == needed
        assert files.keys() == paths.keys() == templates.keys()
        assert all(f'secret "{paths[name]}"' in template for name, template in templates.items())


@pytest.mark.parametrize("subgraph", SUBGRAPHS)
def test_a_policy_allows_what_the_agent_reads_and_nothing_else(objects: list[Manifest], subgraph: str) -> None:
    text = (KUBERNETES / "vault" / "policies" / f"{subgraph}.hcl").read_text()
    granted = dict(re.findall(r'path "([^"]+)" {\s+capabilities = \[([^\]]+)\]', text))
    assert set(granted.values()) == {'"read"'}
    for each in workloads_of(objects, subgraph):
        assert set(annotated(each, "secret").values()) == set(granted)
        assert each["spec"]["template"]["metadata"]["annotations"]["vault.hashicorp.com/role"] == subgraph


@pytest.mark.parametrize("subgraph", SUBGRAPHS)
def test_no_secret_of_kubernetes_is_left_in_a_pod_but_certificates(objects: list[Manifest], subgraph: str) -> None:
    for each in workloads_of(objects, subgraph):
        secrets = {volume["secret"]["secretName"] for volume in pod(each)["volumes"] if "secret" in volume}
        assert secrets <= {f"{subgraph}-tls"}
        assert "secrets" not in {mount["name"] for mount in container(each)["volumeMounts"]}


def test_the_token_is_for_vault_alone(objects: list[Manifest]) -> None:
    for each in (workload for subgraph in SUBGRAPHS for workload in workloads_of(objects, subgraph)):
        (token,) = (
            volume["projected"]["sources"] for volume in pod(each)["volumes"] if volume["name"] == "vault-token"
        )
        assert token == [{"serviceAccountToken": {"path": "token", "audience": "vault", "expirationSeconds": 600}}]
        assert pod(each)["automountServiceAccountToken"] is False


def test_nobody_gives_the_roles_their_first_passwords_again(objects: list[Manifest]) -> None:
    assert not [each for each in of_kind(objects, "Job") if "databases" in each["metadata"]["name"]]


def test_objects_with_vault_are_what_the_schema_says(objects: list[Manifest]) -> None:
    for each in objects:
        validate(each)
