"""What other subgraphs may tell payments; the contract is ``schema/proto/mercato/payments/v1/payments.proto``."""

import re
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import grpc
from google.protobuf.message import Message

from schema.proto.mercato.payments.v1 import payments_pb2 as pb
from schema.proto.mercato.payments.v1 import payments_pb2_grpc as pb_grpc
from shared.errors import BadUserInput
from shared.ids import parse_id
from shared.money import Money
from shared.rpc.server import Register
from subgraphs.payments.commands.authorize_payment import Authorization, AuthorizationOutcome, authorize_payment
from subgraphs.payments.commands.capture_payment import capture_payment
from subgraphs.payments.commands.refund_payment import refund_payment
from subgraphs.payments.commands.void_payment import void_payment
from subgraphs.payments.domain.payment import PaymentStatus
from subgraphs.payments.domain.ports import Decline, PaymentProvider
from subgraphs.payments.infrastructure.answers import earlier_answer, keep_answer

_MAX_AMOUNT_MINOR = 99_999_999  # Stripe's own limit: eight digits
_CURRENCY = re.compile(r"[A-Z]{3}")
_PAYMENT_METHOD = re.compile(r"[\x21-\x7e]{1,255}")

Context = grpc.aio.ServicerContext[Any, Any]
Response = TypeVar("Response", bound=Message)


class PaymentsService(pb_grpc.PaymentsServicer):
    """Parses a command, carries it out once for its key, and answers."""

    def __init__(self, provider: PaymentProvider) -> None:
        self._provider = provider

    async def Authorize(self, request: pb.AuthorizeRequest, context: Context) -> pb.AuthorizeResponse:
        """Has the provider hold an amount."""
        authorization = _authorization(request)

        async def authorize() -> pb.AuthorizeResponse:
            return _authorize_response(await authorize_payment(authorization, self._provider))

        return await _answered(request.idempotency_key, request, pb.AuthorizeResponse, authorize)

    async def Capture(self, request: pb.CaptureRequest, context: Context) -> pb.CaptureResponse:
        """Takes what is held."""
        order_id = parse_id(request.order_id, "order_id")

        async def capture() -> pb.CaptureResponse:
            payment_id, decline = await capture_payment(order_id, self._provider)
            if decline is not None:
                return pb.CaptureResponse(payment_id=str(payment_id), declined=_declined(decline))
            return pb.CaptureResponse(payment_id=str(payment_id), captured=pb.Captured())

        return await _answered(request.idempotency_key, request, pb.CaptureResponse, capture)

    async def Void(self, request: pb.VoidRequest, context: Context) -> pb.VoidResponse:
        """Lets go what is held."""
        order_id = parse_id(request.order_id, "order_id")

        async def void() -> pb.VoidResponse:
            await void_payment(order_id, self._provider)
            return pb.VoidResponse()

        return await _answered(request.idempotency_key, request, pb.VoidResponse, void)

    async def Refund(self, request: pb.RefundRequest, context: Context) -> pb.RefundResponse:
        """Gives captured money back."""
        order_id = parse_id(request.order_id, "order_id")
        amount_minor = _amount_minor(request.amount_minor)

        async def refund() -> pb.RefundResponse:
            payment_id = await refund_payment(order_id, amount_minor, request.idempotency_key, self._provider)
            return pb.RefundResponse(payment_id=str(payment_id))

        return await _answered(request.idempotency_key, request, pb.RefundResponse, refund)


def register(provider: PaymentProvider) -> Register:
    """What adds the service to the subgraph's server."""
    return lambda server: pb_grpc.add_PaymentsServicer_to_server(PaymentsService(provider), server)


async def _answered(
    key: str, request: Message, response_type: type[Response], effect: Callable[[], Awaitable[Response]]
) -> Response:
    """The first answer to the key; one that asks the buyer to act is not kept, since what comes of it is still open."""
    earlier = await earlier_answer(key, request)
    if earlier is not None:
        return response_type.FromString(earlier)
    response = await effect()
    if not (isinstance(response, pb.AuthorizeResponse) and response.HasField("requires_action")):
        await keep_answer(key, request, response)
    return response


def _authorization(request: pb.AuthorizeRequest) -> Authorization:
    if not _CURRENCY.fullmatch(request.currency):
        raise BadUserInput('A currency is three capitals such as "EUR".', ("currency",))
    if not _PAYMENT_METHOD.fullmatch(request.payment_method_id):
        raise BadUserInput("A payment method's id has 1 to 255 printable characters.", ("payment_method_id",))
    return Authorization(
        key=request.idempotency_key,
        order_id=parse_id(request.order_id, "order_id"),
        customer_id=parse_id(request.customer_id, "customer_id"),
        amount=Money(_amount_minor(request.amount_minor), request.currency),
        payment_method_id=request.payment_method_id,
    )


def _amount_minor(amount_minor: int) -> int:
    if not 1 <= amount_minor <= _MAX_AMOUNT_MINOR:
        raise BadUserInput(f"An amount is 1 to {_MAX_AMOUNT_MINOR} of the currency's minor unit.", ("amount_minor",))
    return amount_minor


def _authorize_response(outcome: AuthorizationOutcome) -> pb.AuthorizeResponse:
    payment = outcome.payment
    payment_id = str(payment.id)
    if payment.decline is not None:
        return pb.AuthorizeResponse(payment_id=payment_id, declined=_declined(payment.decline))
    if payment.status is PaymentStatus.REQUIRES_ACTION:
        action = pb.RequiresAction(client_secret=outcome.client_secret)
        return pb.AuthorizeResponse(payment_id=payment_id, requires_action=action)
    return pb.AuthorizeResponse(payment_id=payment_id, authorized=pb.Authorized())


def _declined(decline: Decline) -> pb.Declined:
    return pb.Declined(code=decline.code, message=decline.message)
