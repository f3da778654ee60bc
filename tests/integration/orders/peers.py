"""The two subgraphs that orders commands, with faults in front of them.

Inventory is the real process; a gate forwards to it.
Payments is a small gRPC server of its own that keeps to the contract.
"""

import contextlib
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Any, TypeVar
from uuid import uuid4

import grpc
from google.protobuf.message import Message

from schema.proto.mercato.inventory.v1 import inventory_pb2, inventory_pb2_grpc
from schema.proto.mercato.payments.v1 import payments_pb2, payments_pb2_grpc
from shared.errors import Conflict, FailedPrecondition
from shared.rpc.client import RpcClient
from shared.rpc.server import Register, rpc_server
from shared.security.secrets import Secret
from tests.integration.orders.faults import Faults, When

Response = TypeVar("Response", bound=Message)
Context = grpc.aio.ServicerContext[Any, Any]

GOOD_CARD = "pm_card_visa"
DECLINED_CARD = "pm_declined"
AUTHENTICATING_CARD = "pm_3d_secure"
CARD_DECLINED_AT_CAPTURE = "pm_declined_at_capture"
CARD_THAT_TAKES_NOTHING_BACK = "pm_no_refunds"


class InventoryGate(inventory_pb2_grpc.InventoryServicer):
    """Forwards to the real inventory."""

    def __init__(self, inventory: RpcClient, faults: Faults) -> None:
        self._inventory = inventory
        self._stub = inventory_pb2_grpc.InventoryStub(inventory.channel)
        self._faults = faults

    async def Reserve(self, request: inventory_pb2.ReserveRequest, _: Context) -> inventory_pb2.ReserveResponse:
        self._faults.learn(request.order_id, [line.variant_id for line in request.lines])
        return await self._forward("RESERVE", self._stub.Reserve, request)

    async def Commit(self, request: inventory_pb2.CommitRequest, _: Context) -> inventory_pb2.CommitResponse:
        return await self._forward("COMMIT", self._stub.Commit, request)

    async def Release(self, request: inventory_pb2.ReleaseRequest, _: Context) -> inventory_pb2.ReleaseResponse:
        return await self._forward("RELEASE", self._stub.Release, request)

    async def Return(self, request: inventory_pb2.ReturnRequest, _: Context) -> inventory_pb2.ReturnResponse:
        return await self._forward("RESTOCK", self._stub.Return, request)

    async def _forward(self, step: str, method: Callable[..., Awaitable[Response]], request: Any) -> Response:
        await self._faults.at(step, When.BEFORE, request.order_id)
        response = await self._inventory.call(method, request)
        await self._faults.at(step, When.AFTER, request.order_id)
        return response


