"""A server that the mesh runs: a process, a health check through its own protocol, a tidy end."""

import asyncio
import time
from abc import ABC, abstractmethod

from tilt.embedded.errors import MeshError
from tilt.embedded.process import Child

FIRST_RETRY_SECONDS = 0.02
LONGEST_RETRY_SECONDS = 0.1


class Service(ABC):
    """A real server run as a child process."""

    process: Child

    @property
    def name(self) -> str:
        return self.process.name

    @abstractmethod
    async def start(self) -> None:
        """Prepare its data and start its process; `wait_healthy` tells when it serves."""

    @abstractmethod
    async def check(self) -> None:
        """Speak its protocol once; any exception means that it does not serve yet."""

    async def wait_healthy(self, seconds: float = 60.0) -> None:
        """Return when the check passes; raise with the end of its log when it died or takes too long."""
        deadline, pause = time.monotonic() + seconds, FIRST_RETRY_SECONDS
        while True:
            try:
                return await self.check()
            except Exception as error:
                if self.process.pid is None:
                    raise self._failure("ended right after its start") from error
                if time.monotonic() > deadline:
                    raise self._failure(f"does not answer after {seconds:.0f} s ({error!r})") from error
            await asyncio.sleep(pause)
            pause = min(1.2 * pause, LONGEST_RETRY_SECONDS)

    async def stop(self) -> None:
        """Stop the process; data stays."""
        await self.process.stop()

    def _failure(self, what: str) -> MeshError:
        return MeshError(f"{self.name} {what}. The end of {self.process.log}:\n{self.process.last_lines()}")
