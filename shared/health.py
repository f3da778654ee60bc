"""Liveness, start and readiness, as Kubernetes understands them."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from shared.outages import in_one_line

logger = logging.getLogger(__name__)

Check = Callable[[], Awaitable[object]]
_CHECK_TIMEOUT_SECONDS = 2.0


class Health:
    """Alive while the event loop turns; started once all that is opened at the start is open; ready while every check passes.

    A check fails with what it raises, which is told in one line, to whoever asks and, when it changes, in the log: a probe's event
    says no more than 503. After a stop was asked for, nothing is ready.
    """

    def __init__(self) -> None:
        self.checks: dict[str, Check] = {}
        self.stopping = False
        self.waiting_for = "the start"  # what keeps the process from being started; empty once it is
        self._failures: dict[str, str] = {}

    def routes(self) -> list[Route]:
        """``/health/live``, ``/health/started`` and ``/health/ready``."""
        return [
            Route("/health/live", self._live),
            Route("/health/started", self._started),
            Route("/health/ready", self._ready),
        ]

    async def _live(self, _: Request) -> Response:
        return Response(b'{"status":"alive"}', media_type="application/json")

    async def _started(self, _: Request) -> Response:
        return _answer("started", "starting", self._start_failures())

    async def _ready(self, _: Request) -> Response:
        failures = self._start_failures()
        if not failures:
            failures = {name: failure for name, check in self.checks.items() if (failure := await _failure(check))}
            self._tell(failures)
        if self.stopping:
            failures["process"] = "stopping"
        return _answer("ready", "unready", failures)

    def _tell(self, failures: dict[str, str]) -> None:
        if failures and failures != self._failures:
            logger.warning("not ready: %s", "; ".join(f"{name}: {failure}" for name, failure in failures.items()))
        elif self._failures and not failures:
            logger.info("ready again")
        self._failures = failures

    def _start_failures(self) -> dict[str, str]:
        return {"start": self.waiting_for} if self.waiting_for else {}


def _answer(good: str, bad: str, failures: dict[str, str]) -> Response:
    body = orjson.dumps({"status": bad if failures else good, "failures": failures})
    return Response(body, status_code=503 if failures else 200, media_type="application/json")


async def _failure(check: Check) -> str | None:
    try:
        await asyncio.wait_for(check(), _CHECK_TIMEOUT_SECONDS)
    except Exception as error:
        return in_one_line(error)
    return None
