"""Our programs as forks of a prefork server, as in ``make up``: most of what a start costs is imports."""

import asyncio
import os
import signal
import tempfile
from collections.abc import Mapping
from pathlib import Path

from tilt.embedded.prefork_client import PreforkService

# Each ends with the process of tests that it forks for.
_servers: dict[asyncio.AbstractEventLoop, asyncio.Task[PreforkService]] = {}


class Fork:
    """A program that runs, to be treated as asyncio's own ``Process``."""

    def __init__(self, server: PreforkService, pid: int, exit: asyncio.Future[int]) -> None:
        self.pid = pid
        self._server = server
        self._exit = exit

    @property
    def returncode(self) -> int | None:
        """Its exit status once it has one, negative for a signal."""
        return self._exit.result() if self._exit.done() else None

    def send_signal(self, number: signal.Signals) -> None:
        """Sends a signal, unless it has ended: only the server knows, whose news of that may be on its way."""
        self._server.signal(self.pid, number)

    def terminate(self) -> None:
        """Asks it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """Ends it at once."""
        self.send_signal(signal.SIGKILL)

    async def wait(self) -> int:
        """Its exit status, as soon as it has one."""
        return await asyncio.shield(self._exit)


async def forked(module: str, *arguments: str, environment: Mapping[str, str], log: Path | None = None) -> Fork:
    """Starts ``python -m <module> <arguments>``; what it says is added to ``log``, or is the test's own output."""
    server = await _server()
    variables, output = {**os.environ, **environment}, str(log or f"/proc/{os.getpid()}/fd/1")
    message = {"name": module, "module": module, "arguments": arguments, "environment": variables, "log": output}
    return Fork(server, *await server.fork(message))


async def output_of(module: str, *arguments: str, environment: Mapping[str, str]) -> tuple[int, str]:
    """The exit status and the output of ``python -m <module> <arguments>``."""
    with tempfile.NamedTemporaryFile() as output:
        program = await forked(module, *arguments, environment=environment, log=Path(output.name))
        status = await program.wait()
        return status, output.read().decode()


async def _server() -> PreforkService:
    loop = asyncio.get_running_loop()
    if loop not in _servers:
        _servers[loop] = asyncio.create_task(_started())
    return await _servers[loop]


async def _started() -> PreforkService:
    server = PreforkService(Path(os.devnull))
    await server.start()
    await server.wait_healthy()
    return server
