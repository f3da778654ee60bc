"""The mesh in a namespace of the cluster, and what a test does to it."""

import contextlib
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from dataclasses import dataclass, field

from tests.cluster.kubectl import CommandError, JsonObject, Kubectl, output_of
from tests.cluster.overlay import Release
from tests.cluster.pods import Pod
from tests.subgraphs import eventually

READY_SECONDS = 240.0
PAUSE_SECONDS = 1.0
_WORKLOADS = "deployments,statefulsets"


@dataclass
class Mesh:
    """Everything of a namespace. ``release`` is what tests find and leave behind."""

    kubectl: Kubectl
    release: Release
    _applied: dict[tuple[str, str], JsonObject] = field(default_factory=dict)

    async def apply(self, release: Release) -> None:
        """Makes the namespace so. Sent is what differs from the last time, and Jobs, which vanish when done."""
        objects = await release.rendered()
        await self.kubectl.apply(
            [found for found in objects if found["kind"] == "Job" or self._applied.get(_key(found)) != found]
        )
        self._applied |= {_key(found): found for found in objects}

    async def restore(self) -> None:
        """Applies the release again, and waits until all of it is ready."""
        await self.apply(self.release)
        await self.ready()

    async def ready(self, seconds: float = READY_SECONDS) -> None:
        """Waits until every workload has its replicas, all of what was applied last, and every Job is done."""
        await self.explained(self._all_is_ready, "everything is ready", seconds)

    async def rolled_out(self, workloads: Collection[str], seconds: float = READY_SECONDS) -> None:
        """Waits until these workloads have their replicas, all of what was applied last, and no old pod is left."""

        async def look() -> bool:
            found = [each for each in await self.kubectl.items(_WORKLOADS) if each["metadata"]["name"] in workloads]
            return all(map(_is_rolled_out, found)) and not any(pod.is_leaving for pod in await self.pods(*workloads))

        await self.explained(look, f"{', '.join(workloads)}: rolled out", seconds)

    async def restart(self, workloads: Collection[str]) -> None:
        """A rolling restart of these Deployments, all at once, to its end."""
        await self.kubectl.run("rollout", "restart", *(f"deployment/{name}" for name in workloads))
        await self.rolled_out(workloads)

    async def pods(self, *workloads: str) -> list[Pod]:
        """The pods that are not over, of these workloads or of all."""
        found = [Pod(each) for each in await self.kubectl.items("pods")]
        return [pod for pod in found if not pod.is_over and (not workloads or pod.workload in workloads)]

    async def ready_pods(self, *workloads: str) -> list[Pod]:
        """The pods that take traffic."""
        return [pod for pod in await self.pods(*workloads) if pod.is_ready]

    async def events_of(self, pod: Pod) -> list[str]:
        """What the cluster says of a pod, a line each: type, reason, message."""
        events = await self.kubectl.items("events", "--field-selector", f"involvedObject.name={pod.name}")
        return [f"{event['type']} {event['reason']}: {event.get('message', '')}" for event in events]

    async def logs(self, pod: Pod, *options: str) -> str:
        """What a pod wrote; what keeps it from being read, when it can't be."""
        try:
            return await self.kubectl.run("logs", pod.name, *options)
        except CommandError as failure:
            return str(failure).splitlines()[-1]

    async def reconcile(self) -> None:
        """Holds the books of provider, payments, orders and inventory against each other; fails with what differs."""
        command = ("exec", "deployment/payments-work", "--", "python", "-m", "subgraphs.payments", "reconcile")
        differences: list[str] = []

        async def look() -> bool:
            try:
                return bool(await self.kubectl.run(*command, "--settle-seconds", "0"))
            except CommandError as failure:
                differences.append(str(failure))
                return False

        try:
            await eventually(look, "the books agree", 60, PAUSE_SECONDS)
        except AssertionError:
            raise AssertionError(differences[-1]) from None

    @contextlib.asynccontextmanager
    async def demonstration(self) -> AsyncIterator[Callable[[], Awaitable[str]]]:
        """What runs `make demo` through the Services.

        Each call tells what was printed, and fails unless all of it happened.
        """
        in_a_pod = self.kubectl.command("exec", "deployment/{name}-serve", "--", "python", "-m", "subgraphs.{name}")
        async with (
            self.kubectl.forwarded("service/router", 4000) as router,
            self.kubectl.forwarded("service/mailbox", 8025) as mailbox,
        ):
            variables = {"ROUTER_URL": router, "MAILBOX_URL": mailbox, "MERCATO_SUBGRAPH_COMMAND": " ".join(in_a_pod)}
            yield lambda: output_of(sys.executable, "-m", "tilt.embedded.demo", environment=variables)

    async def explained(self, look: Callable[[], Awaitable[bool]], what: str, seconds: float = 60.0) -> None:
        """Waits like ``eventually``; in vain, it tells what is not ready and why."""
        try:
            await eventually(look, what, seconds, PAUSE_SECONDS)
        except AssertionError as failure:
            raise AssertionError(f"{failure}\n{await self.what_is_not_ready()}") from None

    async def what_is_not_ready(self) -> str:
        """Of each pod that is not ready: its state, its last events and its last lines."""
        return (
            "\n".join([await self._told(pod) for pod in await self.pods() if not pod.is_ready]) or "every pod is ready"
        )

    async def _told(self, pod: Pod) -> str:
        events, lines = await self.events_of(pod), await self.logs(pod, "--tail=8")
        return "\n".join(
            [f"--- {pod.name} on {pod.node or 'no node'}: {pod.trouble or 'not ready'}", *events[-4:], lines]
        )

    async def _all_is_ready(self) -> bool:
        workloads, jobs = await self.kubectl.items(_WORKLOADS), await self.kubectl.items("jobs")
        is_ready = all(map(_is_rolled_out, workloads)) and all(map(_is_done, jobs))
        return is_ready and not any(pod.is_leaving for pod in await self.pods())


def _key(found: JsonObject) -> tuple[str, str]:
    return found["kind"], found["metadata"]["name"]


def _is_rolled_out(workload: JsonObject) -> bool:
    status, wanted = workload["status"], workload["spec"]["replicas"]
    counts = [status.get(name, 0) for name in ("replicas", "updatedReplicas", "readyReplicas")]
    return status.get("observedGeneration") == workload["metadata"]["generation"] and counts == [wanted] * 3


def _is_done(job: JsonObject) -> bool:
    return any(
        found["type"] == "Complete" and found["status"] == "True" for found in job["status"].get("conditions", ())
    )
