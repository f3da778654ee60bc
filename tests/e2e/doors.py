"""Listeners on ports where nobody of ours has anything to look for: who knocks is written down."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterable

import psutil

from tilt.embedded.ports import LOOPBACK


class Doors:
    """Ports that are listened on, but for those that somebody else of this machine has; strangers don't count."""

    def __init__(self) -> None:
        self.ports: list[int] = []
        self.knocked: list[str] = []

    @classmethod
    @contextlib.asynccontextmanager
    async def opened(cls, ports: Iterable[int]) -> AsyncIterator["Doors"]:
        """Listens on these."""
        doors = cls()
        async with contextlib.AsyncExitStack() as stack:
            for port in ports:
                with contextlib.suppress(OSError):
                    await stack.enter_async_context(await asyncio.start_server(doors._write_down, LOOPBACK, port))
                    doors.ports.append(port)
            yield doors

    async def _write_down(self, _: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Before the connection is closed, while the system knows whose it is."""
        peer, own = writer.get_extra_info("peername")[1], writer.get_extra_info("sockname")[1]
        owner = next((name for name, port in self._outgoing_connections() if port == peer), None)
        if owner is not None:
            self.knocked.append(f"{owner} at {own}")
        writer.close()

    @staticmethod
    def _outgoing_connections() -> list[tuple[str, int]]:
        """Of this process and of all that it started: a name and the local port."""
        found = []
        for process in (psutil.Process(), *psutil.Process().children(recursive=True)):
            with contextlib.suppress(psutil.Error):
                connections = process.net_connections("tcp")
                found += [(process.name(), each.laddr.port) for each in connections if each.laddr and each.raddr]
        return found
