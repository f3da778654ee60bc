"""Stripe as a payment provider, through its official SDK.

Reads are retried once by the SDK, commands never: a command that failed in between may have had its effect, and whoever repeats it
looks at the intent first. Every command carries an idempotency key of its own besides.
"""

import time
from collections.abc import Awaitable
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast
from uuid import UUID

import stripe
from opentelemetry.trace import SpanKind

from shared.money import Money
from shared.telemetry.tracing import span
from subgraphs.payments.domain.ports import Intent
from subgraphs.payments.infrastructure.metrics import PROVIDER_SECONDS
from subgraphs.payments.infrastructure.stripe_errors import CREATE, RETRIEVE, outcome_of, translated
from subgraphs.payments.infrastructure.stripe_intents import read_intent

NAME = "stripe"

# The last version in which an intent is told its payment_method_types. The later allowed_payment_method_types is unknown to
# localstripe; and without either, Stripe wants a page to send buyers back to from payment methods that we do not offer.
_API_VERSION = "2026-07-29.dahlia"
_TIMEOUT_SECONDS = 4.0  # our callers wait five
_READ_RETRIES = 1
_LONGEST_PAGE = 100

stripe.enable_telemetry = False  # it has the SDK describe this machine and our last request to Stripe

if TYPE_CHECKING:
    from stripe.params import PaymentIntentCreateParams

Answer = TypeVar("Answer")


class StripeProvider:
    """Implements ``PaymentProvider``. An asynchronous context manager: its end closes the connections."""

    name = NAME

    def __init__(self, api_base: str, api_key: str, timeout_seconds: float = _TIMEOUT_SECONDS) -> None:
        self._http = stripe.HTTPXClient(timeout=timeout_seconds)
        client = stripe.StripeClient(
            api_key,
            stripe_version=_API_VERSION,
            base_addresses={"api": api_base.rstrip("/")},
            http_client=self._http,
            max_network_retries=0,
        )
        self._intents = client.v1.payment_intents
        self._refunds = client.v1.refunds

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        close: Any = self._http.close_async  # the SDK leaves it without a type
        await close()

    async def create(self, payment_id: UUID, order_id: UUID, amount: Money, payment_method_id: str) -> Intent:
        """An unconfirmed intent with manual capture."""
        parameters = {
            "amount": amount.minor,
            "currency": amount.currency.lower(),
            "payment_method": payment_method_id,
            "payment_method_types": ["card"],
            "capture_method": "manual",
            "metadata": {"order_id": str(order_id), "payment_id": str(payment_id)},
        }
        request = self._intents.create_async(
            cast("PaymentIntentCreateParams", parameters), {"idempotency_key": f"{payment_id}:create"}
        )
        return await _intent(CREATE, request)

    async def retrieve(self, reference: str) -> Intent:
        """The intent as it is now."""
        return await _intent(RETRIEVE, self._intents.retrieve_async(reference, options={"max_network_retries": _READ_RETRIES}))

    async def confirm(self, reference: str, payment_id: UUID) -> Intent:
        """Has the amount held, or the buyer asked for 3-D Secure."""
        request = self._intents.confirm_async(reference, options={"idempotency_key": f"{payment_id}:confirm"})
        return await _intent("confirm", request)

    async def capture(self, reference: str, payment_id: UUID) -> Intent:
        """Takes the held amount, all of it."""
        request = self._intents.capture_async(reference, options={"idempotency_key": f"{payment_id}:capture"})
        return await _intent("capture", request)

    async def cancel(self, reference: str, payment_id: UUID) -> None:
        """Lets go what is held."""
        request = self._intents.cancel_async(reference, options={"idempotency_key": f"{payment_id}:cancel"})
        await _call("cancel", request)

    async def find_refund(self, reference: str, refund_id: UUID) -> str | None:
        """The refund that carries our id."""
        request = self._refunds.list_async(
            {"payment_intent": reference, "limit": _LONGEST_PAGE}, {"max_network_retries": _READ_RETRIES}
        )
        refunds = await _call(RETRIEVE, request)
        return next((refund.id for refund in refunds.data if _metadata(refund).get("refund_id") == str(refund_id)), None)

    async def refund(self, reference: str, refund_id: UUID, amount: Money) -> str:
        """Gives back; our id goes along, so that the refund can be found again."""
        request = self._refunds.create_async(
            {"payment_intent": reference, "amount": amount.minor, "metadata": {"refund_id": str(refund_id)}},
            {"idempotency_key": f"{refund_id}:refund"},
        )
        return (await _call("refund", request)).id


def _metadata(refund: stripe.Refund) -> dict[str, Any]:
    return refund.to_dict().get("metadata") or {}


async def _intent(operation: str, request: Awaitable[stripe.PaymentIntent]) -> Intent:
    return read_intent((await _call(operation, request)).to_dict())


async def _call(operation: str, request: Awaitable[Answer]) -> Answer:
    """Measures a call and translates its failure; Stripe's own error, which quotes its answer, goes no further."""
    started = time.perf_counter()
    outcome = "interrupted"
    try:
        with span(f"stripe {operation}", SpanKind.CLIENT):
            answer = await request
        outcome = "ok"
        return answer
    except stripe.StripeError as error:
        failure = translated(operation, error)
        outcome = outcome_of(failure)
        raise failure from None
    finally:
        PROVIDER_SECONDS.labels(NAME, operation, outcome).observe(time.perf_counter() - started)
