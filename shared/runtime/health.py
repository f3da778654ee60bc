"""Liveness, start and readiness, as Kubernetes understands them."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from shared.runtime.outages import in_one_line

logger = logging.getLogger(__name__)

Check = Callable[[], Awaitable[object]]
_CHECKS_SECONDS = 2.0  # for all of them, side by side: the shortest probe waits for three


class Health:
    """Alive while the event loop runs; started once all that is opened at the start is open; ready while checks pass.

    A check fails with what it raises, which is told in one line, to whoever asks and, when it changes, in the log:
    a probe's event says no more than 503. After a stop was asked for, nothing is ready.
    """

    def __init__(self, checks_seconds: float = _CHECKS_SECONDS) -> None:
        self.checks: dict[str, Check] = {}
        self._checks_seconds = checks_seconds
        self.stopping = False
        self.waiting_for = "the start"  # what keeps the process from being started; empty once it is
        self._failures: dict[str, str] = {}
        self._running: dict[str, asyncio.Task[str | None]] = {}

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
            failures = await self._check_all()
            self._tell(failures)
        if self.stopping:
            failures["process"] = "stopping"
        return _answer("ready", "unready", failures)

    async def _check_all(self) -> dict[str, str]:
        """What fails, each named; a check that hangs is named too, and not begun again before it has ended."""
        for name, check in self.checks.items():
            if name not in self._running:
                self._running[name] = asyncio.create_task(_failure(check), name=f"check {name}")
        checks = dict(self._running)
        await asyncio.wait(checks.values(), timeout=self._checks_seconds)
        failures = {name: self._outcome(name, check) for name, check in checks.items()}
        return {name: failure for name, failure in failures.items() if failure}

    def _outcome(self, name: str, check: asyncio.Task[str | None]) -> str | None:
        if not check.done():
            check.cancel()  # and not waited for: it may not notice
            return f"no answer within {self._checks_seconds:g} s"
        if self._running.get(name) is check:
            del self._running[name]
        return "cancelled" if check.cancelled() else check.result()

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
        await check()
    except Exception as error:
        return in_one_line(error)
    return None
