"""Calls of Stripe's API by its official SDK.

The SDK's raw requests over its aiohttp client cost a quarter of the processor time of its typed ones over httpx (0.24
ms against 1.0 ms a call), and an order makes two; what they answer is JSON, which ``stripe_intents`` reads.

Reads are retried once by the SDK, commands never: a command that failed in between may have had its effect, and whoever
repeats it sends the same idempotency key. A command without a key of ours gets one by the SDK, for itself alone.
"""

import time
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self

import aiohttp
import orjson
import stripe
from opentelemetry.trace import SpanKind

from shared.security.secrets import Secret
from shared.telemetry.tracing import span
from subgraphs.payments.infrastructure.metrics import PROVIDER_SECONDS
from subgraphs.payments.infrastructure.stripe_errors import FAILURES, RETRIEVE, outcome_of, translated, unreachable

NAME = "stripe"

# The last version in which an intent is told its payment_method_types. The later
# allowed_payment_method_types is unknown to localstripe; and without either, Stripe wants a page to send
# buyers back to from payment methods that we do not offer.
_API_VERSION = "2026-07-29.dahlia"
_READ_RETRIES = 1

stripe.enable_telemetry = False  # it has the SDK describe this machine and our last request to Stripe

Json = Mapping[str, Any]


class StripeApi:
    """A connection pool. An asynchronous context manager: its end closes the connections."""

    def __init__(self, api_base: str, api_key: Secret, timeout_seconds: float) -> None:
        self._http = stripe.AIOHTTPClient(timeout=aiohttp.ClientTimeout(total=timeout_seconds))
        self._api_key = api_key
        self._client = stripe.StripeClient(
            api_key.current(),
            stripe_version=_API_VERSION,
            base_addresses={"api": api_base.rstrip("/")},
            http_client=self._http,
            max_network_retries=0,
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        close: Any = self._http.close_async  # the SDK leaves it without a type
        await close()

    async def get(self, path: str, **parameters: Any) -> Json:
        """Reads.

        Raises:
            Unavailable: when Stripe has no answer.
        """
        return await self._measured(RETRIEVE, "get", path, parameters | {"max_network_retries": _READ_RETRIES})

    async def post(self, operation: str, path: str, key: str | None = None, **parameters: Any) -> Json:
        """Has something done, once for a key.

        Raises:
            DeclinedError, StepRejectedError, FailedError, Unavailable: as ``PaymentProvider`` has them.
        """
        return await self._measured(operation, "post", path, parameters | ({"idempotency_key": key} if key else {}))

    async def _measured(self, operation: str, method: str, path: str, parameters: Json) -> Json:
        started = time.perf_counter()
        outcome = "interrupted"
        try:
            with span(f"stripe {operation}", SpanKind.CLIENT):
                answer = await self._asked(operation, method, path, parameters)
            outcome = "ok"
            return answer
        except FAILURES as failure:
            outcome = outcome_of(failure)
            raise
        finally:
            PROVIDER_SECONDS.labels(NAME, operation, outcome).observe(time.perf_counter() - started)

    async def _asked(self, operation: str, method: str, path: str, parameters: Json) -> Json:
        """Stripe's own error, which quotes its answer, goes no further."""
        request: Any = self._client.raw_request_async  # the SDK leaves it without types
        try:
            answer = await request(method, path, api_key=self._api_key.current(), **parameters)
            read: Json = orjson.loads(answer.body)
            return read
        except stripe.StripeError as error:
            raise translated(operation, error) from None
        except (aiohttp.ClientError, TimeoutError, orjson.JSONDecodeError) as error:
            raise unreachable(operation, error) from None
