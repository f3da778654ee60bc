"""What other subgraphs may tell payments; the contract is ``schema/proto/mercato/payments/v1/payments.proto``."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import grpc

from schema.proto.mercato.payments.v1 import payments_pb2 as pb
from schema.proto.mercato.payments.v1 import payments_pb2_grpc as pb_grpc
from shared.errors import BadUserInput
from shared.ids import parse_id
from shared.money import Money, checked_currency
from shared.rpc.idempotency import replayable_provider_response
from shared.rpc.server import Register
from shared.text import optional_text, text_mistake
from subgraphs.payments.commands.ask_provider import Providers
from subgraphs.payments.commands.authorize_payment import Authorization, authorize_payment
from subgraphs.payments.commands.capture_payment import capture_payment
from subgraphs.payments.commands.pay_outside import PaidOutside, pay_outside
from subgraphs.payments.commands.refund_payment import GivenBack, refund_payment
from subgraphs.payments.commands.refund_remaining import refund_remaining
from subgraphs.payments.commands.void_payment import void_payment
from subgraphs.payments.domain.methods import method_mistake
from subgraphs.payments.domain.paid_outside import LONGEST_TEXT
from subgraphs.payments.domain.payment import PaymentStatus
from subgraphs.payments.domain.ports import Decline
from subgraphs.payments.infrastructure.payments import StoredPayment

_MAX_AMOUNT_MINOR = 99_999_999  # Stripe's own limit: eight digits

Keyed = pb.AuthorizeRequest | pb.CaptureRequest | pb.VoidRequest | pb.RefundRequest
Context = grpc.aio.ServicerContext[Any, Any]


class PaymentsService(pb_grpc.PaymentsServicer):
    """Parses a command, carries it out once for its key, and answers."""

    def __init__(self, providers: Providers) -> None:
        self._providers = providers

    async def Authorize(self, request: pb.AuthorizeRequest, context: Context) -> pb.AuthorizeResponse:
        """Has the provider hold an amount."""
        authorization = _authorization(request)

        async def authorize() -> pb.AuthorizeResponse:
            return _authorize_response(await authorize_payment(authorization, self._providers))

        return await replayable_provider_response(
            request.idempotency_key, request, pb.AuthorizeResponse, authorize, _is_final
        )

    async def Capture(self, request: pb.CaptureRequest, context: Context) -> pb.CaptureResponse:
        """Takes what is held."""
        order_id, attempt = _attempt(request)

        async def capture() -> pb.CaptureResponse:
            payment_id, decline = await capture_payment(order_id, self._providers, attempt)
            if decline is not None:
                return pb.CaptureResponse(payment_id=str(payment_id), declined=_declined(decline))
            return pb.CaptureResponse(payment_id=str(payment_id), captured=pb.Captured())

        return await replayable_provider_response(request.idempotency_key, request, pb.CaptureResponse, capture)

    async def Void(self, request: pb.VoidRequest, context: Context) -> pb.VoidResponse:
        """Lets go what is held."""
        order_id, attempt = _attempt(request)

        async def void() -> pb.VoidResponse:
            await void_payment(order_id, self._providers, attempt)
            return pb.VoidResponse()

        return await replayable_provider_response(request.idempotency_key, request, pb.VoidResponse, void)

    async def Refund(self, request: pb.RefundRequest, context: Context) -> pb.RefundResponse:
        """Gives captured money back, or books that the shop has."""
        giving_back = self._giving_back(request)

        async def refund() -> pb.RefundResponse:
            given = await giving_back()
            return pb.RefundResponse(
                payment_id=str(given.payment_id), amount_minor=given.amount_minor, refunded_minor=given.refunded_minor
            )

        return await replayable_provider_response(request.idempotency_key, request, pb.RefundResponse, refund)

    def _giving_back(self, request: pb.RefundRequest) -> Callable[[], Awaitable[GivenBack]]:
        order_id, attempt = _attempt(request)
        amount_minor = _refund_amount_minor(request)
        paid = _paid_outside(request, amount_minor)
        key, providers = request.idempotency_key, self._providers
        if paid is not None:
            return lambda: pay_outside(order_id, paid, providers, attempt)
        if amount_minor is None:
            return lambda: refund_remaining(order_id, key, providers, attempt)
        return lambda: refund_payment(order_id, amount_minor, key, providers, attempt)


def register(providers: Providers) -> Register:
    """What adds the service to the subgraph's server."""
    return lambda server: pb_grpc.add_PaymentsServicer_to_server(PaymentsService(providers), server)


