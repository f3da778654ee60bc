"""What other subgraphs may tell payments; the contract is ``schema/proto/mercato/payments/v1/payments.proto``."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any, TypeVar
from uuid import UUID

import grpc
from google.protobuf.message import Message

from schema.proto.mercato.payments.v1 import payments_pb2 as pb
from schema.proto.mercato.payments.v1 import payments_pb2_grpc as pb_grpc
from shared.errors import BadUserInput, rejections_as
from shared.ids import parse_id
from shared.money import Money, checked_currency
from shared.persistence.work import Handler, UnitOfWork
from shared.rpc.idempotency import once
from shared.rpc.server import Register
from shared.text import optional_text, text_mistake
from subgraphs.payments.commands.authorize_payment import AuthorizePayment, authorize_payment
from subgraphs.payments.commands.capture_payment import Captured, CaptureDeclined, CapturePayment, capture_payment
from subgraphs.payments.commands.pay_outside import PayOutside, pay_outside
from subgraphs.payments.commands.refund_payment import RefundPayment, refund_payment
from subgraphs.payments.commands.refund_remaining import RefundRemaining, refund_remaining
from subgraphs.payments.commands.void_payment import VoidPayment, void_payment
from subgraphs.payments.domain.methods import method_mistake
from subgraphs.payments.domain.paid_outside import LONGEST_TEXT, PaidOutside
from subgraphs.payments.domain.payment import Payment
from subgraphs.payments.domain.ports import PaymentsWork
from subgraphs.payments.domain.provider import Decline
from subgraphs.payments.domain.refund import Refunded
from subgraphs.payments.domain.status import PaymentStatus
from subgraphs.payments.entrypoints.rpc_rejections import Keyed, service_error

_MAX_AMOUNT_MINOR = 99_999_999  # Stripe's own limit: eight digits

Context = grpc.aio.ServicerContext[Any, Any]
Command = TypeVar("Command")
Outcome = TypeVar("Outcome")
Response = TypeVar("Response", bound=Message)


class PaymentsService(pb_grpc.PaymentsServicer):
    """Parses each request into a command, has it performed once for its key, and answers.

    Handlers wait for providers, and have no transaction while they do.
    """

    def __init__(self, work: UnitOfWork[PaymentsWork]) -> None:
        self._work = work

    async def Authorize(self, request: pb.AuthorizeRequest, context: Context) -> pb.AuthorizeResponse:
        """Has the provider hold an amount."""
        command = _authorization(request)
        return await self._once(request, authorize_payment, command, pb.AuthorizeResponse, _authorized, _is_final)

    async def Capture(self, request: pb.CaptureRequest, context: Context) -> pb.CaptureResponse:
        """Takes what is held."""
        command = CapturePayment(*_attempt(request))
        return await self._once(request, capture_payment, command, pb.CaptureResponse, _captured)

    async def Void(self, request: pb.VoidRequest, context: Context) -> pb.VoidResponse:
        """Lets go what is held."""
        command = VoidPayment(*_attempt(request))
        return await self._once(request, void_payment, command, pb.VoidResponse, _voided)

    async def Refund(self, request: pb.RefundRequest, context: Context) -> pb.RefundResponse:
        """Gives captured money back, or books that the shop has."""
        order_id, attempt = _attempt(request)
        amount_minor = _refund_amount_minor(request)
        paid, key = _paid_outside(request, amount_minor), request.idempotency_key
        if paid is not None:
            outside = PayOutside(order_id, paid, attempt)
            return await self._once(request, pay_outside, outside, pb.RefundResponse, _refunded)
        if amount_minor is None:
            rest = RefundRemaining(order_id, key, attempt)
            return await self._once(request, refund_remaining, rest, pb.RefundResponse, _refunded)
        part = RefundPayment(order_id, amount_minor, key, attempt)
        return await self._once(request, refund_payment, part, pb.RefundResponse, _refunded)

    async def _once(
        self,
        request: Keyed,
        handler: Handler[Command, PaymentsWork, Outcome],
        command: Command,
        response_type: type[Response],
        answer: Callable[[Outcome], Response],
        is_final: Callable[[Outcome], bool] = lambda _: True,
    ) -> Response:
        keyed = replace(once(request, request.idempotency_key, response_type, answer), is_final=is_final)
        with rejections_as(partial(service_error, request)):
            return await self._work.perform_once_alone(handler, command, keyed)


def service(work: UnitOfWork[PaymentsWork]) -> Register:
    """What adds the service to the subgraph's server."""
    return lambda server: pb_grpc.add_PaymentsServicer_to_server(PaymentsService(work), server)


def _is_final(payment: Payment) -> bool:
    """What comes of it while the buyer is asked to act is still open."""
    return payment.decline is not None or payment.status is not PaymentStatus.REQUIRES_ACTION


def _authorization(request: pb.AuthorizeRequest) -> AuthorizePayment:
    mistake = method_mistake(request.payment_method_id)
    if mistake is not None:
        raise BadUserInput(mistake, ("payment_method_id",))
    order_id, attempt = _attempt(request)
    return AuthorizePayment(
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


def _authorized(payment: Payment) -> pb.AuthorizeResponse:
    payment_id = str(payment.id)
    if payment.decline is not None:
        return pb.AuthorizeResponse(payment_id=payment_id, declined=_declined(payment.decline))
    if payment.status is PaymentStatus.REQUIRES_ACTION:
        return pb.AuthorizeResponse(payment_id=payment_id, requires_action=pb.RequiresAction())
    return pb.AuthorizeResponse(payment_id=payment_id, authorized=pb.Authorized())


def _captured(outcome: Captured | CaptureDeclined) -> pb.CaptureResponse:
    payment_id = str(outcome.payment_id)
    if isinstance(outcome, CaptureDeclined):
        return pb.CaptureResponse(payment_id=payment_id, declined=_declined(outcome.decline))
    return pb.CaptureResponse(payment_id=payment_id, captured=pb.Captured())


def _voided(_: None) -> pb.VoidResponse:
    return pb.VoidResponse()


def _refunded(refunded: Refunded) -> pb.RefundResponse:
    return pb.RefundResponse(
        payment_id=str(refunded.payment_id),
        amount_minor=refunded.amount_minor,
        refunded_minor=refunded.refunded_minor,
    )


def _declined(decline: Decline) -> pb.Declined:
    return pb.Declined(code=decline.code, message=decline.message)
