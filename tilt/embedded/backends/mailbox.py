"""The mail sink as a backend: accepts any mail, delivers none, shows all."""

import smtplib
import sys
from asyncio import to_thread
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tilt.embedded.backends.backend import Backend
from tilt.embedded.http import expect_ok
from tilt.embedded.ports import LOOPBACK
from tilt.embedded.process import Process


@dataclass
class Mailbox(Backend):
    """`tilt.embedded.mailbox` as a process."""

    smtp_port: int
    http_port: int
    data: Path
    log: Path
    host: str = LOOPBACK
    names: Sequence[str] = ()
    process: Process = field(init=False)

    def __post_init__(self) -> None:
        command = [sys.executable, "-m", "tilt.embedded.mailbox", "--folder", str(self.data)]
        command += ["--host", self.host, "--smtp-port", str(self.smtp_port), "--http-port", str(self.http_port)]
        command += ["--names", *self.names]
        self.process = Process(name="mailbox", log=self.log, command=command)

    @property
    def smtp_url(self) -> str:
        return f"smtp://{LOOPBACK}:{self.smtp_port}"

    @property
    def url(self) -> str:
        return f"http://{LOOPBACK}:{self.http_port}"

    async def prepare(self) -> None:
        self.data.mkdir(parents=True, exist_ok=True)

    async def check(self) -> None:
        await expect_ok(f"{self.url}/messages")
        await to_thread(self._greet)

    def _greet(self) -> None:
        with smtplib.SMTP(LOOPBACK, self.smtp_port, timeout=2) as smtp:
            smtp.noop()
