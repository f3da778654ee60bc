"""What other subgraphs may ask of orders; the contract is ``schema/proto/mercato/orders/v1/orders.proto``."""

from typing import Any
from uuid import UUID

import grpc

from schema.proto.mercato.orders.v1 import orders_pb2 as pb
from schema.proto.mercato.orders.v1 import orders_pb2_grpc as pb_grpc
from shared.errors import BadUserInput
from shared.ids import parse_id
from shared.rpc.server import Register
from subgraphs.orders.domain.guest import OrderTokens
from subgraphs.orders.queries.audit import AuditedLine, AuditedOrder, orders_after
from subgraphs.orders.queries.orders import guest_of

_LONGEST_PAGE = 1_000


class OrdersService(pb_grpc.OrdersServicer):
    """Answers audits, and makes the tokens that mails to guests carry."""

    def __init__(self, tokens: OrderTokens) -> None:
        self._tokens = tokens

    async def ListOrders(
        self, request: pb.ListOrdersRequest, context: grpc.aio.ServicerContext[Any, Any]
    ) -> pb.ListOrdersResponse:
        """A page of orders."""
        if not 1 <= request.limit <= _LONGEST_PAGE:
            raise BadUserInput(f"A page has 1 to {_LONGEST_PAGE} orders.", ("limit",))
        after = parse_id(request.after_order_id, "after_order_id") if request.after_order_id else UUID(int=0)
        return pb.ListOrdersResponse(orders=[_order(order) for order in await orders_after(after, request.limit)])

    async def OrderToken(
        self, request: pb.OrderTokenRequest, context: grpc.aio.ServicerContext[Any, Any]
    ) -> pb.OrderTokenResponse:
        """What opens a guest's order; empty where nothing does."""
        order_id = parse_id(request.order_id, "order_id")
        guest = await guest_of(order_id)
        return pb.OrderTokenResponse(token=(self._tokens.of(order_id, guest) if guest else None) or "")


def service(tokens: OrderTokens) -> Register:
    """What adds the service to the subgraph's server."""
    return lambda server: pb_grpc.add_OrdersServicer_to_server(OrdersService(tokens), server)


def _order(order: AuditedOrder) -> pb.Order:
    return pb.Order(
        order_id=str(order.id),
        number=order.number,
        status=order.status,
        currency=order.currency,
        total_minor=order.total_minor,
        refunded_minor=order.refunded_minor,
        is_captured=order.is_captured,
        is_open=order.is_open,
        needs_attention=order.is_stuck,
        lines=[_line(line) for line in order.lines],
        changed_at_ms=int(order.changed_at.timestamp() * 1000),
        attempt=order.attempt,
    )


def _line(line: AuditedLine) -> pb.OrderLine:
    return pb.OrderLine(
        line_id=str(line.id),
        variant_id=str(line.variant_id),
        quantity=line.quantity,
        restocked=line.restocked,
        kept_out=line.kept_out,
        waiting=line.waiting,
    )
