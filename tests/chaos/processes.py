"""Processes that die and are started again, as a supervisor or Kubernetes would."""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import AsyncIterator, Iterable, Mapping
from pathlib import Path

import httpx

from tests.subgraphs import eventually

START_SECONDS = 90.0


class Survivor:
    """A subgraph's process that is started again whenever it dies."""

    def __init__(self, name: str, environment: Mapping[str, str], log: Path, command: str = "run") -> None:
        self.name = name
        self.url = environment[f"{name.upper()}_URL"]
        self.deaths = 0
        self._environment = dict(environment)
        self._log = log
        self._command = command
        self._process: asyncio.subprocess.Process | None = None
        self._watch: asyncio.Task[None] | None = None
        self._is_wanted = False

    async def start(self, **settings: str) -> None:
        """Starts it, with settings of this time, and waits until it is ready."""
        self._is_wanted = True
        self._watch = asyncio.create_task(self._keep_running(settings))
        await self.ready()

    async def ready(self) -> None:
        """Waits until it answers."""
        async with httpx.AsyncClient(base_url=self.url, timeout=5) as http:
            await eventually(lambda: _is_ready(http), f"{self.name} is ready; its log is {self._log}", START_SECONDS)

    async def stop(self) -> None:
        """Ends it for good, as an operator would; what does not end is killed."""
        self._is_wanted = False
        if self._process and self._process.returncode is None:
            self._process.send_signal(signal.SIGCONT)
            self._process.terminate()
        if self._watch:
            done, _ = await asyncio.wait({self._watch}, timeout=20)
            if not done:
                self.send(signal.SIGKILL)
                await self._watch

    async def restart(self, **settings: str) -> None:
        """Ends it and starts it with other settings."""
        await self.stop()
        await self.start(**settings)

    async def survive(self) -> None:
        """Kills it, and waits until it is there again."""
        deaths = self.deaths
        self.send(signal.SIGKILL)
        await eventually(lambda: self._has_died_since(deaths), f"{self.name} died")
        await self.ready()

    def send(self, number: signal.Signals) -> None:
        """Sends a signal to the process that runs now."""
        assert self._process is not None
        with contextlib.suppress(ProcessLookupError):
            self._process.send_signal(number)

    @property
    def pid(self) -> int:
        """The process that runs now."""
        assert self._process is not None
        return self._process.pid

    async def _has_died_since(self, deaths: int) -> bool:
        return self.deaths > deaths

    async def _keep_running(self, settings: Mapping[str, str]) -> None:
        environment = {**os.environ, **self._environment, **settings}
        command = (sys.executable, "-m", f"subgraphs.{self.name}", self._command)
        with self._log.open("ab") as log:
            while self._is_wanted:
                self._process = await asyncio.create_subprocess_exec(*command, env=environment, stdout=log, stderr=log)
                await self._process.wait()
                self.deaths += self._is_wanted


@contextlib.asynccontextmanager
async def survivors(
    names: Iterable[str], environment: Mapping[str, str], folder: Path
) -> AsyncIterator[dict[str, Survivor]]:
    """Several subgraphs, started together and stopped together."""
    kept = {name: Survivor(name, environment, folder / f"{name}.log") for name in names}
    try:
        await asyncio.gather(*(each.start() for each in kept.values()))
        yield kept
    finally:
        await asyncio.gather(*(each.stop() for each in kept.values()))


async def _is_ready(http: httpx.AsyncClient) -> bool:
    try:
        return (await http.get("/health/ready")).status_code == 200
    except httpx.TransportError:
        return False
