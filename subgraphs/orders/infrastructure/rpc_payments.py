"""Payments over gRPC; the contract is ``schema/proto/mercato/payments/v1/payments.proto``."""

from uuid import UUID

from schema.proto.mercato.payments.v1 import payments_pb2 as pb
from schema.proto.mercato.payments.v1 import payments_pb2_grpc as pb_grpc
from shared.errors import Internal
from shared.rpc.peer import Peer
from subgraphs.orders.domain.order import PlacedOrder
from subgraphs.orders.domain.ports import Authorized, Captured, Declined, RequiresAction

_DEADLINE_SECONDS = 10.0  # behind payments stands a provider on the internet


class RpcPayments:
    """Holds and takes money through the payments subgraph."""

    def __init__(self, peer: Peer[pb_grpc.PaymentsStub]) -> None:
        self._peer = peer

    async def authorize(self, order: PlacedOrder, payment_method_id: str) -> Authorized | Declined | RequiresAction:
        """Holds the order's total on the buyer's account."""
        request = pb.AuthorizeRequest(
            idempotency_key=f"{order.id}:authorize",
            order_id=str(order.id),
            customer_id=str(order.customer_id),
            amount_minor=order.total_minor,
            currency=order.currency,
            payment_method_id=payment_method_id,
        )
        response: pb.AuthorizeResponse = await self._peer.client.call(self._peer.stub.Authorize, request, _DEADLINE_SECONDS)
        match response.WhichOneof("outcome"):
            case "authorized":
                return Authorized()
            case "declined":
                return Declined(response.declined.code, response.declined.message)
            case "requires_action":
                return RequiresAction()
        raise Internal("payments answered an authorization without an outcome")

    async def capture(self, order_id: UUID) -> Captured | Declined:
        """Takes what is held."""
        request = pb.CaptureRequest(idempotency_key=f"{order_id}:capture", order_id=str(order_id))
        response: pb.CaptureResponse = await self._peer.client.call(self._peer.stub.Capture, request, _DEADLINE_SECONDS)
        match response.WhichOneof("outcome"):
            case "captured":
                return Captured()
            case "declined":
                return Declined(response.declined.code, response.declined.message)
        raise Internal("payments answered a capture without an outcome")

    async def void(self, order_id: UUID) -> None:
        """Lets go what is held."""
        request = pb.VoidRequest(idempotency_key=f"{order_id}:void", order_id=str(order_id))
        await self._peer.client.call(self._peer.stub.Void, request, _DEADLINE_SECONDS)

    async def refund(self, refund_id: UUID, order_id: UUID, amount_minor: int) -> None:
        """Gives taken money back."""
        request = pb.RefundRequest(idempotency_key=f"{refund_id}:refund", order_id=str(order_id), amount_minor=amount_minor)
        await self._peer.client.call(self._peer.stub.Refund, request, _DEADLINE_SECONDS)

    async def refund_remaining(self, refund_id: UUID, order_id: UUID) -> int:
        """Gives back all that remains, and answers how much that was."""
        request = pb.RefundRequest(idempotency_key=f"{refund_id}:refund", order_id=str(order_id), remaining=True)
        response: pb.RefundResponse = await self._peer.client.call(self._peer.stub.Refund, request, _DEADLINE_SECONDS)
        return int(response.amount_minor)
