"""Liveness and readiness, as Kubernetes understands them."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

Check = Callable[[], Awaitable[object]]
_CHECK_TIMEOUT_SECONDS = 2.0


class Health:
    """Alive while the event loop turns; ready while every check passes and no stop was asked for."""

    def __init__(self, checks: Mapping[str, Check]) -> None:
        self._checks = checks
        self.stopping = False

    def routes(self) -> list[Route]:
        """``/health/live`` and ``/health/ready``."""
        return [Route("/health/live", self._live), Route("/health/ready", self._ready)]

    async def _live(self, _: Request) -> Response:
        return Response(b'{"status":"alive"}', media_type="application/json")

    async def _ready(self, _: Request) -> Response:
        failures = {name: failure for name, check in self._checks.items() if (failure := await _failure(check))}
        if self.stopping:
            failures["process"] = "stopping"
        body = orjson.dumps({"status": "unready" if failures else "ready", "failures": failures})
        return Response(body, status_code=503 if failures else 200, media_type="application/json")


async def _failure(check: Check) -> str | None:
    try:
        await asyncio.wait_for(check(), _CHECK_TIMEOUT_SECONDS)
    except Exception as error:
        return type(error).__name__
    return None
