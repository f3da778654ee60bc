"""The mail sink as a backend: accepts any mail, delivers none, shows all."""

import smtplib
import sys
from asyncio import to_thread
from dataclasses import dataclass, field
from pathlib import Path

from tilt.embedded.http import expect_ok
from tilt.embedded.ports import LOOPBACK
from tilt.embedded.process import Process
from tilt.embedded.service import Service


@dataclass
class Mailbox(Service):
    """`tilt.embedded.mailbox` as a process."""

    smtp_port: int
    http_port: int
    data: Path
    log: Path
    process: Process = field(init=False)

    def __post_init__(self) -> None:
        command = [sys.executable, "-m", "tilt.embedded.mailbox", "--folder", str(self.data)]
        ports = ["--smtp-port", str(self.smtp_port), "--http-port", str(self.http_port)]
        self.process = Process(name="mailbox", log=self.log, command=command + ports)

    @property
    def smtp_url(self) -> str:
        return f"smtp://{LOOPBACK}:{self.smtp_port}"

    @property
    def url(self) -> str:
        return f"http://{LOOPBACK}:{self.http_port}"

    async def start(self) -> None:
        self.process.start()

    async def check(self) -> None:
        await expect_ok(f"{self.url}/messages")
        await to_thread(self._greet)

    def _greet(self) -> None:
        with smtplib.SMTP(LOOPBACK, self.smtp_port, timeout=2) as smtp:
            smtp.noop()
