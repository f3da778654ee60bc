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
HEALTHY_SECONDS = 60.0


class Supervisor:
    """Every service that it started is its to keep alive and to stop."""

    def __init__(self, records: Records, screen: Screen) -> None:
        self._records = records
        self._screen = screen
        self._watches: dict[int, asyncio.Task[None]] = {}  # by the service's id(): some can't be hashed
        self._leaving: set[asyncio.Task[None]] = set()

    async def run(self, service: Service, note: str = "") -> None:
        """Start a service, wait until it is healthy, keep it running from then on."""
        with self._screen.step(service.name, note):
            await self.start(service)

    async def start(self, service: Service) -> None:
        """The same, without a word."""
        await self._start(service)
        self._watch(service)

    async def restart(self, service: Service) -> None:
        """Stop a service and start it again; keep it running from then on, whether that worked or not.

        Raises:
            MeshError: when it does not get healthy.
        """
        await self._stop_watching(service)
        await service.stop()
        try:
            await self._start(service)
        finally:
            self._watch(service)

    async def replace(self, old: Service, new: Service, seconds: float) -> None:
        """Start a service beside the one that it replaces, and have that one stop once the new one is healthy.

        It finishes in the background what it has begun.

        Raises:
            MeshError: when it is not within so many seconds; then the old one goes on.
        """
        next_name = f"{new.name} (next)"
        try:
            await self._start(new, next_name, seconds)
        except BaseException:
            await new.stop()
            self._records.forget_gone()
            raise
        self._records.rename(next_name, new.name)
        self._watch(new)
        await self._stop_watching(old)
        leaving = asyncio.create_task(old.stop())
        self._leaving.add(leaving)
        leaving.add_done_callback(self._leaving.discard)

    async def retire(self, service: Service) -> None:
        """Stop a service for good."""
        await self._stop_watching(service)
        await service.stop()
        self._records.forget_gone()

    async def stop(self, tiers: Sequence[Sequence[Service]]) -> None:
        """Stop one tier after the other; the services of a tier together."""
        for watch in self._watches.values():
            watch.cancel()
        await asyncio.gather(*self._watches.values(), return_exceptions=True)
        for tier in tiers:
            await asyncio.gather(*(service.stop() for service in tier))
            await asyncio.gather(*self._leaving)  # the first tier is who they still answer
        self._records.clear()

    def _watch(self, service: Service) -> None:
        self._watches[id(service)] = asyncio.create_task(self._keep_running(service))

    async def _stop_watching(self, service: Service) -> None:
        watch = self._watches.pop(id(service))
        watch.cancel()
        await asyncio.gather(watch, return_exceptions=True)

    async def _start(self, service: Service, record: str = "", seconds: float = HEALTHY_SECONDS) -> None:
        await service.start()
        self._records.put(record or service.name, service.process.pid, service.process.stop_signal)
        await service.wait_healthy(seconds)

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
