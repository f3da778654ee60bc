"""Shoppers in a pod of their own, while a test does something to the mesh."""

import asyncio
import contextlib
import json
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from tests.cluster.inside import SHOPPERS
from tests.cluster.inside.shoppers import PATIENCE_SECONDS, SETTLING_SECONDS
from tests.cluster.kubectl import JsonObject, Kubectl

POD = "shoppers"
_ARRIVAL_SECONDS = 60.0
_LEAVING_SECONDS = PATIENCE_SECONDS + SETTLING_SECONDS  # what is under way, and then the mails
_RESTRICTED = {"allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True, "capabilities": {"drop": ["ALL"]}}


@dataclass
class Traffic:
    """What the shoppers report; known once they have gone home."""

    report: JsonObject = field(default_factory=dict)

    def assert_nothing_was_lost(self) -> None:
        """Every order that was accepted came to its end and its mail was sent; nothing was given up."""
        assert self.report["lost"] == [], self._told()
        assert self.report["unmailed"] == [], self._told()
        assert set(self.report["orders"].values()) == {"CONFIRMED"}, self._told()

    def assert_nobody_noticed(self) -> None:
        """Nothing was lost, and not one request failed that would have succeeded a moment later."""
        assert self.report["failed_reads"] == [], self._told()
        assert self.report["failed_mutations"] == [], self._told()
        self.assert_nothing_was_lost()

    def assert_no_connection_was_lost(self) -> None:
        """Nobody noticed, not even by a kept connection that was closed while a request was on it."""
        assert self.report["resent"] == [], self._told()
        self.assert_nobody_noticed()

    def _told(self) -> str:
        """The first of each kind of trouble, and how much of it there is."""
        lists = {key: value for key, value in self.report.items() if isinstance(value, list)}
        counts = {key: len(value) for key, value in lists.items()} | {"orders": Counter(self.report["orders"].values())}
        first = [line for value in lists.values() for line in value[:8]]
        return "\n".join([str({**self.report, **counts}), *first])


@contextlib.asynccontextmanager
async def traffic(kubectl: Kubectl, reads: float = 6.0, orders: float = 1.0) -> AsyncIterator[Traffic]:
    """Reads and orders at these rates a second while the context lasts.

    Then the shoppers wait for their mail and report.
    """
    told = ("--reads", str(reads), "--orders", str(orders))
    command = kubectl.command("exec", "--stdin", POD, "--", "python", "/shoppers/shoppers.py", *told)
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe, limit=2**24)
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        line = await asyncio.wait_for(process.stdout.readline(), _ARRIVAL_SECONDS)
        assert line == b"ready\n", f"the shoppers did not arrive: {line!r}"
        shopped = Traffic()
        yield shopped
        process.stdin.close()
        shopped.report |= json.loads(await asyncio.wait_for(process.stdout.readline(), _LEAVING_SECONDS))
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()


def shoppers(image: str, node: str | None = None) -> list[JsonObject]:
    """The pod, and the program in it. It is no part of the mesh: a drain leaves it alone."""
    files = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": POD}, "data": {"shoppers.py": SHOPPERS}}
    container = {
        "name": POD,
        "image": image,
        "command": ["sleep", "infinity"],
        "securityContext": _RESTRICTED,
        "volumeMounts": [{"name": "program", "mountPath": "/shoppers"}],
    }
    spec = {
        "containers": [container],
        "volumes": [{"name": "program", "configMap": {"name": POD}}],
        "automountServiceAccountToken": False,
        "enableServiceLinks": False,
        "terminationGracePeriodSeconds": 0,
        "securityContext": {"runAsNonRoot": True, "runAsUser": 10001, "seccompProfile": {"type": "RuntimeDefault"}},
        **({"nodeName": node} if node else {}),
    }
    return [files, {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": POD, "labels": {"app": POD}}, "spec": spec}]
