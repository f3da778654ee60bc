"""What other subgraphs may tell inventory; the contract is ``schema/proto/mercato/inventory/v1/inventory.proto``."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar
from uuid import UUID

import grpc
from google.protobuf.message import Message

from schema.proto.mercato.inventory.v1 import inventory_pb2 as pb
from schema.proto.mercato.inventory.v1 import inventory_pb2_grpc as pb_grpc
from shared.errors import BadUserInput, FailedPrecondition, NotFound, Rejection, ServiceError, rejections_as
from shared.ids import parse_id
from shared.persistence.work import Handler, UnitOfWork
from shared.rpc.idempotency import once
from shared.runtime.faults import fault_point
from subgraphs.inventory.commands.commit_reservation import (
    CommitReservation,
    Committed,
    HoldExpired,
    commit_reservation,
)
from subgraphs.inventory.commands.drop_waiting import DropWaiting, drop_waiting
from subgraphs.inventory.commands.release_reservation import ReleaseReservation, release_reservation
from subgraphs.inventory.commands.reserve_stock import ReserveStock, reserve_stock
from subgraphs.inventory.commands.return_units import ReturnUnits, return_units
from subgraphs.inventory.domain.filling import Demand
from subgraphs.inventory.domain.ports import InventoryWork
from subgraphs.inventory.domain.promise import InsufficientStock, Reserved, WaitingLine
from subgraphs.inventory.domain.rejections import (
    AttemptBegun,
    AttemptOver,
    AttemptWithoutReservation,
    EarlierAttemptHasUnits,
    NothingSold,
    ReservationCommitted,
    ReservationExists,
    ReservationNotFound,
    ReservationReleased,
    TooManyReturned,
)
from subgraphs.inventory.domain.returning import Wanted
from subgraphs.inventory.domain.stock import MOST_UNITS
from subgraphs.inventory.queries.audits import (
    ReservationView,
    StockDifference,
    find_stock_differences,
    list_reservations,
)

_MAX_LINES = 100
_MAX_TTL_SECONDS = 86_400
_MAX_PAGE = 1_000
_FIRST = UUID(int=0)

Context = grpc.aio.ServicerContext[Any, Any]
Command = TypeVar("Command")
Outcome = TypeVar("Outcome")
Response = TypeVar("Response", bound=Message)
Keyed = pb.ReserveRequest | pb.CommitRequest | pb.ReleaseRequest | pb.ReturnRequest


class InventoryService(pb_grpc.InventoryServicer):
    """Parses each request into a command, has it performed once for its key, and answers."""

    def __init__(self, work: UnitOfWork[InventoryWork]) -> None:
        self._work = work

    async def Reserve(self, request: pb.ReserveRequest, context: Context) -> pb.ReserveResponse:
        """Holds all lines of an order, or none."""
        order_id, attempt = _attempt(request)
        demands = _demands(request.lines)
        if not 1 <= request.ttl_seconds <= _MAX_TTL_SECONDS:
            raise BadUserInput(f"ttl_seconds must be 1 to {_MAX_TTL_SECONDS}.", ("ttl_seconds",))
        command = ReserveStock(order_id, demands, request.ttl_seconds, attempt)
        return await self._once("RESERVE", request, reserve_stock, command, pb.ReserveResponse, _reserved)

    async def Commit(self, request: pb.CommitRequest, context: Context) -> pb.CommitResponse:
        """Sells what is held."""
        command = CommitReservation(*_attempt(request))
        return await self._once("COMMIT", request, commit_reservation, command, pb.CommitResponse, _committed)

    async def Release(self, request: pb.ReleaseRequest, context: Context) -> pb.ReleaseResponse:
        """Makes what is held available again."""
        command = ReleaseReservation(*_attempt(request))
        return await self._once("RELEASE", request, release_reservation, command, pb.ReleaseResponse, _released)

    async def Return(self, request: pb.ReturnRequest, context: Context) -> pb.ReturnResponse:
        """Puts sold units back."""
        order_id, attempt = _attempt(request)
        wanted = _wanted(request.lines)
        if not request.kept_out:
            command = ReturnUnits(order_id, wanted, attempt)
            return await self._once("RETURN", request, return_units, command, pb.ReturnResponse, _returned)
        if not wanted:
            raise BadUserInput("Name the lines whose pieces stay out of stock.", ("lines",))
        dropped = DropWaiting(order_id, wanted, attempt)
        return await self._once("RETURN", request, drop_waiting, dropped, pb.ReturnResponse, _returned)

    async def _once(
        self,
        step: str,
        request: Keyed,
        handler: Handler[Command, InventoryWork, Outcome],
        command: Command,
        response_type: type[Response],
        answer: Callable[[Outcome], Response],
    ) -> Response:
        await fault_point(f"inventory.{step}.before")
        keyed = once(request, request.idempotency_key, response_type, answer)
        with rejections_as(service_error):
            response = await self._work.perform_once(handler, command, keyed)
        await fault_point(f"inventory.{step}.after")
        return response

    async def ListReservations(
        self, request: pb.ListReservationsRequest, context: Context
    ) -> pb.ListReservationsResponse:
        """What inventory has of orders, a page at a time."""
        if not 1 <= request.limit <= _MAX_PAGE:
            raise BadUserInput(f"limit must be 1 to {_MAX_PAGE}.", ("limit",))
        after = parse_id(request.after_order_id, "after_order_id") if request.after_order_id else _FIRST
        return pb.ListReservationsResponse(
            reservations=map(_reservation, await list_reservations(after, request.limit))
        )

    async def FindStockDifferences(
        self, request: pb.FindStockDifferencesRequest, context: Context
    ) -> pb.FindStockDifferencesResponse:
        """Where stock, ledger and reservations contradict each other."""
        return pb.FindStockDifferencesResponse(differences=map(_difference, await find_stock_differences()))


def service(work: UnitOfWork[InventoryWork]) -> Callable[[grpc.aio.Server], None]:
    """What adds the service to the subgraph's server."""
    return lambda server: pb_grpc.add_InventoryServicer_to_server(InventoryService(work), server)


