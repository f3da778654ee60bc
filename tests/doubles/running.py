"""Doubles as tests see them: a process each, started once a session, and the calls of its control interface.

A conftest takes the fixtures by `from tests.doubles.running import *`.
"""

import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest_asyncio

from shared.ids import new_id
from tests.backends import Backends
from tests.subgraphs import eventually
from tilt.embedded.environment import stripe_webhook_url
from tilt.embedded.http import expect_ok
from tilt.embedded.ports import LOOPBACK, free_port
from tilt.embedded.process import Process
from tilt.embedded.service import Service

__all__ = ["Double", "double_of_paypal", "double_of_stripe", "running_stripe_double", "stripe_double"]


class Double(Service):
    """One double's process. Stop it as any other service of the tests."""

    process: Process

    def __init__(self, provider: str, log: Path, *arguments: str, environment: dict[str, str] | None = None) -> None:
        self.port = free_port()
        self.url = f"http://{LOOPBACK}:{self.port}"
        command = [sys.executable, "-m", f"tests.doubles.{provider}", "--port", str(self.port), *arguments]
        self.process = Process(name=f"{provider}-double", log=log, command=command, environment=environment or {})
        self._http = httpx.AsyncClient(base_url=self.url, timeout=30)

    async def start(self) -> None:
        self.process.start()

    async def check(self) -> None:
        await expect_ok(f"{self.url}/_control")

    async def stop(self) -> None:
        await self._http.aclose()
        await super().stop()

    async def on_requests(self, action: str, path: str = "*", **rule: Any) -> None:
        """Adds a rule for the next request of this path, or the next ``times``; README.md has its other fields."""
        await self._post("/_control", {"requests": [{"action": action, "path": path, **rule}]})

    async def on_webhooks(self, action: str, event_type: str = "*", **rule: Any) -> None:
        """Adds a rule for the next event of this type, or the next ``times``."""
        await self._post("/_control", {"webhooks": [{"action": action, "type": event_type, **rule}]})

    async def reset(self) -> None:
        """Forgets all rules and noted requests, and sends what was held back."""
        (await self._http.delete("/_control")).raise_for_status()

    async def requests(self) -> list[dict[str, Any]]:
        """What came since the last reset."""
        return await self._list("/_control/requests")

    async def deliveries(self) -> list[dict[str, Any]]:
        """What became of each copy of each event."""
        return await self._list("/_control/webhooks")

    async def release(self) -> None:
        """Sends the events that a rule to shuffle holds back."""
        await self._post("/_control/webhooks/release", {})

    async def met(self, times: int = 1) -> None:
        """Returns when this many requests have met a rule since the last reset."""

        async def have_met() -> bool:
            return sum(request["met"] is not None for request in await self.requests()) >= times

        await eventually(have_met, f"{times} requests met a rule")

    async def ledger(self) -> list[dict[str, Any]]:
        """All payments in the double's own books."""
        return await self._list("/_ledger")

    async def payment(self, reference: str) -> dict[str, Any]:
        """One payment in the double's own books."""
        payment: dict[str, Any] = await self._get(f"/_ledger/{reference}")
        return payment

    async def buyer_acts(self, reference: str, approves: bool) -> None:
        """The buyer approves what the provider asks for, or gives up."""
        await self._post(f"/_buyer/{reference}", {"approves": approves})

    async def decline_next_buyer(self, issue: str) -> None:
        """PayPal declines the wallet of the next buyer who approves a payment."""
        await self._post("/_buyer", {"declines": issue})

    async def refund(self, reference: str, amount: int | None = None) -> str:
        """Somebody refunds money at the provider's own page; the refund's id.

        ``amount`` is in minor units; without it, it is all that is left.
        """
        refund: dict[str, Any] = await self._post(f"/_refunds/{reference}", {"amount": amount})
        return str(refund["id"])

    async def fail_refund(self, refund_id: str, reason: str = "expired_or_canceled_card") -> None:
        """The buyer's bank does not take a refund: the money is the shop's again."""
        await self._post(f"/_refund_failures/{refund_id}", {"reason": reason})

    async def slow_refund(self) -> None:
        """PayPal's next refund is on its way at first."""
        await self._post("/_buyer", {"waits": True})

    async def dispute(self, reference: str, **details: Any) -> str:
        """The buyer's bank takes the money back; the dispute's id."""
        dispute: dict[str, Any] = await self._post("/_disputes", {"payment": reference, **details})
        return str(dispute["id"])

    async def decide(self, dispute_id: str, outcome: str) -> None:
        """The buyer's bank decides a dispute: ``won`` by the shop, or ``lost``.

        Stripe's inquiries are ``escalated``, or end.

        ``appealed``: what was decided is decided otherwise.
        """
        await self._post(f"/_disputes/{dispute_id}", {"outcome": outcome})

    async def move_evidence(self, dispute_id: str, due_by: int) -> None:
        """Evidence is taken until another time, in seconds since the Unix epoch."""
        await self._post(f"/_disputes/{dispute_id}", {"evidence_due_by": due_by})

    async def expire(self, reference: str) -> None:
        """An authorization lapses."""
        await self._post(f"/_expired/{reference}", {})

    async def _list(self, path: str) -> list[dict[str, Any]]:
        listed: list[dict[str, Any]] = await self._get(path)
        return listed

    async def _get(self, path: str) -> Any:
        return (await self._http.get(path)).raise_for_status().json()

    async def _post(self, path: str, body: dict[str, Any]) -> Any:
        answer = await self._http.post(path, json=body)
        assert answer.is_success, f"{path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None


async def double_of_stripe(folder: Path, webhook_url: str | None, webhook_secret: str) -> Double:
    """A running double of Stripe."""
    webhook = ["--webhook-url", webhook_url] if webhook_url else []
    # The secret goes by the environment: arguments can be read by every user of the machine.
    secret = {"STRIPE_WEBHOOK_SECRET": webhook_secret}
    return await _started(Double("stripe", folder / "logs" / "stripe-double.log", *webhook, environment=secret))


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def running_stripe_double(backends: Backends) -> AsyncIterator[Double]:
    """Stripe's double, the same for the whole session."""
    folder = backends.settings.mercato_data_dir
    url, secret = stripe_webhook_url(backends.settings), backends.credentials.stripe_webhook_secret
    double = await double_of_stripe(folder, url, secret)
    yield double
    await double.stop()


@pytest_asyncio.fixture
async def stripe_double(running_stripe_double: Double) -> AsyncIterator[Double]:
    """Stripe's double; its rules end with the test."""
    yield running_stripe_double
    await running_stripe_double.reset()


async def double_of_paypal(folder: Path, webhook_url: str | None, *options: str) -> tuple[Double, Path]:
    """A running double of PayPal, and the file with the root that its certificate is believed by."""
    webhook = ["--webhook-url", webhook_url] if webhook_url else []
    authority_file = folder / f"paypal-double-{new_id()}.pem"
    arguments = [*webhook, "--authority-file", str(authority_file), *options]
    return await _started(Double("paypal", folder / "logs" / "paypal-double.log", *arguments)), authority_file


async def _started(double: Double) -> Double:
    await double.start()
    await double.wait_healthy()
    return double
