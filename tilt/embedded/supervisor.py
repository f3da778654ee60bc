"""Keeps services running: starts them, brings back those that die, stops them in order."""

import asyncio
import signal
import time
from collections.abc import Sequence

from tilt.embedded.errors import MeshError
from tilt.embedded.records import Records
from tilt.embedded.screen import Screen
from tilt.embedded.service import Service

FIRST_DELAY_SECONDS = 0.5
LONGEST_DELAY_SECONDS = 30.0
# Whoever lived this long did not die of its start: it is brought back at once again.
SETTLED_SECONDS = 60.0


class Supervisor:
    """Every service that it started is its to keep alive and to stop."""

    def __init__(self, records: Records, screen: Screen) -> None:
        self._records = records
        self._screen = screen
        self._watches: dict[str, asyncio.Task[None]] = {}

    async def run(self, service: Service, note: str = "") -> None:
        """Start a service, wait until it is healthy, keep it running from then on."""
        with self._screen.step(service.name, note):
            await self._start(service)
        self._watches[service.name] = asyncio.create_task(self._keep_running(service))

    async def stop(self, tiers: Sequence[Sequence[Service]]) -> None:
        """Stop one tier after the other; the services of a tier together."""
        for watch in self._watches.values():
            watch.cancel()
        await asyncio.gather(*self._watches.values(), return_exceptions=True)
        for tier in tiers:
            await asyncio.gather(*(service.stop() for service in tier))
        self._records.clear()

    async def _start(self, service: Service) -> None:
        await service.start()
        self._records.put(service.name, service.process.pid, service.process.stop_signal)
        await service.wait_healthy()

    async def _keep_running(self, service: Service) -> None:
        delay = FIRST_DELAY_SECONDS
        while True:
            started = time.monotonic()
            status = await service.process.exited()
            if time.monotonic() - started > SETTLED_SECONDS:
                delay = FIRST_DELAY_SECONDS
            self._screen.say(f"{service.name} died ({cause(status)}); starting it again in {delay:g} s", "red")
            await asyncio.sleep(delay)
            delay = min(2 * delay, LONGEST_DELAY_SECONDS)
            await self._bring_back(service)

    async def _bring_back(self, service: Service) -> None:
        try:
            await self._start(service)
        except Exception as error:  # whatever it was, the next attempt may do better
            self._screen.say(str(error) if isinstance(error, MeshError) else repr(error), "red")
            await service.stop()
        else:
            self._screen.say(f"{service.name} is back", "green")


def cause(status: int) -> str:
    """Why a process ended, in words."""
    return f"exit status {status}" if status >= 0 else signal.Signals(-status).name