def service_error(rejection: Rejection) -> ServiceError:
    """What other subgraphs are answered to a rejection; raises one that they can't cause."""
    match rejection:
        case ReservationNotFound():
            return NotFound("The order has no reservation.", ("order_id",))
        case AttemptWithoutReservation(attempt):
            return NotFound(f"Attempt {attempt} at this order has no reservation.", ("attempt",))
        case ReservationExists():
            message = "The order has a reservation already, or had one that was released."
            return FailedPrecondition(message, ("order_id",))
        case ReservationReleased():
            return FailedPrecondition("The reservation was released; it can't be committed.", ("order_id",))
        case ReservationCommitted():
            message = "The reservation was committed; sold pieces can't be released, only returned."
            return FailedPrecondition(message, ("order_id",))
        case NothingSold(state):
            message = f"The reservation is {state}: nothing was sold, so nothing can be returned."
            return FailedPrecondition(message, ("order_id",))
        case TooManyReturned(index, returnable):
            message = f"{returnable} pieces of this line are sold and not returned; return no more."
            return FailedPrecondition(message, ("lines", str(index), "quantity"))
        case _:
            return _attempt_error(rejection)


def _attempt_error(rejection: Rejection) -> ServiceError:
    match rejection:
        case AttemptOver(attempt, current):
            message = f"Attempt {attempt} at this order is over: attempt {current} has begun."
        case AttemptBegun(attempt, current):
            message = f"Attempt {current} at this order has begun; attempt {attempt} can't."
        case EarlierAttemptHasUnits(attempt, state):
            message = f"Attempt {attempt} at this order is {state}; release or return its pieces first."
        case _:
            raise rejection
    return FailedPrecondition(message, ("attempt",))


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
    if not 1 <= quantity <= MOST_UNITS:
        raise BadUserInput(f"A quantity must be 1 to {MOST_UNITS}.", (place, "quantity"))
    return quantity


def _reserved(outcome: Reserved | InsufficientStock) -> pb.ReserveResponse:
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
        for shortage in outcome.shortages
    ]
    return pb.ReserveResponse(insufficient_stock=pb.InsufficientStock(shortages=shortages))


def _committed(outcome: Committed | HoldExpired) -> pb.CommitResponse:
    if isinstance(outcome, HoldExpired):
        return pb.CommitResponse(expired=pb.Expired())
    return pb.CommitResponse(committed=pb.Committed(waiting=map(_waiting, outcome.waiting)))


def _released(_: None) -> pb.ReleaseResponse:
    return pb.ReleaseResponse()


def _returned(unwaited: Sequence[WaitingLine]) -> pb.ReturnResponse:
    return pb.ReturnResponse(waiting=map(_waiting, unwaited))


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
