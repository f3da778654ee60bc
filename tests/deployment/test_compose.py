"""The Compose files keep to the specification, wait for what they need, and hold no secret."""

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from check_jsonschema.builtin_schemas import get_builtin_schema
from jsonschema import Draft202012Validator

from tests.deployment.compose import (
    DEVELOPMENT,
    FOLDER,
    PRODUCTION,
    RUN,
    TEST,
    Service,
    mounted,
    parsed,
    secrets,
    services,
    with_version,
)
from tests.deployment.manifests import KUBERNETES, container, overlay, workloads
from tilt.embedded.subgraphs import SUBGRAPHS

SPECIFICATION = Draft202012Validator(get_builtin_schema("vendor.compose-spec"))
SECRETS = KUBERNETES.parent / "scripts" / "secrets"


def _mistakes(document: dict[str, Any]) -> list[str]:
    return [f"{error.json_path}: {error.message}" for error in SPECIFICATION.iter_errors(document)]


def _of_ours(name: str) -> dict[str, Service]:
    return {each: service for each, service in services(name).items() if "mercato/" in service["image"]}


def _lasting(name: str) -> dict[str, Service]:
    """What serves and works, and the router."""
    wanted = {*SUBGRAPHS, *(f"{each}-work" for each in SUBGRAPHS), "router"}
    return {each: service for each, service in services(name).items() if each in wanted}


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.yaml")), ids=lambda path: path.name)
def test_every_file_keeps_to_the_compose_specification(path: Path) -> None:
    assert _mistakes(parsed(path.name)) == []


@pytest.mark.parametrize(
    ("change", "mistake"),
    [
        ({"depnds_on": ["users"]}, "depnds_on"),
        ({"healthcheck": {"test": 5}}, "healthcheck"),
        ({"depends_on": {"users": {"condition": "service_fine"}}}, "service_fine"),
    ],
)
def test_a_mistake_is_found_by_the_specification(change: dict[str, Any], mistake: str) -> None:
    document = parsed(TEST)
    document["services"]["orders"] |= change
    assert mistake in "\n".join(_mistakes(document))


@pytest.mark.parametrize("name", RUN)
def test_every_subgraph_serves_works_and_migrates(name: str) -> None:
    found = services(name)
    for subgraph in SUBGRAPHS:
        commands = {each: found[each]["command"] for each in (subgraph, f"{subgraph}-work", f"{subgraph}-migrate")}
        assert commands == {subgraph: ["serve"], f"{subgraph}-work": ["work"], f"{subgraph}-migrate": ["migrate"]}
        assert {with_version(found[each]["image"]) for each in commands} == {f"mercato/{subgraph}:1.4.0"}


@pytest.mark.parametrize("name", RUN)
def test_a_subgraph_begins_when_its_migrations_are_done_and_its_worker_when_topics_are_there(name: str) -> None:
    for subgraph in SUBGRAPHS:
        done = {"condition": "service_completed_successfully"}
        assert services(name)[subgraph]["depends_on"] == {f"{subgraph}-migrate": done}
        assert services(name)[f"{subgraph}-work"]["depends_on"] == {f"{subgraph}-migrate": done, "topics": done}
        assert services(name)["router"]["depends_on"][subgraph] == {"condition": "service_healthy"}


@pytest.mark.parametrize("name", RUN)
def test_what_others_wait_for_is_there_and_can_come_true(name: str) -> None:
    found = services(name)
    for service in found.values():
        for other, condition in service.get("depends_on", {}).items():
            if condition["condition"] == "service_healthy":
                assert "healthcheck" in found[other], f"{other} never gets healthy"
            else:
                assert found[other].get("restart") not in ("always", "unless-stopped"), f"{other} never completes"


@pytest.mark.parametrize("name", RUN)
def test_containers_of_ours_can_write_nothing_and_gain_nothing(name: str) -> None:
    for each, service in _of_ours(name).items():
        assert service["read_only"] is True, each
        assert service["cap_drop"] == ["ALL"], each
        assert service["security_opt"] == ["no-new-privileges:true"], each


@pytest.mark.parametrize("name", RUN)
def test_secrets_are_files_and_each_has_one(name: str) -> None:
    declared = secrets(name)
    for each, service in services(name).items():
        assert not [key for key in service.get("environment", {}) if key in declared], each
        assert set(mounted(service).values()) <= set(declared), each
    assert {secret for service in services(name).values() for secret in mounted(service).values()} == set(declared)


@pytest.mark.parametrize("name", RUN)
def test_everybody_listens_where_the_others_look(name: str) -> None:
    for subgraph in SUBGRAPHS:
        environment = services(name)[subgraph]["environment"]
        ports = {key: environment[f"{subgraph.upper()}_{key}"] for key in ("HOST", "PORT", "GRPC_PORT", "OPEN_PORT")}
        assert ports == {"HOST": "0.0.0.0", "PORT": 8080, "GRPC_PORT": 9090, "OPEN_PORT": 8081}
        assert services(name)["router"]["environment"][f"{subgraph.upper()}_URL"] == f"http://{subgraph}:8080"


