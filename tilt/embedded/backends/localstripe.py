"""localstripe as a backend: Stripe's API without Stripe, in a process of its own as its licence wants it."""

import sys
from dataclasses import dataclass, field
from pathlib import Path

from tilt.embedded.backends.backend import Backend
from tilt.embedded.http import expect_ok
from tilt.embedded.ports import LOOPBACK
from tilt.embedded.process import Process

API_KEY = "sk_test_12345"


@dataclass
class Localstripe(Backend):
    """One localstripe that keeps its objects in a file and sends its events to one webhook."""

    port: int
    data: Path
    log: Path
    webhook_url: str | None = None
    webhook_secret: str = ""
    host: str = LOOPBACK
    process: Process = field(init=False)

    def __post_init__(self) -> None:
        command = [
            sys.executable,
            "-m",
            "tilt.embedded.localstripe_server",
            "--host",
            self.host,
            "--port",
            str(self.port),
        ]
        command += ["--file", str(self.data / "objects.pickle")]
        if self.webhook_url:
            command += ["--webhook-url", self.webhook_url]
        # The secret goes by the environment: arguments can be read by every user of the machine.
        secret = {"STRIPE_WEBHOOK_SECRET": self.webhook_secret}
        self.process = Process(name="localstripe", log=self.log, command=command, environment=secret)

    @property
    def url(self) -> str:
        return f"http://{LOOPBACK}:{self.port}"

    async def prepare(self) -> None:
        self.data.mkdir(parents=True, exist_ok=True)

    async def check(self) -> None:
        await expect_ok(f"{self.url}/v1/payment_intents?limit=1", f"Bearer {API_KEY}")
