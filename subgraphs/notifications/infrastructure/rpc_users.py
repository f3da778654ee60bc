"""Users over gRPC; the contract is ``schema/proto/mercato/users/v1/users.proto``."""

from uuid import UUID

from schema.proto.mercato.users.v1 import users_pb2 as pb
from schema.proto.mercato.users.v1 import users_pb2_grpc as pb_grpc
from shared.rpc.peer import Peer


class RpcAccountLinks:
    """The port AccountLinks: asks users, each time anew, and keeps nothing."""

    def __init__(self, peer: Peer[pb_grpc.UserLinksStub]) -> None:
        self._peer = peer

    async def of(self, link_id: UUID) -> str:
        request = pb.LinkTokenRequest(link_id=str(link_id))
        response: pb.LinkTokenResponse = await self._peer.client.call(self._peer.stub.LinkToken, request)
        return str(response.token)
