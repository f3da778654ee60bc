"""Inventory over gRPC; the contract is ``schema/proto/mercato/inventory/v1/inventory.proto``."""

import contextlib
from collections.abc import Sequence
from uuid import UUID

from schema.proto.mercato.inventory.v1 import inventory_pb2 as pb
from schema.proto.mercato.inventory.v1 import inventory_pb2_grpc as pb_grpc
from shared.errors import Conflict, Internal
from shared.rpc.peer import Peer
from subgraphs.orders.domain.cancellation import Shortage
from subgraphs.orders.domain.order import OrderedLine, PlacedOrder
from subgraphs.orders.domain.units import Units
from subgraphs.orders.domain.waiting import Reserved, WaitingUnits
from subgraphs.orders.infrastructure.rpc_attempts import key_of, told


class RpcInventory:
    """Holds and sells units in the inventory subgraph."""

    def __init__(self, peer: Peer[pb_grpc.InventoryStub], hold_seconds: int) -> None:
        self._peer = peer
        self._hold_seconds = hold_seconds

    async def reserve(self, order: PlacedOrder) -> Reserved | Sequence[Shortage]:
        """Holds all lines, or none of them and answers what is missing."""
        request = pb.ReserveRequest(
            idempotency_key=key_of(order.id, "reserve", order.attempt),
            order_id=str(order.id),
            attempt=told(order.attempt),
            lines=[_line(line) for line in order.lines],
            ttl_seconds=self._hold_seconds,
        )
        response: pb.ReserveResponse = await self._peer.client.call(self._peer.stub.Reserve, request)
        match response.WhichOneof("outcome"):
            case "reserved":
                return Reserved([*map(_waiting, response.reserved.waiting)])
            case "insufficient_stock":
                return [_shortage(shortage) for shortage in response.insufficient_stock.shortages]
        raise Internal("inventory answered a reservation without an outcome")

    async def commit(self, order_id: UUID, attempt: int = 1) -> Sequence[WaitingUnits] | None:
        """Sells the held units; None when the hold had expired."""
        key = key_of(order_id, "commit", attempt)
        request = pb.CommitRequest(idempotency_key=key, order_id=str(order_id), attempt=told(attempt))
        response: pb.CommitResponse = await self._peer.client.call(self._peer.stub.Commit, request)
        match response.WhichOneof("outcome"):
            case "committed":
                return [*map(_waiting, response.committed.waiting)]
            case "expired":
                return None
        raise Internal("inventory answered a commit without an outcome")

    async def release(self, order_id: UUID, attempt: int = 1) -> None:
        """Releases held units."""
        key = key_of(order_id, "release", attempt)
        request = pb.ReleaseRequest(idempotency_key=key, order_id=str(order_id), attempt=told(attempt))
        await self._peer.client.call(self._peer.stub.Release, request)

    async def return_cancelled(self, order_id: UUID, units: Sequence[Units], attempt: int = 1) -> None:
        """Puts the units of a cancelled order back into stock."""
        with contextlib.suppress(Conflict):  # a worker of before asked for all of them by this key, without naming them
            await self.return_units(order_id, order_id, units, attempt=attempt)

    async def return_units(
        self, refund_id: UUID, order_id: UUID, units: Sequence[Units], is_restocking: bool = True, attempt: int = 1
    ) -> Sequence[WaitingUnits]:
        """Puts a refund's units back into stock, if they go there; those that never came are waited for no longer."""
        request = pb.ReturnRequest(
            idempotency_key=key_of(refund_id, "restock", attempt),
            order_id=str(order_id),
            lines=[pb.ReturnLine(line_id=str(its.line_id), quantity=its.quantity) for its in units],
            kept_out=not is_restocking,
            attempt=told(attempt),
        )
        response: pb.ReturnResponse = await self._peer.client.call(self._peer.stub.Return, request)
        return [*map(_waiting, response.waiting)]


def _line(line: OrderedLine) -> pb.ReservationLine:
    return pb.ReservationLine(line_id=str(line.id), variant_id=str(line.variant_id), quantity=line.quantity)


def _waiting(line: pb.WaitingLine) -> WaitingUnits:
    return WaitingUnits(UUID(line.line_id), line.quantity, line.version)


def _shortage(shortage: pb.Shortage) -> Shortage:
    return Shortage(UUID(shortage.line_id), shortage.requested, shortage.available)
