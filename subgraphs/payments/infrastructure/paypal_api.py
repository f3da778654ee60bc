"""Calls of PayPal's REST API: authentication, time limits, measuring, and errors in our words.

Reads are repeated once when the connection breaks, commands never: a command that failed in between may
have had its effect, and whoever repeats it looks at the order first. A 401 is the exception: nothing
was done, so it is repeated with a new token.
"""

import asyncio
import time
from collections.abc import Mapping, Sequence
from typing import Any

import httpx
import orjson
from opentelemetry.trace import SpanKind

from shared.errors import Unavailable
from shared.security.secrets import Secret
from shared.telemetry.tracing import span
from subgraphs.payments.infrastructure.metrics import PROVIDER_SECONDS
from subgraphs.payments.infrastructure.paypal_errors import outcome_of, translated, unreachable, unreadable
from subgraphs.payments.infrastructure.paypal_tokens import PayPalTokens

NAME = "paypal"
TIMEOUT_SECONDS = 4.0  # our callers wait five

Fields = Mapping[str, Any]


class _Broken(Unavailable):
    """The connection broke, so that asking again at once may help."""


class PayPalApi:
    """Answers PayPal's JSON. Any call may raise DeclinedError, StepRejectedError, Unavailable or Internal;
    ``paypal_errors`` says when.
    """

    def __init__(
        self, api_base: str, client_id: str, client_secret: Secret, timeout_seconds: float = TIMEOUT_SECONDS
    ) -> None:
        self._http = httpx.AsyncClient(base_url=api_base.rstrip("/"), timeout=timeout_seconds)
        self._tokens = PayPalTokens(self._http, client_id, client_secret)
        self._timeout_seconds = timeout_seconds

    async def close(self) -> None:
        """Ends the connections."""
        await self._http.aclose()

    async def read(self, operation: str, path: str, **parameters: str) -> Fields:
        """GET."""
        request = self._http.build_request("GET", path, params=parameters)
        try:
            return await self._call(operation, request)
        except _Broken:
            return await self._call(operation, request)

    async def command(self, operation: str, path: str, body: Fields, request_id: str | None = None) -> Fields:
        """POST; PayPal does the work of one request id once, and answers its repetitions with what came of it."""
        headers = {"Prefer": "return=representation", "Content-Type": "application/json"}
        if request_id is not None:
            headers["PayPal-Request-Id"] = request_id
        return await self._call(
            operation, self._http.build_request("POST", path, content=orjson.dumps(body), headers=headers)
        )

    async def patch(self, operation: str, path: str, changes: Sequence[Fields]) -> None:
        """PATCH with a JSON Patch."""
        headers = {"Content-Type": "application/json"}
        await self._call(
            operation, self._http.build_request("PATCH", path, content=orjson.dumps(changes), headers=headers)
        )

    async def _call(self, operation: str, request: httpx.Request) -> Fields:
        started, outcome = time.perf_counter(), "ok"
        try:
            with span(f"paypal {operation}", SpanKind.CLIENT):
                return _read(operation, await self._answered(operation, request))
        except BaseException as failure:
            outcome = outcome_of(failure)
            raise
        finally:
            PROVIDER_SECONDS.labels(NAME, operation, outcome).observe(time.perf_counter() - started)

    async def _answered(self, operation: str, request: httpx.Request) -> httpx.Response:
        try:
            async with asyncio.timeout(self._timeout_seconds):
                answer = await self._sent(request)
                return await self._sent(request) if answer.status_code == httpx.codes.UNAUTHORIZED else answer
        except (httpx.TimeoutException, TimeoutError) as error:
            raise unreachable(operation, error) from None
        except httpx.TransportError as error:
            raise _Broken(unreachable(operation, error).message) from None

    async def _sent(self, request: httpx.Request) -> httpx.Response:
        token = await self._tokens.current()
        request.headers["Authorization"] = f"Bearer {token}"
        answer = await self._http.send(request)
        if answer.status_code == httpx.codes.UNAUTHORIZED:
            self._tokens.rejected(token)
        return answer


def _read(operation: str, answer: httpx.Response) -> Fields:
    if not answer.is_success:
        raise translated(operation, answer)
    try:
        fields = orjson.loads(answer.content) if answer.content else {}
    except ValueError:
        raise unreadable(operation, answer) from None
    return fields if isinstance(fields, dict) else {}
