"""Processes that die and are started again, as a supervisor or Kubernetes would.

They are forks of a prefork server, as in ``make up``: most of what a start costs is imports. It has imported nothing
of ours, which reads fault points when it is imported.
"""

import asyncio
import contextlib
import signal
from collections.abc import AsyncIterator, Iterable, Mapping
from pathlib import Path

import httpx

from tests.subgraphs import eventually
from tilt.embedded.prefork_client import ForkedProcess, PreforkService

START_SECONDS = 90.0


class Survivor:
    """A subgraph's process that is started again whenever it dies."""

    def __init__(
        self, name: str, prefork_server: PreforkService, environment: Mapping[str, str], log: Path, command: str = "run"
    ) -> None:
        self.name = name
        self.url = environment[f"{name.upper()}_URL"]
        self.deaths = 0
        self._prefork_server = prefork_server
        self._environment = dict(environment)
        self._log = log
        self._command = command
        self._process: ForkedProcess | None = None
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
        if self._process:
            self.send(signal.SIGCONT)
            self.send(signal.SIGTERM)
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
        self._process.signal(number)

    async def _has_died_since(self, deaths: int) -> bool:
        return self.deaths > deaths

    async def _keep_running(self, settings: Mapping[str, str]) -> None:
        process = ForkedProcess(
            name=self.name,
            log=self._log,
            prefork_server=self._prefork_server,
            module=f"subgraphs.{self.name}",
            arguments=[self._command],
            environment={**self._environment, **settings},
        )
        while self._is_wanted:
            await process.start()
            self._process = process
            await process.exited()
            self.deaths += self._is_wanted


@contextlib.asynccontextmanager
async def prefork_server_in(folder: Path) -> AsyncIterator[PreforkService]:
    """Forks processes that log into a folder."""
    prefork_server = PreforkService(folder / "prefork-server.log")
    await prefork_server.start()
    await prefork_server.wait_healthy()
    try:
        yield prefork_server
    finally:
        await prefork_server.stop()


@contextlib.asynccontextmanager
async def survivors(
    names: Iterable[str], prefork_server: PreforkService, environment: Mapping[str, str], folder: Path
) -> AsyncIterator[dict[str, Survivor]]:
    """Several subgraphs, started together and stopped together."""
    kept = {name: Survivor(name, prefork_server, environment, folder / f"{name}.log") for name in names}
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
