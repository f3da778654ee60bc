"""What the Tiltfile says, by Tilt's own reading of it; no cluster is asked."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.deployment.helm import needs_helm
from tilt.embedded.subgraphs import SUBGRAPHS

pytestmark = pytest.mark.skipif(shutil.which("tilt") is None, reason="tilt is not on the PATH")

REPOSITORY = Path(__file__).parents[2]
PARTS = ("migrate", "seed", "serve", "work")
_CONTEXTS = ("kind-nowhere", "kind-products", "shop-production", "gke_shop_europe_live", "elsewhere")

Load = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def load(tmp_path_factory: pytest.TempPathFactory) -> Load:
    """Loads the Tiltfile with arguments, as `tilt up` would with a kubeconfig whose clusters can't be reached."""
    kubeconfig = tmp_path_factory.mktemp("kube") / "config"
    kubeconfig.write_text(json.dumps(_kubeconfig()))

    def loaded(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = ["tilt", "alpha", "tiltfile-result", *arguments]
        environment = {**_environment(), "KUBECONFIG": str(kubeconfig)}
        return subprocess.run(command, cwd=REPOSITORY, env=environment, capture_output=True, text=True, check=False)

    return loaded


@pytest.mark.parametrize("overlay", [(), ("--", "--offline")], ids=["development", "offline"])
def test_every_subgraph_has_its_four_resources_in_its_group(load: Load, overlay: tuple[str, ...]) -> None:
    found = {each["Name"]: each for each in _result(load(*overlay))["Manifests"]}
    for subgraph in SUBGRAPHS:
        for part in PARTS:
            assert list(found[f"{subgraph}-{part}"]["Labels"]) == [subgraph]


def test_without_arguments_all_is_started(load: Load) -> None:
    found = _result(load())
    assert found["EnabledManifests"] == [each["Name"] for each in found["Manifests"]]


def test_a_subgraph_is_started_with_what_it_needs_and_nothing_else(load: Load) -> None:
    enabled = set(_result(load("orders", "--", "--offline"))["EnabledManifests"])
    expected = {"orders", "users", "products", "inventory", "payments"}
    assert {name.removesuffix("-serve") for name in enabled if name.endswith("-serve")} == expected
    assert {"router", "postgres", "kafka", "valkey", "localstripe", "secrets"} <= enabled
    assert not {"mailbox", "demo"} & enabled


@needs_helm
def test_traces_and_dashboards_have_links_and_arrive_where_images_are_pulled(load: Load) -> None:
    found = {each["Name"]: each for each in _result(load())["Manifests"]}
    assert {_link(found["jaeger"]), _link(found["grafana"])} == {("Traces", "16686"), ("Dashboards", "3000")}
    assert "OTEL_EXPORTER_OTLP_ENDPOINT: http://jaeger:4318" in found["settings"]["DeployTarget"]["yaml"]


def test_offline_there_are_no_traces_and_nothing_is_sent(load: Load) -> None:
    found = {each["Name"]: each for each in _result(load("--", "--offline"))["Manifests"]}
    assert not {"jaeger", "grafana", "prometheus", "monitoring"} & set(found)
    assert "OTEL_EXPORTER_OTLP_ENDPOINT" not in found["settings"]["DeployTarget"]["yaml"]


def test_without_helm_the_rest_comes_up(load: Load, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "tilt").symlink_to(str(shutil.which("tilt")))
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not {"jaeger", "grafana", "prometheus", "monitoring"} & {
        each["Name"] for each in _result(load())["Manifests"]
    }


def test_a_subgraph_that_is_not_there_is_answered_with_those_that_are(load: Load) -> None:
    refused = load("ordrs")
    assert refused.returncode == 5
    assert f"mercato: there is no subgraph ordrs. There are: {', '.join(SUBGRAPHS)}" in refused.stderr


def test_nothing_starts_before_what_it_needs(load: Load) -> None:
    needs = {
        each["Name"]: set(each["ResourceDependencies"] or []) for each in _result(load("--", "--offline"))["Manifests"]
    }
    for subgraph in SUBGRAPHS:
        assert {f"{subgraph}-migrate"} <= needs[f"{subgraph}-serve"] & needs[f"{subgraph}-work"] & needs[
            f"{subgraph}-seed"
        ]
        assert _all_needs(needs, f"{subgraph}-serve") >= {"settings", "secrets", "postgres", "databases"}
        assert f"{subgraph}-serve" in needs["demo"]


@pytest.mark.parametrize("arguments", [(), ("--", "--offline")], ids=["development", "offline"])
def test_no_registry_is_asked_for_a_router_that_was_not_wanted_from_there(
    load: Load, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.delenv("HIVE_ROUTER", raising=False)
    given = _build_arguments(_result(load(*arguments)), "mercato/router")
    assert "ROUTER=node" in given
    assert ("NODE_BASE=wheel" in given) == bool(arguments)


def test_a_router_of_ours_that_was_built_is_taken(load: Load, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "hive_router").write_text("built")
    monkeypatch.setenv("HIVE_ROUTER", str(tmp_path / "hive_router"))
    assert "ROUTER=binary" in _build_arguments(_result(load("--", "--offline")), "mercato/router")


def test_builds_get_every_file_that_their_dockerfiles_copy(load: Load) -> None:
    for image, build in _images(_result(load("--", "--offline"))):
        given = [pattern[1:] for ignored in build["contextIgnores"] for pattern in _only(ignored)]
        for copied in _copied(build["dockerfileContents"], image.removeprefix("mercato/")):
            parts = any(f"{path}/".startswith(f"{copied}/") or copied.startswith(f"{path}/") for path in given)
            assert parts, f"{image} copies {copied}"


def test_whatever_a_subgraph_is_made_of_is_synced(load: Load) -> None:
    for manifest in _result(load())["Manifests"]:
        for image in manifest["ImageTargets"] or []:
            name = image["selector"].removeprefix("mercato/")
            if name in SUBGRAPHS:
                synced = {each["localPath"]: each["containerPath"] for each in image["LiveUpdateSpec"]["syncs"]}
                assert synced.keys() >= {"shared", f"subgraphs/{name}", f"schema/{name}.graphql"}
                assert all(there == f"/app/{here}" for here, there in synced.items())


@pytest.mark.parametrize("context", ["shop-production", "gke_shop_europe_live"])
def test_a_context_that_sounds_serious_is_refused_in_one_line(load: Load, context: str) -> None:
    refused = load("--context", context)
    assert refused.returncode == 5
    assert f"mercato: the context {context} sounds like" in refused.stderr


def test_a_context_that_tilt_does_not_know_as_local_is_refused(load: Load) -> None:
    refused = load("--context", "elsewhere")
    assert refused.returncode == 5
    assert "elsewhere might be production" in refused.stderr


def test_a_local_cluster_may_be_named_after_products(load: Load) -> None:
    assert load("--context", "kind-products").returncode == 0


def _result(loaded: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    assert loaded.returncode == 0, loaded.stderr
    result: dict[str, Any] = json.loads(loaded.stdout)
    return result


def _link(manifest: dict[str, Any]) -> tuple[str, str]:
    [link] = manifest["DeployTarget"]["Links"]
    return link["Name"], link["URL"]["Host"].rpartition(":")[2]


def _images(result: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for manifest in result["Manifests"]:
        for image in manifest["ImageTargets"] or []:
            yield image["selector"], image["BuildDetails"]


def _build_arguments(result: dict[str, Any], image: str) -> list[str]:
    arguments: list[str] = dict(_images(result))[image]["buildArgs"]
    return arguments


def _only(ignored: dict[str, Any]) -> list[str]:
    patterns: list[str] = ignored.get("patterns", [])
    return patterns[1:] if patterns[:1] == ["**"] else []


def _copied(dockerfile: str, subgraph: str) -> list[str]:
    lines = re.findall(r"^COPY (?!--from)((?:--\S+ )*)(.+)$", dockerfile, re.MULTILINE)
    sources = [path for _, words in lines for path in words.split()[:-1]]
    return [path.replace("${SUBGRAPH}", subgraph) for path in sources if "[" not in path and "provided/" not in path]


def _all_needs(needs: dict[str, set[str]], name: str) -> set[str]:
    return needs[name].union(*(_all_needs(needs, each) for each in needs[name]))


def _kubeconfig() -> dict[str, Any]:
    server = {"server": "https://127.0.0.1:1"}
    return {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": "kind-nowhere",
        "clusters": [{"name": name, "cluster": server} for name in _CONTEXTS],
        "contexts": [{"name": name, "context": {"cluster": name, "user": "somebody"}} for name in _CONTEXTS],
        "users": [{"name": "somebody", "user": {}}],
    }


def _environment() -> dict[str, str]:
    return {**os.environ, "PATH": f"{REPOSITORY / '.venv' / 'bin'}:{os.environ['PATH']}"}