class PaymentsDouble(payments_pb2_grpc.PaymentsServicer):
    """Decides by the payment method's id. ``effects`` counts what really happened to each order's money.

    The money of later attempts at an order is kept apart, as that of ``"<order id>:<attempt>"``.
    """

    def __init__(self, faults: Faults) -> None:
        self._faults = faults
        self._answers: dict[str, tuple[bytes, Any]] = {}
        self._methods: dict[str, str] = {}
        self.effects: Counter[tuple[str, str]] = Counter()
        self.given_back: Counter[str] = Counter()  # by order, in the minor unit
        self.given_elsewhere: Counter[str] = Counter()  # by somebody at the provider itself
        self.paid_outside: Counter[str] = Counter()  # by the shop, outside of the provider
        self.disputed: Counter[str] = Counter()  # what banks have, or were given
        self.requests: dict[str, Message] = {}
        self.authenticated: dict[str, bool] = {}  # by order, whether the bank was satisfied with the buyer
        self.takes_refunds = True  # for the card that takes nothing back

    async def Authorize(self, request: payments_pb2.AuthorizeRequest, _: Context) -> payments_pb2.AuthorizeResponse:
        return await self._once("AUTHORIZE", request, lambda: self._authorize(request))

    async def Capture(self, request: payments_pb2.CaptureRequest, _: Context) -> payments_pb2.CaptureResponse:
        return await self._once("CAPTURE", request, lambda: self._capture(request))

    async def Void(self, request: payments_pb2.VoidRequest, _: Context) -> payments_pb2.VoidResponse:
        return await self._once("VOID", request, lambda: self._void(request))

    async def Refund(self, request: payments_pb2.RefundRequest, _: Context) -> payments_pb2.RefundResponse:
        try:
            return await self._once("REFUND", request, lambda: self._refund(request))
        except FailedPrecondition:
            await self._faults.at("REFUND", When.AFTER, request.order_id)
            raise

    async def _once(self, step: str, request: Any, effect: Callable[[], Response]) -> Response:
        await self._faults.at(step, When.BEFORE, request.order_id)
        content = request.SerializeToString(deterministic=True)
        first_content, answer = self._answers.get(request.idempotency_key) or (content, effect())
        self.requests[request.idempotency_key] = request
        if not isinstance(answer, payments_pb2.AuthorizeResponse) or not answer.HasField("requires_action"):
            self._answers[request.idempotency_key] = (first_content, answer)
        if first_content != content:
            raise Conflict("another request came with this key")
        await self._faults.at(step, When.AFTER, request.order_id)
        response: Response = answer
        return response

    def _authorize(self, request: payments_pb2.AuthorizeRequest) -> payments_pb2.AuthorizeResponse:
        paid = paid_by(request)
        if self.effects[paid, "voided"]:
            raise FailedPrecondition("the order was voided")
        self._methods[paid] = request.payment_method_id
        payment_id = str(uuid4())
        if request.payment_method_id == DECLINED_CARD:
            declined = payments_pb2.Declined(code="card_declined", message="Your card was declined.")
            return payments_pb2.AuthorizeResponse(payment_id=payment_id, declined=declined)
        if request.payment_method_id == AUTHENTICATING_CARD and paid not in self.authenticated:
            return payments_pb2.AuthorizeResponse(payment_id=payment_id, requires_action=payments_pb2.RequiresAction())
        if not self.authenticated.get(paid, True):
            declined = payments_pb2.Declined(code="authentication_failed", message="Your bank did not recognise you.")
            return payments_pb2.AuthorizeResponse(payment_id=payment_id, declined=declined)
        self.effects[paid, "authorized"] += 1
        return payments_pb2.AuthorizeResponse(payment_id=payment_id, authorized=payments_pb2.Authorized())

    def _capture(self, request: payments_pb2.CaptureRequest) -> payments_pb2.CaptureResponse:
        paid = paid_by(request)
        payment_id = str(uuid4())
        if not self.effects[paid, "authorized"] or self.effects[paid, "voided"]:
            raise FailedPrecondition("nothing is held")
        if self._methods[paid] == CARD_DECLINED_AT_CAPTURE:
            declined = payments_pb2.Declined(code="expired", message="Your authorization expired.")
            return payments_pb2.CaptureResponse(payment_id=payment_id, declined=declined)
        self.effects[paid, "captured"] += 1
        return payments_pb2.CaptureResponse(payment_id=payment_id, captured=payments_pb2.Captured())

    def _void(self, request: payments_pb2.VoidRequest) -> payments_pb2.VoidResponse:
        paid = paid_by(request)
        captured = request_amount(self.requests, paid) if self.effects[paid, "captured"] else 0
        if captured > self.given_back[paid] + self.given_elsewhere[paid]:
            raise FailedPrecondition("the money was taken: refund it")
        self.effects[paid, "voided"] += 1
        return payments_pb2.VoidResponse()

    def _refund(self, request: payments_pb2.RefundRequest) -> payments_pb2.RefundResponse:
        paid = paid_by(request)
        if not self.effects[paid, "captured"] and not request.remaining:
            raise FailedPrecondition("nothing was taken")
        is_by_provider = not request.paid_outside
        if self._methods[paid] == CARD_THAT_TAKES_NOTHING_BACK and is_by_provider and not self.takes_refunds:
            raise FailedPrecondition("the card takes nothing back")
        left = self._left(paid)
        amount = request.amount_minor
        if request.remaining:
            amount = left if is_by_provider else request.paid_minor
        if not is_by_provider and amount < left and request.remaining:
            raise FailedPrecondition(f"{left} are left to be paid, not {amount}.")
        if amount > left and is_by_provider:
            raise FailedPrecondition(f"Only {left} of the captured amount can still be refunded.")
        (self.given_back if is_by_provider else self.paid_outside)[paid] += amount
        self.effects[paid, "refunded" if is_by_provider else "paid outside"] += 1 if amount else 0
        given = self.given_back[paid] + self.paid_outside[paid]
        return payments_pb2.RefundResponse(payment_id=str(uuid4()), amount_minor=amount, refunded_minor=given)

    def _left(self, order_id: str) -> int:
        """What the provider has and no bank has taken back."""
        back = (self.given_back, self.given_elsewhere, self.paid_outside, self.disputed)
        return max(request_amount(self.requests, order_id) - sum(each[order_id] for each in back), 0)


def paid_by(request: Any) -> str:
    """What a command is about: an order, or a later attempt at it."""
    return request.order_id if request.attempt < 2 else f"{request.order_id}:{request.attempt}"


def request_amount(requests: Mapping[str, Message], paid: str) -> int:
    """How much was authorized for an order, or a later attempt at it, in the minor unit."""
    order_id, _, attempt = paid.partition(":")
    request = requests[f"{order_id}:authorize:{attempt}" if attempt else f"{order_id}:authorize"]
    assert isinstance(request, payments_pb2.AuthorizeRequest)
    return request.amount_minor


@contextlib.asynccontextmanager
async def served(address: str, secret: str, register: Register) -> AsyncIterator[None]:
    """A gRPC server as long as it is needed."""
    server = rpc_server(address, Secret(secret), (register,))
    await server.start()
    try:
        yield
    finally:
        await server.stop(grace=0)
