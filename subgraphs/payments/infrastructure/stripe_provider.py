"""Stripe as a payment provider.

Every command carries an idempotency key made of our ids. Stripe answers a key that it knows as it did the
first time, for a day, be that a failure or a rejection; it says so in a header, and then it is looked at what
there is before anything is tried by another key.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote
from uuid import UUID

from shared.money import Money
from shared.security.secrets import Secret
from subgraphs.payments.domain.provider import (
    Change,
    Decline,
    DeclinedError,
    Dispute,
    FailedError,
    Intent,
    NewPayment,
    ProviderRecord,
    ProviderRefund,
    RefundState,
    StepRejectedError,
)
from subgraphs.payments.domain.status import PaymentStatus
from subgraphs.payments.infrastructure.payable import NotPayableError
from subgraphs.payments.infrastructure.stripe_api import NAME, Json, StripeApi
from subgraphs.payments.infrastructure.stripe_cards import StripeCards
from subgraphs.payments.infrastructure.stripe_disputes import read_dispute
from subgraphs.payments.infrastructure.stripe_errors import BEGIN, DeclinedIntentError, is_replayed
from subgraphs.payments.infrastructure.stripe_intents import read_intent, read_record
from subgraphs.payments.infrastructure.stripe_money import stripe_amount
from subgraphs.payments.infrastructure.stripe_refunds import read_refund

_TIMEOUT_SECONDS = 4.0  # our callers wait five
_LONGEST_PAGE = 100
_MOST_ATTEMPTS = 5
_INTENTS = "/v1/payment_intents"
_UNPAYABLE = "This order can't be paid by card; please choose another means of payment."
_REFUNDS = "/v1/refunds"
_DISPUTES = "/v1/disputes"
_EVENTS = "/v1/events"  # Stripe keeps them for thirty days
_WITH_CHARGE = ["latest_charge"]


class StripeProvider:
    """Implements ``PaymentProvider``. An asynchronous context manager: its end closes the connections."""

    name = NAME

    def __init__(self, api_base: str, api_key: Secret, timeout_seconds: float = _TIMEOUT_SECONDS) -> None:
        self._api = StripeApi(api_base, api_key, timeout_seconds)
        self.cards = StripeCards(self._api)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self._api.__aexit__(kind, error, traceback)

    async def begin(self, payment: NewPayment) -> Intent:
        """An intent with manual capture, created and confirmed in one request."""
        amount = _payable(payment.amount)
        customer = {"customer": payment.customer_reference} if payment.customer_reference else {}
        key = f"{payment.payment_id}:begin" + (f":{payment.attempt}" if payment.attempt > 1 else "")
        try:
            fields = await self._api.post(
                BEGIN,
                _INTENTS,
                key,
                amount=amount,
                currency=payment.amount.currency.lower(),
                payment_method=payment.method,
                payment_method_types=["card"],
                capture_method="manual",
                confirm=True,
                metadata={"payment_id": str(payment.payment_id), "order_id": str(payment.order_id)},
                **customer,
            )
        except DeclinedIntentError as rejected:
            return rejected.intent
        return read_intent(fields)

    async def retrieve(self, reference: str) -> Intent:
        """The intent as it is now, and what was refunded of its charge."""
        return read_intent(await self._api.get(_path(reference), expand=_WITH_CHARGE))

    async def confirm(self, reference: str, payment_id: UUID) -> Intent:
        """Only intents from before confirmation and creation were one request await it."""
        return read_intent(await self._api.post("confirm", _path(reference, "confirm"), f"{payment_id}:confirm"))

    async def capture(self, reference: str, payment_id: UUID) -> Intent:
        """Takes the held amount, all of it."""
        return read_intent(await self._step("capture", reference, payment_id, PaymentStatus.CAPTURED))

    async def cancel(self, reference: str, payment_id: UUID) -> None:
        """Lets go what is held."""
        await self._step("cancel", reference, payment_id, PaymentStatus.VOIDED)

    async def find_refund(self, reference: str, refund_id: UUID) -> ProviderRefund | None:
        """The refund that carries our id."""
        async for refund in self._pages(_REFUNDS, payment_intent=reference):
            if (refund.get("metadata") or {}).get("refund_id") == str(refund_id):
                return read_refund(refund)
        return None

    async def refunds(self, reference: str) -> Sequence[ProviderRefund]:
        """Those of the intent's charge."""
        return [read_refund(fields) async for fields in self._pages(_REFUNDS, payment_intent=reference)]

    async def refund(self, reference: str, refund_id: UUID, amount: Money) -> ProviderRefund:
        """Gives back; our id goes along, so that the refund can be found again."""
        for attempt in range(1, _MOST_ATTEMPTS + 1):
            try:
                return await self._refund(reference, refund_id, amount, f"{refund_id}:refund:{attempt}")
            except (FailedError, StepRejectedError) as failure:
                if not is_replayed(failure):
                    raise
                given = await self.find_refund(reference, refund_id)
                if given is not None:
                    return given
        raise FailedError("The payment provider keeps failing to give the money back; try again tomorrow.")

    async def disputes(self, reference: str) -> Sequence[Dispute]:
        """Those of the intent's charge; inquiries, by which no money moves, are not among them."""
        found = [read_dispute(fields) async for fields in self._pages(_DISPUTES, payment_intent=reference)]
        return [dispute for dispute in found if dispute is not None]

    async def changes(self, since: datetime, until: datetime) -> AsyncIterator[Change]:
        """Refunds and disputes that were created in this time;
        refunds that failed and disputes that were decided by its events.
        """
        created = {"gte": int(since.timestamp()), "lte": int(until.timestamp())}
        for path in (_REFUNDS, _DISPUTES):
            async for fields in self._pages(path, created=created):
                if fields["payment_intent"]:
                    yield Change(fields["id"], fields["payment_intent"], is_dispute=path == _DISPUTES)
        async for refund in self._told("refund.failed", created):
            yield Change(refund["id"], refund["payment_intent"], is_dispute=False, is_failure=True)
        async for fields in self._told("charge.dispute.closed", created):
            dispute = read_dispute(fields)
            if dispute is not None:
                yield Change(dispute.reference, dispute.intent_reference, is_dispute=True, outcome=dispute.outcome)

    async def records(self, since: datetime) -> AsyncIterator[ProviderRecord]:
        """Every intent created since then, the newest first."""
        created = {"gte": int(since.timestamp())}
        async for fields in self._pages(_INTENTS, created=created, expand=["data.latest_charge"]):
            yield read_record(fields)

    async def _refund(self, reference: str, refund_id: UUID, amount: Money, key: str) -> ProviderRefund:
        metadata = {"refund_id": str(refund_id)}
        try:
            asked = stripe_amount(amount)
        except NotPayableError as rejected:
            raise StepRejectedError(str(rejected)) from None
        fields = await self._api.post(
            "refund", "/v1/refunds", key, payment_intent=reference, amount=asked, metadata=metadata
        )
        refund = read_refund(fields)
        if refund.state is RefundState.FAILED:
            raise StepRejectedError(refund.failure)
        return refund

    async def _step(self, operation: str, reference: str, payment_id: UUID, target: PaymentStatus) -> Json:
        """A step that the intent's own state allows once, so that another key does no harm."""
        path = _path(reference, operation)
        try:
            return await self._api.post(operation, path, f"{payment_id}:{operation}")
        except (FailedError, StepRejectedError) as failure:
            if not is_replayed(failure):
                raise
        now = await self._api.get(_path(reference))
        return now if read_intent(now).status is target else await self._api.post(operation, path)

    async def _told(self, event_type: str, created: Mapping[str, int]) -> AsyncIterator[Json]:
        """What events of this time are about, of all that are of an intent."""
        async for event in self._pages(_EVENTS, type=event_type, created=created):
            fields = event["data"]["object"]
            if fields["payment_intent"]:
                yield fields

    async def _pages(self, path: str, **parameters: Any) -> AsyncIterator[Json]:
        """All objects of a list."""
        after: dict[str, str] = {}
        while True:
            page = await self._api.get(path, limit=_LONGEST_PAGE, **parameters, **after)
            for fields in page["data"]:
                yield fields
            if not page["has_more"]:
                return
            after = {"starting_after": page["data"][-1]["id"]}


def _payable(money: Money) -> int:
    try:
        return stripe_amount(money)
    except NotPayableError:
        raise DeclinedError(Decline("amount_not_supported", _UNPAYABLE)) from None


def _path(reference: str, step: str = "") -> str:
    return f"{_INTENTS}/{quote(reference, safe='')}" + (f"/{step}" if step else "")
