"""kubectl as tests call it. Any kubectl of the PATH, or the one that the project's packages bring."""

import asyncio
import contextlib
import json
import os
import shutil
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

JsonObject = dict[str, Any]

_SECONDS = 120.0


class CommandError(AssertionError):
    """A program ended with another status than 0; the text has what it said."""


def kubectl_program() -> str:
    """The path of kubectl."""
    return shutil.which("kubectl") or str(Path(sys.executable).parent / "kubectl")


async def output_of(
    *command: str, given: str | None = None, seconds: float = _SECONDS, environment: Mapping[str, str] | None = None
) -> str:
    """What a program writes to its standard output; ``environment`` is added to ours.

    Raises:
        CommandError: with what it wrote to its standard error.
        TimeoutError: when it does not end in time; it is ended.
    """
    pipe = asyncio.subprocess.PIPE
    variables = {**os.environ, **(environment or {})}
    process = await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe, stderr=pipe, env=variables)
    try:
        output, errors = await asyncio.wait_for(process.communicate((given or "").encode()), seconds)
    finally:
        if process.returncode is None:
            process.kill()
    if process.returncode:
        raise CommandError(f"{' '.join(command)}\n{output.decode()[-4000:]}{errors.decode()[-4000:]}")
    return output.decode()


@dataclass(frozen=True)
class Kubectl:
    """kubectl in one namespace."""

    namespace: str

    def command(self, *arguments: str) -> tuple[str, ...]:
        """A command line."""
        return (kubectl_program(), "--namespace", self.namespace, *arguments)

    async def run(self, *arguments: str, given: str | None = None, seconds: float = _SECONDS) -> str:
        """What kubectl prints; raises as ``output_of`` does."""
        return await output_of(*self.command(*arguments), given=given, seconds=seconds)

    async def items(self, *arguments: str) -> list[JsonObject]:
        """The objects that ``kubectl get`` finds."""
        found: JsonObject = json.loads(await self.run("get", *arguments, "--output", "json"))
        items: list[JsonObject] = found["items"] if found["kind"].endswith("List") else [found]
        return items

    async def apply(self, objects: Sequence[JsonObject]) -> None:
        """Makes these objects so; what this writer set before and sets no longer goes away."""
        manifest = json.dumps({"apiVersion": "v1", "kind": "List", "items": list(objects)})
        writer = ("--server-side", "--force-conflicts", "--field-manager", "cluster-tests")
        await self.run("apply", *writer, "--filename", "-", given=manifest)

    async def run_program(self, target: str, program: str, *arguments: str, seconds: float = _SECONDS) -> str:
        """What a Python program prints that runs in the pod (or a pod of the deployment) ``target``."""
        command = ("exec", "--stdin", target, "--", "python", "-", *arguments)
        return await self.run(*command, given=program, seconds=seconds)

    @contextlib.asynccontextmanager
    async def forwarded(self, target: str, port: int) -> AsyncIterator[str]:
        """The URL at which a port of a Service or pod answers here."""
        command = self.command("port-forward", "--address", "127.0.0.1", target, f":{port}")
        process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
        try:
            assert process.stdout is not None
            line = (await asyncio.wait_for(process.stdout.readline(), 20)).decode()
            assert line.startswith("Forwarding from 127.0.0.1:"), f"kubectl port-forward {target} says: {line}"
            yield f"http://127.0.0.1:{line.split(':')[1].split()[0]}"
        finally:
            with contextlib.suppress(ProcessLookupError):
                process.terminate()
            await process.wait()
