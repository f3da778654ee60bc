"""PayPal as a payment provider, by its REST API: Orders v2 with the intent AUTHORIZE, Payments v2.

PayPal keeps the request ids of orders for six hours and those of captures and refunds for 45 days. A
``begin`` that is repeated later makes a second order. It does no harm: an order moves nothing until its
buyer approves it and we authorize it, and we authorize only the one whose reference is stored. PayPal's
reporting is late, so refunds are looked for in the order itself.
"""

import logging
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import datetime
from types import TracebackType
from typing import Any, Self
from uuid import UUID

from shared.errors import Unavailable
from shared.money import Money
from subgraphs.payments.domain.provider import (
    Change,
    Decline,
    DeclinedError,
    Dispute,
    Intent,
    NewPayment,
    ProviderRecord,
    ProviderRefund,
    RefundState,
    StepRejectedError,
)
from subgraphs.payments.domain.status import PaymentStatus
from subgraphs.payments.infrastructure.payable import NotPayableError
from subgraphs.payments.infrastructure.paypal_api import NAME, PayPalApi
from subgraphs.payments.infrastructure.paypal_books import records_since, refunds_between
from subgraphs.payments.infrastructure.paypal_disputes import disputes_changed, disputes_of_capture
from subgraphs.payments.infrastructure.paypal_errors import BEGIN, RETRIEVE, UNPAYABLE, Missing
from subgraphs.payments.infrastructure.paypal_money import paypal_amount
from subgraphs.payments.infrastructure.paypal_orders import (
    BARRED_INTENT,
    DECLINE,
    PayPalOrder,
    capture_status,
    intent_of,
    read_refund,
    refund_state,
    segment,
)

METHOD = "paypal"
"""The only means of payment; buyers choose their cards and accounts at PayPal."""

_FORGOTTEN = Money(0, "XXX")  # ISO 4217's code for no currency
_UNKNOWN_METHOD = Decline("unknown_method", "This means of payment is not known; please enter it again.")
_VOIDED_BEFORE = "PREVIOUSLY_VOIDED"

logger = logging.getLogger(__name__)


