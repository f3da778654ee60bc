"""The supervisor's end of the prefork server: start it, have it fork, learn how its children end."""

import asyncio
import itertools
import json
import signal
import socket
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tilt.embedded.errors import MeshError
from tilt.embedded.process import Child, Process
from tilt.embedded.records import Identity, identity_of
from tilt.embedded.service import Service
from tilt.embedded.subgraphs import MANIFESTS, SUBGRAPHS

MALLOC = {"MALLOC_ARENA_MAX": "2", "PYTHONUNBUFFERED": "1"}


def imported_by(subgraphs: Iterable[str]) -> list[str]:
    """The modules of others that these subgraphs import by themselves."""
    return sorted({module for name in subgraphs for module in MANIFESTS[name].imports})


class PreforkService(Service):
    """The prefork server as a service; without it no subgraph starts."""

    def __init__(self, log: Path, environment: Mapping[str, str] = MALLOC) -> None:
        self.process: Process = Process(name="prefork-server", log=log, environment=environment)
        self.imports = imported_by(SUBGRAPHS)  # of others, beside what the chassis does
        self._ready = asyncio.Event()
        self._ids = itertools.count()
        self._starts: dict[int, asyncio.Future[int]] = {}
        self._exits: dict[int, asyncio.Future[int]] = {}
        self._identities: dict[int, Identity] = {}
        self._writer: asyncio.StreamWriter | None = None
        self._listening: asyncio.Task[None] | None = None

    async def start(self) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            self.process.command = [sys.executable, "-m", "tilt.embedded.prefork_server", str(theirs.fileno())]
            self.process.command += self.imports
            self.process.inherited_files = (theirs.fileno(),)
            self.process.start()
        reader, self._writer = await asyncio.open_unix_connection(sock=ours)
        self._listening = asyncio.create_task(self._listen(reader))

    async def check(self) -> None:
        if not self._ready.is_set():
            raise MeshError("it is still importing")

    async def stop(self) -> None:
        await super().stop()
        if self._listening is not None:
            await self._listening

    async def fork(self, message: Mapping[str, Any]) -> tuple[int, asyncio.Future[int]]:
        """Fork a child; its process id, and what becomes its exit status."""
        await self._ready.wait()
        number = next(self._ids)
        self._starts[number] = asyncio.get_running_loop().create_future()
        self._send({"id": number, **message})
        pid = await self._starts[number]
        return pid, self._exits[pid]

    def signal(self, pid: int, number: signal.Signals) -> None:
        """Signal a child through the server, the only one who knows for sure that the process id is still its."""
        self._send({"signal": int(number), "pid": pid})

    def _send(self, message: Mapping[str, Any]) -> None:
        if self._writer is not None and not self._writer.is_closing():
            self._writer.write(json.dumps(message).encode() + b"\n")

    async def _listen(self, reader: asyncio.StreamReader) -> None:
        try:
            while line := await reader.readline():
                self._receive(json.loads(line))
        except ConnectionError:
            pass  # it died with our words unread; the end is the same
        await self._ended()

    def _receive(self, message: dict[str, Any]) -> None:
        if "ready" in message:
            self._ready.set()
        elif "started" in message:
            pid = message["pid"]
            self._exits[pid] = asyncio.get_running_loop().create_future()
            if identity := identity_of(pid):
                self._identities[pid] = identity
            self._resolve(self._starts.pop(message["started"]), pid)
        elif "exited" in message:
            self._identities.pop(message["exited"], None)
            self._exits.pop(message["exited"]).set_result(message["status"])

    def _resolve(self, start: asyncio.Future[int], pid: int) -> None:
        """Tell who asked for a child; one that nobody waits for any more is not wanted."""
        if start.done():
            self.signal(pid, signal.SIGTERM)
        else:
            start.set_result(pid)

    async def _ended(self) -> None:
        """The kernel stops its children with it; they are over when they are gone, not before."""
        self._ready.clear()
        if self._writer is not None:
            self._writer.close()
        for start in self._starts.values():
            if not start.done():  # who was cancelled meanwhile waits no more
                start.set_exception(MeshError("the prefork server died"))
        self._starts.clear()
        orphans, self._exits = self._exits, {}
        await asyncio.gather(*(self._bury(pid, exit) for pid, exit in orphans.items()))

    async def _bury(self, pid: int, exit: asyncio.Future[int]) -> None:
        identity = self._identities.pop(pid, None)
        if identity is not None:
            await identity.end(signal.SIGTERM)
        exit.set_result(-signal.SIGTERM)


@dataclass(kw_only=True)
class ForkedProcess(Child):
    """A module run by a fork of the prefork server."""

    prefork_server: PreforkService
    module: str
    arguments: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    _pid: int | None = None
    _exit: asyncio.Future[int] | None = None

    @property
    def pid(self) -> int | None:
        return None if self._exit is None or self._exit.done() else self._pid

    async def start(self) -> None:
        """Fork it."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        message = {"name": self.name, "module": self.module, "arguments": list(self.arguments)}
        where = {"environment": dict(self.environment), "log": str(self.log)}
        self._pid, self._exit = await self.prefork_server.fork({**message, **where})

    async def exited(self) -> int:
        assert self._exit is not None, f"{self.name} was never started"
        return await asyncio.shield(self._exit)

    def signal(self, number: signal.Signals) -> None:
        if self.pid is not None:
            self.prefork_server.signal(self.pid, number)
