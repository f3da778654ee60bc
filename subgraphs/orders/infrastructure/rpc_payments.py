"""Payments over gRPC; the contract is ``schema/proto/mercato/payments/v1/payments.proto``."""

from typing import Any
from uuid import UUID

from schema.proto.mercato.payments.v1 import payments_pb2 as pb
from schema.proto.mercato.payments.v1 import payments_pb2_grpc as pb_grpc
from shared.errors import Internal
from shared.ids import derived_id
from shared.rpc.peer import Peer
from subgraphs.orders.domain.fulfilment import Settlement
from subgraphs.orders.domain.order import PlacedOrder
from subgraphs.orders.domain.peers import Authorized, Captured, Declined, RequiresAction
from subgraphs.orders.infrastructure.rpc_attempts import key_of, told

_DEADLINE_SECONDS = 10.0  # behind payments stands a provider on the internet


class RpcPayments:
    """Holds and takes money through the payments subgraph."""

    def __init__(self, peer: Peer[pb_grpc.PaymentsStub]) -> None:
        self._peer = peer

    async def authorize(self, order: PlacedOrder, payment_method_id: str) -> Authorized | Declined | RequiresAction:
        """Holds the order's total on the buyer's account."""
        request = pb.AuthorizeRequest(
            idempotency_key=key_of(order.id, "authorize", order.attempt),
            order_id=str(order.id),
            customer_id=str(order.payer_id),
            amount_minor=order.total_minor,
            currency=order.currency,
            payment_method_id=payment_method_id,
            attempt=told(order.attempt),
        )
        response: pb.AuthorizeResponse = await self._peer.client.call(
            self._peer.stub.Authorize, request, _DEADLINE_SECONDS
        )
        match response.WhichOneof("outcome"):
            case "authorized":
                return Authorized()
            case "declined":
                return Declined(response.declined.code, response.declined.message)
            case "requires_action":
                return RequiresAction()
        raise Internal("payments answered an authorization without an outcome")

    async def capture(self, order_id: UUID, attempt: int = 1) -> Captured | Declined:
        """Takes what is held."""
        key = key_of(order_id, "capture", attempt)
        request = pb.CaptureRequest(idempotency_key=key, order_id=str(order_id), attempt=told(attempt))
        response: pb.CaptureResponse = await self._peer.client.call(self._peer.stub.Capture, request, _DEADLINE_SECONDS)
        match response.WhichOneof("outcome"):
            case "captured":
                return Captured()
            case "declined":
                return Declined(response.declined.code, response.declined.message)
        raise Internal("payments answered a capture without an outcome")

    async def void(self, order_id: UUID, attempt: int = 1) -> None:
        """Lets go what is held."""
        key = key_of(order_id, "void", attempt)
        request = pb.VoidRequest(idempotency_key=key, order_id=str(order_id), attempt=told(attempt))
        await self._peer.client.call(self._peer.stub.Void, request, _DEADLINE_SECONDS)

    async def refund(
        self, refund_id: UUID, order_id: UUID, amount_minor: int, attempt: int = 1, times_back: int = 0
    ) -> None:
        """Refunds taken money."""
        key = key_of(refund_id, _numbered("refund", times_back), attempt)
        await self._refund(order_id, idempotency_key=key, amount_minor=amount_minor, attempt=told(attempt))

    async def refund_remaining(self, refund_id: UUID, order_id: UUID, attempt: int = 1) -> int:
        """Refunds all that remains, and answers how much that was."""
        key = key_of(refund_id, "refund", attempt)
        return await self._refund(order_id, idempotency_key=key, remaining=True, attempt=told(attempt))

    async def settle(
        self, refund_id: UUID, order_id: UUID, settlement: Settlement, attempt: int = 1, times_back: int = 0
    ) -> None:
        """Books what the shop has paid outside of the provider."""
        key = key_of(_settlement_id(refund_id, settlement), _numbered("outside", times_back), attempt)
        what = {"amount_minor": settlement.paid_minor, "paid_outside": settlement.paid_outside}
        await self._refund(order_id, idempotency_key=key, attempt=told(attempt), **what)

    async def settle_remaining(self, refund_id: UUID, order_id: UUID, settlement: Settlement, attempt: int = 1) -> int:
        """Books all that remains as paid outside of the provider, and answers how much that was."""
        key = key_of(_settlement_id(refund_id, settlement), "outside", attempt)
        what = {"remaining": True, "paid_minor": settlement.paid_minor, "paid_outside": settlement.paid_outside}
        return await self._refund(order_id, idempotency_key=key, attempt=told(attempt), **what)

    async def _refund(self, order_id: UUID, **what: Any) -> int:
        request = pb.RefundRequest(order_id=str(order_id), **what)
        response: pb.RefundResponse = await self._peer.client.call(self._peer.stub.Refund, request, _DEADLINE_SECONDS)
        return int(response.amount_minor)


def _settlement_id(refund_id: UUID, settlement: Settlement) -> UUID:
    """A settlement that was rejected is followed by another one, with another amount or another word."""
    return derived_id(refund_id, f"{settlement.paid_minor}:{settlement.paid_outside}")


def _numbered(step: str, times_back: int) -> str:
    """A step that is taken once more each time that its money came back."""
    return f"{step}-{times_back}" if times_back else step