def _is_final(response: pb.AuthorizeResponse) -> bool:
    """What comes of it while the buyer is asked to act is still open."""
    return not response.HasField("requires_action")


def _authorization(request: pb.AuthorizeRequest) -> Authorization:
    mistake = method_mistake(request.payment_method_id)
    if mistake is not None:
        raise BadUserInput(mistake, ("payment_method_id",))
    order_id, attempt = _attempt(request)
    return Authorization(
        key=request.idempotency_key,
        order_id=order_id,
        customer_id=parse_id(request.customer_id, "customer_id"),
        amount=Money(_amount_minor(request.amount_minor), checked_currency(request.currency, ("currency",))),
        payment_method_id=request.payment_method_id,
        order_attempt=attempt,
    )


def _attempt(request: Keyed) -> tuple[UUID, int]:
    """The order, and which attempt at it: one that is not named is the first."""
    if request.attempt < 0:
        raise BadUserInput(f"attempt is {request.attempt}; it must be 1 or more.", ("attempt",))
    return parse_id(request.order_id, "order_id"), request.attempt or 1


def _amount_minor(amount_minor: int) -> int:
    if not 1 <= amount_minor <= _MAX_AMOUNT_MINOR:
        raise BadUserInput(f"An amount is 1 to {_MAX_AMOUNT_MINOR} of the currency's minor unit.", ("amount_minor",))
    return amount_minor


def _refund_amount_minor(request: pb.RefundRequest) -> int | None:
    """None for all that is left."""
    if request.WhichOneof("what") != "remaining":
        return _amount_minor(request.amount_minor)
    if not request.remaining:
        raise BadUserInput("Say true, or an amount.", ("remaining",))
    return None


def _paid_outside(request: pb.RefundRequest, amount_minor: int | None) -> PaidOutside | None:
    """None when the provider is to give the money back; ``amount_minor`` is None for all that is left."""
    how = optional_text(request.paid_outside)
    mistake = None if how is None else text_mistake("paid_outside", how, LONGEST_TEXT)
    if mistake is not None:
        raise BadUserInput(mistake, ("paid_outside",))
    is_rest = amount_minor is None
    paid_minor = _paid_minor(request.paid_minor, is_told=how is not None and is_rest)
    return None if how is None else PaidOutside(request.idempotency_key, amount_minor or paid_minor, how, is_rest)


def _paid_minor(paid_minor: int, is_told: bool) -> int:
    if paid_minor and not is_told:
        raise BadUserInput("Say how much was paid with paid_outside and remaining only.", ("paid_minor",))
    if not 0 <= paid_minor <= _MAX_AMOUNT_MINOR:
        raise BadUserInput(f"What was paid is 0 to {_MAX_AMOUNT_MINOR} of the currency's minor unit.", ("paid_minor",))
    return paid_minor


def _authorize_response(payment: StoredPayment) -> pb.AuthorizeResponse:
    payment_id = str(payment.id)
    if payment.decline is not None:
        return pb.AuthorizeResponse(payment_id=payment_id, declined=_declined(payment.decline))
    if payment.status is PaymentStatus.REQUIRES_ACTION:
        return pb.AuthorizeResponse(payment_id=payment_id, requires_action=pb.RequiresAction())
    return pb.AuthorizeResponse(payment_id=payment_id, authorized=pb.Authorized())


def _declined(decline: Decline) -> pb.Declined:
    return pb.Declined(code=decline.code, message=decline.message)
