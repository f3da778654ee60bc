"""Asks orders and inventory for their books."""

import time
from collections.abc import AsyncIterator
from uuid import UUID

from schema.proto.mercato.inventory.v1 import inventory_pb2 as inventory_pb
from schema.proto.mercato.inventory.v1.inventory_pb2_grpc import InventoryStub
from schema.proto.mercato.orders.v1 import orders_pb2 as orders_pb
from schema.proto.mercato.orders.v1.orders_pb2_grpc import OrdersStub
from shared.rpc.peer import Peer
from subgraphs.payments.domain.reconciliation import Difference, Kind
from subgraphs.payments.domain.records import LineRecord, OrderRecord, ReservationRecord, StockRecord

_PAGE = 500
_DEADLINE_SECONDS = 30.0


class RpcBooks:
    """The port OthersBooks: the two subgraphs whose books payments' are held against.
    Any call may raise ``Unavailable``.
    """

    def __init__(self, orders: Peer[OrdersStub], inventory: Peer[InventoryStub]) -> None:
        self._orders = orders
        self._inventory = inventory

    async def orders(self, after: UUID, settle_seconds: float) -> AsyncIterator[OrderRecord]:
        """All orders after this one, by id."""
        request = orders_pb.ListOrdersRequest(after_order_id=str(after), limit=_PAGE)
        while True:
            page: orders_pb.ListOrdersResponse = await self._orders.client.call(
                self._orders.stub.ListOrders, request, _DEADLINE_SECONDS
            )
            for order in page.orders:
                yield _order(order, settle_seconds)
            if len(page.orders) < _PAGE:
                return
            request.after_order_id = page.orders[-1].order_id

    async def reservations(self, after: UUID, settle_seconds: float) -> AsyncIterator[ReservationRecord]:
        """What inventory has of all orders after this one, by order id."""
        request = inventory_pb.ListReservationsRequest(after_order_id=str(after), limit=_PAGE)
        while True:
            page: inventory_pb.ListReservationsResponse = await self._inventory.client.call(
                self._inventory.stub.ListReservations, request, _DEADLINE_SECONDS
            )
            for reservation in page.reservations:
                yield _reservation(reservation, settle_seconds)
            if len(page.reservations) < _PAGE:
                return
            request.after_order_id = page.reservations[-1].order_id

    async def stock_differences(self) -> list[Difference]:
        """Where inventory's stock contradicts its own movements and reservations."""
        answer: inventory_pb.FindStockDifferencesResponse = await self._inventory.client.call(
            self._inventory.stub.FindStockDifferences, inventory_pb.FindStockDifferencesRequest(), _DEADLINE_SECONDS
        )
        return [_stock_difference(difference) for difference in answer.differences]


def _order(order: orders_pb.Order, settle_seconds: float) -> OrderRecord:
    return OrderRecord(
        order_id=UUID(order.order_id),
        status=order.status,
        currency=order.currency,
        total_minor=order.total_minor,
        refunded_minor=order.refunded_minor,
        is_captured=order.is_captured,
        needs_attention=order.needs_attention,
        is_settled=not order.is_open and _is_old(order.changed_at_ms, settle_seconds),
        lines={
            line.line_id: LineRecord(line.quantity, line.restocked, line.kept_out, line.waiting) for line in order.lines
        },
        attempt=order.attempt or 1,
    )


def _reservation(reservation: inventory_pb.Reservation, settle_seconds: float) -> ReservationRecord:
    return ReservationRecord(
        order_id=UUID(reservation.order_id),
        is_settled=_is_old(reservation.changed_at_ms, settle_seconds),
        lines={
            line.line_id: StockRecord(line.held, line.sold, line.returned, line.waiting) for line in reservation.lines
        },
    )


def _is_old(changed_at_ms: int, settle_seconds: float) -> bool:
    return time.time() - changed_at_ms / 1000 >= settle_seconds


def _stock_difference(found: inventory_pb.StockDifference) -> Difference:
    place = f" in {found.warehouse}" if found.warehouse else ""
    return Difference(
        Kind.STOCK, f"variant {found.variant_id}{place}", found.what, str(found.expected), str(found.found)
    )
