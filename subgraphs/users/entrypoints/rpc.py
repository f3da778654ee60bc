"""What other subgraphs may ask of users; the contract is ``schema/proto/mercato/users/v1/users.proto``."""

from typing import Any

import grpc

from schema.proto.mercato.users.v1 import users_pb2 as pb
from schema.proto.mercato.users.v1 import users_pb2_grpc as pb_grpc
from shared.ids import parse_id
from shared.rpc.server import Register
from subgraphs.users.domain.links import Links, LinkTokens


class UserLinksService(pb_grpc.UserLinksServicer):
    """Makes what mailed links hold, at the moment of sending."""

    def __init__(self, links: Links, tokens: LinkTokens) -> None:
        self._links = links
        self._tokens = tokens

    async def LinkToken(
        self, request: pb.LinkTokenRequest, context: grpc.aio.ServicerContext[Any, Any]
    ) -> pb.LinkTokenResponse:
        """What a link holds; empty where it is not good any more."""
        link = await self._links.by_id(parse_id(request.link_id, "link_id"))
        return pb.LinkTokenResponse(token=(self._tokens.of(link) if link else None) or "")


def service(links: Links, tokens: LinkTokens) -> Register:
    """What adds the service to the subgraph's server."""
    return lambda server: pb_grpc.add_UserLinksServicer_to_server(UserLinksService(links, tokens), server)
