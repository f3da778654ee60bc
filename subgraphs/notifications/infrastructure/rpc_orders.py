"""Orders over gRPC; the contract is ``schema/proto/mercato/orders/v1/orders.proto``."""

from uuid import UUID

from schema.proto.mercato.orders.v1 import orders_pb2 as pb
from schema.proto.mercato.orders.v1 import orders_pb2_grpc as pb_grpc
from shared.rpc.peer import Peer


class RpcOrderTokens:
    """The port OrderTokens: asks orders, each time anew, and keeps nothing."""

    def __init__(self, peer: Peer[pb_grpc.OrdersStub]) -> None:
        self._peer = peer

    async def of(self, order_id: UUID) -> str:
        request = pb.OrderTokenRequest(order_id=str(order_id))
        response: pb.OrderTokenResponse = await self._peer.client.call(self._peer.stub.OrderToken, request)
        return str(response.token)