class PayPalProvider:
    """Implements ``PaymentProvider``. An asynchronous context manager: its end closes the connections."""

    name = NAME

    def __init__(self, api: PayPalApi, return_url: str, cancel_url: str) -> None:
        """The buyer comes back to one of the two addresses; ``{order_id}`` in them becomes the order's id."""
        self._api = api
        self._return_url = return_url
        self._cancel_url = cancel_url

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self._api.close()

    async def begin(self, payment: NewPayment) -> Intent:
        """An order that its buyer has to approve at PayPal."""
        if payment.method != METHOD:
            raise DeclinedError(_UNKNOWN_METHOD)
        try:
            body = self._new_order(payment)
        except NotPayableError:
            raise DeclinedError(Decline("decimals_not_supported", UNPAYABLE)) from None
        request_id = f"{payment.payment_id}:{BEGIN}:{payment.attempt}"
        return intent_of(PayPalOrder(await self._api.command(BEGIN, "/v2/checkout/orders", body, request_id)))

    async def retrieve(self, reference: str) -> Intent:
        """The order as it is now. One that PayPal has forgotten is voided and of no amount:
        it can't be approved any more.
        """
        try:
            return intent_of(await self._order(reference))
        except Missing:
            return Intent(reference, PaymentStatus.VOIDED, _FORGOTTEN)

    async def confirm(self, reference: str, payment_id: UUID) -> Intent:
        """Authorizes the order. PayPal keeps an order that it declines approved, so the decline is told here only."""
        path = f"/v2/checkout/orders/{segment(reference)}/authorize"
        try:
            return intent_of(PayPalOrder(await self._api.command("confirm", path, {}, f"{payment_id}:confirm")))
        except DeclinedError as rejected:
            approved = intent_of(await self._order(reference))
            return replace(approved, status=PaymentStatus.DECLINED, awaits_confirmation=False, decline=rejected.decline)

    async def capture(self, reference: str, payment_id: UUID) -> Intent:
        """Takes the authorization's whole amount, which ends it."""
        order = await self._order(reference)
        if _is_being_taken(order):
            return intent_of(order)
        path = f"/v2/payments/authorizations/{_authorization(order)}/capture"
        taken = await self._api.command("capture", path, {"final_capture": True}, f"{payment_id}:capture")
        if (status := capture_status(taken)) is PaymentStatus.VOIDED:
            raise DeclinedError(DECLINE)
        return replace(intent_of(order), status=status)

    async def cancel(self, reference: str, payment_id: UUID) -> None:
        """Voids the authorization. PayPal can't cancel an order without one:
        its intent is turned, so that it can't have one.
        """
        order = await self._order(reference)
        if order.authorization is None:
            return await self._bar(order)
        if _is_being_taken(order):
            raise Unavailable("PayPal is still taking the amount; let it go, or give it back, when that is decided.")
        try:
            await self._api.command("cancel", f"/v2/payments/authorizations/{_authorization(order)}/void", {})
        except StepRejectedError as rejected:
            if rejected.args != (_VOIDED_BEFORE,):
                raise
        return None

    async def find_refund(self, reference: str, refund_id: UUID) -> ProviderRefund | None:
        """The refund that carries our id."""
        refunds = (await self._order(reference)).refunds
        return next((read_refund(refund) for refund in refunds if refund.get("custom_id") == str(refund_id)), None)

    async def refunds(self, reference: str) -> Sequence[ProviderRefund]:
        """Those of the order's capture."""
        return [read_refund(refund) for refund in (await self._order(reference)).refunds]

    async def refund(self, reference: str, refund_id: UUID, amount: Money) -> ProviderRefund:
        """Gives back; our id goes along, so that the refund can be found again."""
        capture = (await self._order(reference)).capture
        if capture is None:
            raise StepRejectedError("NOT_CAPTURED")
        try:
            body = {"amount": paypal_amount(amount), "custom_id": str(refund_id)}
        except NotPayableError:
            raise StepRejectedError("DECIMALS_NOT_SUPPORTED") from None
        path = f"/v2/payments/captures/{segment(capture['id'])}/refund"
        fields = await self._api.command("refund", path, body, f"{refund_id}:refund")
        given = ProviderRefund(str(fields["id"]), amount.minor, refund_state(fields))
        if given.state is RefundState.FAILED:
            raise StepRejectedError(str(fields["status"]))
        return given

    async def disputes(self, reference: str) -> Sequence[Dispute]:
        """Those of the order's capture."""
        capture = (await self._order(reference)).capture
        return [] if capture is None else await disputes_of_capture(self._api, capture["id"], reference)

    async def changes(self, since: datetime, until: datetime) -> AsyncIterator[Change]:
        """Refunds as PayPal's reporting shows them, up to three hours late, and disputes that changed."""
        async for refund, order in refunds_between(self._api, since, until):
            yield Change(refund, order, is_dispute=False)
        async for dispute in disputes_changed(self._api, since, until):
            yield Change(dispute.reference, dispute.intent_reference, is_dispute=True, outcome=dispute.outcome)

    def records(self, since: datetime) -> AsyncIterator[ProviderRecord]:
        """What PayPal's reporting shows; ``paypal_books`` says what it does not."""
        return records_since(self._api, since)

    async def _bar(self, order: PayPalOrder) -> None:
        """Whoever approves the order afterwards pays nothing: it can't be authorized, and nobody captures it."""
        if order.status is PaymentStatus.VOIDED:
            return
        turned = {"op": "replace", "path": "/intent", "value": BARRED_INTENT}
        try:
            await self._api.patch("cancel", f"/v2/checkout/orders/{segment(order.reference)}", [turned])
        except StepRejectedError:
            if (await self._order(order.reference)).authorization is not None:
                raise  # authorized in between: repeated, this voids the authorization
            # Barred all the same, by the status of our payment: only we authorize.
            logger.warning("paypal: the intent of order %s could not be turned", order.reference)

    async def _order(self, reference: str) -> PayPalOrder:
        return PayPalOrder(await self._api.read(RETRIEVE, f"/v2/checkout/orders/{segment(reference)}"))

    def _new_order(self, payment: NewPayment) -> dict[str, Any]:
        order_id = str(payment.order_id)
        # PayPal takes no second payment of an invoice that was paid, not even when the first one was refunded.
        invoice_id = order_id if payment.order_attempt == 1 else f"{order_id}-{payment.order_attempt}"
        unit = {"amount": paypal_amount(payment.amount), "custom_id": str(payment.payment_id), "invoice_id": invoice_id}
        experience = {
            "return_url": self._return_url.replace("{order_id}", order_id),
            "cancel_url": self._cancel_url.replace("{order_id}", order_id),
            "user_action": "PAY_NOW",
            "shipping_preference": "NO_SHIPPING",  # the shop has asked for the address
            "payment_method_preference": "IMMEDIATE_PAYMENT_REQUIRED",  # no cheques that take days to clear
        }
        source = {"paypal": {"experience_context": experience}}
        return {"intent": "AUTHORIZE", "purchase_units": [unit], "payment_source": source}


def _is_being_taken(order: PayPalOrder) -> bool:
    """Whether PayPal is still thinking about a capture."""
    return order.capture is not None and capture_status(order.capture) is PaymentStatus.AUTHORIZED


def _authorization(order: PayPalOrder) -> str:
    """The authorization's id, for an address; raises StepRejectedError when nothing was authorized."""
    if order.authorization is None:
        raise StepRejectedError("NOT_AUTHORIZED")
    return segment(order.authorization["id"])