def test_production_has_two_of_everything_that_serves_and_works_and_starts_it_again() -> None:
    for each, service in _lasting(PRODUCTION).items():
        assert service["deploy"]["replicas"] == 2, each
        assert service["restart"] == "unless-stopped", each


def test_production_limits_everything() -> None:
    for each, service in services(PRODUCTION).items():
        assert "memory" in service["deploy"]["resources"]["limits"], each
        assert service["logging"]["options"]["max-size"], each


def test_production_has_a_postgres_each_and_nothing_of_a_demonstration() -> None:
    found = services(PRODUCTION)
    for subgraph in SUBGRAPHS:
        prepare = mounted(found[f"{subgraph}-database"])
        assert prepare["POSTGRES_PASSWORD"] == f"{subgraph.upper()}_POSTGRES_PASSWORD"
        assert prepare["POSTGRES_PASSWORD"] == mounted(found[f"{subgraph}-postgres"])["POSTGRES_PASSWORD"]
        assert list(found[f"{subgraph}-migrate"]["depends_on"]) == [f"{subgraph}-database"]
    assert not [each for each in found if each.endswith("-seed") or each in ("localstripe", "mailbox", "postgres")]
    assert "STRIPE_API_BASE" not in found["payments"]["environment"]


def test_production_builds_nothing_and_publishes_to_this_machine_alone() -> None:
    for each, service in services(PRODUCTION).items():
        assert "build" not in service, each
        assert all(port.startswith("127.0.0.1:") for port in service.get("ports", [])), each


def test_tests_pull_nothing_keep_nothing_and_take_no_fixed_port() -> None:
    assert set(_of_ours(TEST)) == set(services(TEST))
    assert not [each for each, service in services(TEST).items() if "volumes" in service or "build" in service]
    ports = [port for service in services(TEST).values() for port in service.get("ports", [])]
    assert ports == ["127.0.0.1:${ROUTER_PORT:-}:4000", "127.0.0.1:${MAILBOX_PORT:-}:8025"]


def test_stock_servers_are_those_of_kubernetes() -> None:
    images = {container(each)["image"] for each in workloads(overlay("production"))}
    assert {service["image"] for service in services("servers.yaml").values()} <= images


@pytest.mark.parametrize(
    ("name", "options"), [(DEVELOPMENT, ["--development"]), (PRODUCTION, ["--postgres-per-subgraph"])]
)
def test_the_script_makes_the_files_that_are_mounted(name: str, options: list[str], tmp_path: Path) -> None:
    given = {"STRIPE_API_KEY": "a", "STRIPE_WEBHOOK_SECRET": "b", "SMTP_URL": "smtp://mail.example.com"}
    command = [str(SECRETS), "--directory", str(tmp_path / "secrets"), *options]
    subprocess.run(command, check=True, capture_output=True, env={**os.environ, **given})
    assert [each for each, file in secrets(name).items() if not (tmp_path / "secrets" / file).is_file()] == []
    assert (tmp_path / "secrets").stat().st_mode & 0o077 == 0


def test_the_script_adds_a_second_secret_in_the_file_that_containers_have_mounted(tmp_path: Path) -> None:
    subprocess.run([SECRETS, "--directory", tmp_path, "--development"], check=True, capture_output=True)
    file = tmp_path / "mesh" / "ROUTER_SECRET"
    before, first = file.stat().st_ino, file.read_text()
    for step in ("add", "switch"):
        subprocess.run([SECRETS, "--directory", tmp_path, "rotate", "router", step], check=True, capture_output=True)
    assert file.stat().st_ino == before
    assert file.read_text().splitlines()[1] == first


def _docker_compose(name: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = ["docker", "compose", "--file", str(FOLDER / name), "config"]
    return subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, **environment})


def _has_docker_compose() -> bool:
    return (
        bool(shutil.which("docker"))
        and subprocess.run(["docker", "compose", "version"], capture_output=True, check=False).returncode == 0
    )


needs_docker_compose = pytest.mark.skipif(not _has_docker_compose(), reason="docker compose can't be had")


@needs_docker_compose
@pytest.mark.parametrize("name", RUN)
def test_docker_compose_puts_the_files_together_as_these_tests_do(name: str) -> None:
    done = _docker_compose(name, VERSION="1.4.0", PRODUCTS_PUBLIC_URL="https://shop.example.com")
    assert done.returncode == 0, done.stderr
    found = yaml.safe_load(done.stdout)["services"]
    for each, service in services(name).items():
        assert found[each]["image"] == with_version(service["image"])
        assert set(found[each].get("environment", {})) == set(service.get("environment", {}))
        assert {secret["source"] for secret in found[each].get("secrets", [])} == set(mounted(service).values())
        assert set(found[each].get("depends_on", {})) == set(service.get("depends_on", {}))


@needs_docker_compose
def test_production_does_not_start_without_a_version() -> None:
    done = _docker_compose(PRODUCTION, PRODUCTS_PUBLIC_URL="https://shop.example.com")
    assert done.returncode != 0
    assert "say which version, such as 1.4.0" in done.stderr
