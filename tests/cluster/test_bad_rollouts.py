"""Rollouts that can't succeed, all at once on the running mesh: each says why, and nobody else notices."""

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
import pytest_asyncio

from tests.cluster.kubectl import JsonObject
from tests.cluster.mesh import Mesh
from tests.cluster.overlay import Patch, Release, of_environment, of_pod
from tests.cluster.pods import Pod
from tests.cluster.traffic import Traffic, traffic

pytestmark = pytest.mark.cluster

_SAYS_SECONDS = 90.0
_UNKNOWN_VERSION = "no-such-version"
_FULL = "postgres-full"


@dataclass
class Bad:
    """The mesh with everything wrong at once, and the people who shop in it."""

    mesh: Mesh
    shopped: Traffic
    shopping: contextlib.AsyncExitStack

    async def new_pods(self, deployment: str) -> list[Pod]:
        """The pods of a rollout that got nowhere: those that are younger than what serves."""
        found = [pod for pod in await self.mesh.pods(deployment) if not pod.is_leaving]
        newest = max(found, key=lambda pod: str(pod.object["metadata"]["creationTimestamp"])).labels[
            "pod-template-hash"
        ]
        return [pod for pod in found if pod.labels["pod-template-hash"] == newest]

    async def says(self, deployment: str, text: str) -> str:
        """Waits until a new pod says so, by an event or in its log; the line.

        It must not be ready, and the old ones must.
        """
        lines: list[str] = []

        async def look() -> bool:
            for pod in await self.new_pods(deployment):
                told = [*await self.mesh.events_of(pod), *(await self.mesh.logs(pod)).splitlines()]
                lines.extend(line for line in told if text in line)
            return bool(lines)

        await self.mesh.explained(look, f"a new pod of {deployment} says: {text}", _SAYS_SECONDS)
        new = {pod.name for pod in await self.new_pods(deployment)}
        ready = {pod.name for pod in await self.mesh.ready_pods(deployment)}
        assert new.isdisjoint(ready), f"{deployment}: a pod that can't work is ready"
        assert len(ready) == 2, f"{deployment}: of the previous version {ready} are left"
        return lines[0]


@pytest_asyncio.fixture(scope="module")
async def bad(mesh: Mesh) -> AsyncIterator[Bad]:
    """Six mistakes, applied together; undone afterwards."""
    async with contextlib.AsyncExitStack() as shopping:
        shopped = await shopping.enter_async_context(traffic(mesh.kubectl))
        await mesh.apply(_with_mistakes(mesh.release))
        await mesh.kubectl.apply([await _postgres_without_room(mesh)])
        try:
            yield Bad(mesh, shopped, shopping)
        finally:
            await mesh.kubectl.run("delete", "pod", _FULL, "--ignore-not-found", "--wait=false")
            await mesh.kubectl.run("delete", "jobs", "--selector", f"app.kubernetes.io/version={_UNKNOWN_VERSION}")
            await mesh.restore()


async def test_missing_secret_is_named_by_an_event(bad: Bad) -> None:
    assert "FailedMount" in await bad.says("orders-serve", 'secret "no-such-secret" not found')


async def test_missing_setting_is_named_in_one_line(bad: Bad) -> None:
    await bad.says("payments-serve", "setting PAYMENTS_DATABASE_URL: Field required")
    for pod in await bad.new_pods("payments-serve"):
        assert len((await bad.mesh.logs(pod)).splitlines()) <= 3, "one line for each setting that is missing"


async def test_wrong_image_tag_is_named_by_an_event(bad: Bad) -> None:
    assert f"products:{_UNKNOWN_VERSION}" in await bad.says("products-serve", "Failed to pull image")


async def test_kafka_away_at_start_is_told_and_waited_for(bad: Bad) -> None:
    await bad.says("inventory-work", "kafka-away:9092")
    await bad.says("inventory-work", "Readiness probe failed")
    for pod in await bad.new_pods("inventory-work"):
        assert pod.restarts == 0, "what is away is waited for"


async def test_database_away_at_start_is_told_and_waited_for(bad: Bad) -> None:
    await bad.says("notifications-serve", "postgres-away:5432")


async def test_postgres_with_a_full_volume_is_told_and_takes_no_traffic(bad: Bad) -> None:
    async def look() -> bool:
        pods = [pod for pod in await bad.mesh.pods() if pod.name == _FULL]
        return any(["No space left on device" in await bad.mesh.logs(pod) for pod in pods])

    await bad.mesh.explained(look, "Postgres says that its volume is full", _SAYS_SECONDS)
    assert _FULL not in {pod.name for pod in await bad.mesh.ready_pods()}


async def test_previous_versions_went_on_serving(bad: Bad) -> None:
    await bad.shopping.aclose()
    bad.shopped.assert_nobody_noticed()
    await bad.mesh.reconcile()


def _with_mistakes(release: Release) -> Release:
    return release.with_version("products", _UNKNOWN_VERSION).with_patches(
        _of_secrets("orders-serve", "mesh", "no-such-secret"),
        _of_secrets("payments-serve", "mesh"),
        of_environment("inventory-work", {"KAFKA_BOOTSTRAP_SERVERS": "kafka-away:9092"}),
        of_environment(
            "notifications-serve",
            {"NOTIFICATIONS_DATABASE_URL": "postgres://nobody:x@postgres-away:5432/notifications"},
        ),
    )


def _of_secrets(deployment: str, *names: str) -> Patch:
    sources = [{"secret": {"name": name}} for name in names]
    return of_pod(deployment, {"volumes": [{"name": "secrets", "projected": {"sources": sources}}]})


async def _postgres_without_room(mesh: Mesh) -> JsonObject:
    """A pod that the Service of Postgres would choose if it were ready, with a volume of eight megabytes."""
    (server,) = [
        found
        for found in await mesh.release.rendered()
        if (found["kind"], found["metadata"]["name"]) == ("StatefulSet", "postgres")
    ]
    template = server["spec"]["template"]
    volumes = [*template["spec"]["volumes"], {"name": "data", "emptyDir": {"medium": "Memory", "sizeLimit": "8Mi"}}]
    metadata = {"name": _FULL, "labels": template["metadata"]["labels"]}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": {**template["spec"], "volumes": volumes}}
