"""What other subgraphs may tell inventory; the contract is ``schema/proto/mercato/inventory/v1/inventory.proto``."""

from datetime import datetime
from typing import Any

import grpc

from schema.proto.mercato.inventory.v1 import inventory_pb2 as pb
from schema.proto.mercato.inventory.v1 import inventory_pb2_grpc as pb_grpc
from shared.errors import BadUserInput
from shared.ids import parse_id
from shared.rpc.idempotency import replayable_response
from subgraphs.inventory.commands.commit_reservation import commit_reservation
from subgraphs.inventory.commands.release_reservation import release_reservation
from subgraphs.inventory.commands.reserve_stock import reserve_stock
from subgraphs.inventory.domain.stock import Demand, Shortage

_MAX_LINES = 100
_MAX_TTL_SECONDS = 86_400
_MAX_QUANTITY = 1_000_000

Context = grpc.aio.ServicerContext[Any, Any]


class InventoryService(pb_grpc.InventoryServicer):
    """Parses a command, runs it once for its key, and answers."""

    async def Reserve(self, request: pb.ReserveRequest, context: Context) -> pb.ReserveResponse:
        """Holds all lines of an order, or none."""
        order_id = parse_id(request.order_id, "order_id")
        demands = _demands(request)
        if not 1 <= request.ttl_seconds <= _MAX_TTL_SECONDS:
            raise BadUserInput(f"ttl_seconds must be 1 to {_MAX_TTL_SECONDS}.", ("ttl_seconds",))

        async def reserve() -> pb.ReserveResponse:
            return _reserve_response(await reserve_stock(order_id, demands, request.ttl_seconds))

        return await replayable_response(request.idempotency_key, request, pb.ReserveResponse, reserve)

    async def Commit(self, request: pb.CommitRequest, context: Context) -> pb.CommitResponse:
        """Sells what is held."""
        order_id = parse_id(request.order_id, "order_id")

        async def commit() -> pb.CommitResponse:
            if await commit_reservation(order_id):
                return pb.CommitResponse(committed=pb.Committed())
            return pb.CommitResponse(expired=pb.Expired())

        return await replayable_response(request.idempotency_key, request, pb.CommitResponse, commit)

    async def Release(self, request: pb.ReleaseRequest, context: Context) -> pb.ReleaseResponse:
        """Gives back what is held."""
        order_id = parse_id(request.order_id, "order_id")

        async def release() -> pb.ReleaseResponse:
            await release_reservation(order_id)
            return pb.ReleaseResponse()

        return await replayable_response(request.idempotency_key, request, pb.ReleaseResponse, release)


def register(server: grpc.aio.Server) -> None:
    """Adds the service to the subgraph's server."""
    pb_grpc.add_InventoryServicer_to_server(InventoryService(), server)


def _demands(request: pb.ReserveRequest) -> list[Demand]:
    if not 1 <= len(request.lines) <= _MAX_LINES:
        raise BadUserInput(f"There must be 1 to {_MAX_LINES} lines.", ("lines",))
    return [_demand(line, index) for index, line in enumerate(request.lines)]


def _demand(line: pb.ReservationLine, index: int) -> Demand:
    place = f"lines.{index}"
    if not 1 <= line.quantity <= _MAX_QUANTITY:
        raise BadUserInput(f"A quantity must be 1 to {_MAX_QUANTITY}.", (place, "quantity"))
    return Demand(parse_id(line.line_id, place, "line_id"), parse_id(line.variant_id, place, "variant_id"), line.quantity)


def _reserve_response(outcome: datetime | list[Shortage]) -> pb.ReserveResponse:
    if isinstance(outcome, datetime):
        return pb.ReserveResponse(reserved=pb.Reserved(expires_at=int(outcome.timestamp())))
    shortages = [
        pb.Shortage(
            line_id=str(shortage.line_id),
            variant_id=str(shortage.variant_id),
            requested=shortage.requested,
            available=shortage.available,
        )
        for shortage in outcome
    ]
    return pb.ReserveResponse(insufficient_stock=pb.InsufficientStock(shortages=shortages))
