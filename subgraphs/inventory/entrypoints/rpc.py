"""What other subgraphs may tell inventory; the contract is ``schema/proto/mercato/inventory/v1/inventory.proto``."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeVar
from uuid import UUID

import grpc
from google.protobuf.message import Message

from schema.proto.mercato.inventory.v1 import inventory_pb2 as pb
from schema.proto.mercato.inventory.v1 import inventory_pb2_grpc as pb_grpc
from shared.errors import BadUserInput
from shared.ids import parse_id
from shared.rpc.idempotency import replayable_response
from shared.runtime.faults import fault_point
from subgraphs.inventory.commands.commit_reservation import commit_reservation
from subgraphs.inventory.commands.release_reservation import release_reservation
from subgraphs.inventory.commands.reserve_stock import reserve_stock
from subgraphs.inventory.commands.return_stock import drop_waiting, return_stock
from subgraphs.inventory.domain.filling import Demand, Fill
from subgraphs.inventory.domain.promise import Reserved, Shortage, WaitingLine
from subgraphs.inventory.domain.requests import MOST_PIECES
from subgraphs.inventory.domain.returning import Wanted
from subgraphs.inventory.queries.audits import ReservationView, StockDifference, find_stock_differences, list_reservations

_MAX_LINES = 100
_MAX_TTL_SECONDS = 86_400
_MAX_PAGE = 1_000
_FIRST = UUID(int=0)

Context = grpc.aio.ServicerContext[Any, Any]
Response = TypeVar("Response", bound=Message)
Keyed = pb.ReserveRequest | pb.CommitRequest | pb.ReleaseRequest | pb.ReturnRequest


class InventoryService(pb_grpc.InventoryServicer):
    """Parses a command, runs it once for its key, and answers. ``fill`` chooses the warehouses."""

    def __init__(self, fill: Fill) -> None:
        self._fill = fill

    async def Reserve(self, request: pb.ReserveRequest, context: Context) -> pb.ReserveResponse:
        """Holds all lines of an order, or none."""
        order_id, attempt = _attempt(request)
        demands = _demands(request.lines)
        if not 1 <= request.ttl_seconds <= _MAX_TTL_SECONDS:
            raise BadUserInput(f"ttl_seconds must be 1 to {_MAX_TTL_SECONDS}.", ("ttl_seconds",))

        async def reserve() -> pb.ReserveResponse:
            return _reserve_response(await reserve_stock(order_id, demands, request.ttl_seconds, self._fill, attempt))

        return await _once("RESERVE", request, pb.ReserveResponse, reserve)

    async def Commit(self, request: pb.CommitRequest, context: Context) -> pb.CommitResponse:
        """Sells what is held."""
        order_id, attempt = _attempt(request)

        async def commit() -> pb.CommitResponse:
            waiting = await commit_reservation(order_id, self._fill, attempt)
            if waiting is None:
                return pb.CommitResponse(expired=pb.Expired())
            return pb.CommitResponse(committed=pb.Committed(waiting=map(_waiting, waiting)))

        return await _once("COMMIT", request, pb.CommitResponse, commit)

    async def Release(self, request: pb.ReleaseRequest, context: Context) -> pb.ReleaseResponse:
        """Gives back what is held."""
        order_id, attempt = _attempt(request)

        async def release() -> pb.ReleaseResponse:
            await release_reservation(order_id, attempt)
            return pb.ReleaseResponse()

        return await _once("RELEASE", request, pb.ReleaseResponse, release)

    async def Return(self, request: pb.ReturnRequest, context: Context) -> pb.ReturnResponse:
        """Puts sold pieces back."""
        order_id, attempt = _attempt(request)
        wanted = _wanted(request.lines)
        if request.kept_out and not wanted:
            raise BadUserInput("Name the lines whose pieces stay out of stock.", ("lines",))
        effect = drop_waiting if request.kept_out else return_stock

        async def put_back() -> pb.ReturnResponse:
            return pb.ReturnResponse(waiting=map(_waiting, await effect(order_id, wanted, attempt)))

        return await _once("RETURN", request, pb.ReturnResponse, put_back)

    async def ListReservations(self, request: pb.ListReservationsRequest, context: Context) -> pb.ListReservationsResponse:
        """What inventory has of orders, a page at a time."""
        if not 1 <= request.limit <= _MAX_PAGE:
            raise BadUserInput(f"limit must be 1 to {_MAX_PAGE}.", ("limit",))
        after = parse_id(request.after_order_id, "after_order_id") if request.after_order_id else _FIRST
        return pb.ListReservationsResponse(reservations=map(_reservation, await list_reservations(after, request.limit)))

    async def FindStockDifferences(
        self, request: pb.FindStockDifferencesRequest, context: Context
    ) -> pb.FindStockDifferencesResponse:
        """Where stock, ledger and reservations contradict each other."""
        return pb.FindStockDifferencesResponse(differences=map(_difference, await find_stock_differences()))


def service(fill: Fill) -> Callable[[grpc.aio.Server], None]:
    """What adds the service to the subgraph's server."""
    return lambda server: pb_grpc.add_InventoryServicer_to_server(InventoryService(fill), server)


async def _once(step: str, request: Keyed, response_type: type[Response], effect: Callable[[], Awaitable[Response]]) -> Response:
    await fault_point(f"inventory.{step}.before")
    response = await replayable_response(request.idempotency_key, request, response_type, effect)
    await fault_point(f"inventory.{step}.after")
    return response


def _attempt(request: Keyed) -> tuple[UUID, int]:
    """The order, and which attempt at it: one that is not named is the first."""
    if request.attempt < 0:
        raise BadUserInput(f"attempt is {request.attempt}; it must be 1 or more.", ("attempt",))
    return parse_id(request.order_id, "order_id"), request.attempt or 1


def _demands(lines: Sequence[pb.ReservationLine]) -> list[Demand]:
    if not 1 <= len(lines) <= _MAX_LINES:
        raise BadUserInput(f"There must be 1 to {_MAX_LINES} lines.", ("lines",))
    demands = [_demand(line, index) for index, line in enumerate(lines)]
    if len({demand.line_id for demand in demands}) < len(demands):
        raise BadUserInput("Two lines have the same line_id; give each its own.", ("lines",))
    return demands


def _demand(line: pb.ReservationLine, index: int) -> Demand:
    place = f"lines.{index}"
    quantity = _quantity(line.quantity, place)
    return Demand(parse_id(line.line_id, place, "line_id"), parse_id(line.variant_id, place, "variant_id"), quantity)


def _wanted(lines: Sequence[pb.ReturnLine]) -> list[Wanted]:
    if len(lines) > _MAX_LINES:
        raise BadUserInput(f"There must be {_MAX_LINES} lines at most.", ("lines",))
    return [
        Wanted(parse_id(line.line_id, f"lines.{index}", "line_id"), _quantity(line.quantity, f"lines.{index}"))
        for index, line in enumerate(lines)
    ]


def _quantity(quantity: int, place: str) -> int:
    if not 1 <= quantity <= MOST_PIECES:
        raise BadUserInput(f"A quantity must be 1 to {MOST_PIECES}.", (place, "quantity"))
    return quantity


def _reserve_response(outcome: Reserved | list[Shortage]) -> pb.ReserveResponse:
    if isinstance(outcome, Reserved):
        expires_at = int(outcome.expires_at.timestamp())
        return pb.ReserveResponse(reserved=pb.Reserved(expires_at=expires_at, waiting=map(_waiting, outcome.waiting)))
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


def _waiting(line: WaitingLine) -> pb.WaitingLine:
    return pb.WaitingLine(line_id=str(line.line_id), quantity=line.quantity, version=line.version)


def _reservation(view: ReservationView) -> pb.Reservation:
    lines = [
        pb.ReservedLine(
            line_id=str(line.line_id),
            variant_id=str(line.variant_id),
            held=line.held,
            sold=line.sold,
            returned=line.returned,
            waiting=line.waiting,
            dropped=line.dropped,
        )
        for line in view.lines
    ]
    changed_at_ms = int(view.changed_at.timestamp() * 1000)
    return pb.Reservation(
        order_id=str(view.order_id), state=view.state, lines=lines, changed_at_ms=changed_at_ms, attempt=view.attempt
    )


def _difference(found: StockDifference) -> pb.StockDifference:
    return pb.StockDifference(
        variant_id=str(found.variant_id),
        warehouse=found.warehouse,
        what=found.what,
        expected=found.expected,
        found=found.found,
    )
